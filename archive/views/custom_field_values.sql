-- custom_field_values: every filled custom field of every ticket, one row per value, with names.
-- Answers: what was chosen, in people's words? A multi-select gives a row per choice; empty fields give none.
create view custom_field_values as
with entries as (
    select id as ticket_id, unnest(map_entries(custom_fields::map(varchar, json))) as entry
    from tickets
    where custom_fields is not null
),
filled as (
    select
        ticket_id,
        entry.key as field_key,
        unnest(
            case
                when json_type(entry.value) = 'ARRAY' then entry.value ->> '$[*]'
                else [entry.value ->> '$']
            end
        ) as value
    from entries
    where entry.value is not null
)
select
    filled.ticket_id,
    try_cast(filled.field_key as bigint) as field_id,
    filled.field_key,
    f.title as field_title,
    f.type as field_type,
    filled.value,
    coalesce(option.name, filled.value) as value_name,
    f.id is not null as field_defined,
    f.type not in ('tagger', 'multiselect') or option.value is not null as value_defined
from filled
left join ticket_fields f on f.id = try_cast(filled.field_key as bigint)
left join (
    select field_id, value, any_value(name) as name
    from field_options
    where field_type in ('tagger', 'multiselect')
    group by field_id, value
) option on option.field_id = f.id and option.value = filled.value
where filled.value <> '';

comment on view custom_field_values is 'Every filled custom field of every ticket, one row per value, with names.';
comment on column custom_field_values.ticket_id is 'Ticket number.';
comment on column custom_field_values.field_id is 'The ticket field; NULL where the export names it by no number.';
comment on column custom_field_values.field_key is 'The field as the ticket names it.';
comment on column custom_field_values.field_title is 'Title of the field; NULL without a definition.';
comment on column custom_field_values.field_type is 'Type of the field; NULL without a definition.';
comment on column custom_field_values.value is 'The value as Zendesk stores it.';
comment on column custom_field_values.value_name is 'Name of the option that was chosen, otherwise the value.';
comment on column custom_field_values.field_defined is 'The export holds a definition of the field.';
comment on column custom_field_values.value_defined is 'The value is an option of its field, or the field has no options; NULL without a definition.';

-- field_options: every option of every drop-down and multi-select, and the tag of every checkbox.
-- Answers: what does the value in a custom field mean? Zendesk stores the value, people see the name.
create view field_options as
select
    f.id as field_id,
    f.title as field_title,
    f.type as field_type,
    option.value ->> '$.value' as value,
    option.value ->> '$.name' as name
from ticket_fields f, lateral (select unnest((f.custom_field_options -> '$[*]')::json[]) as value) option
where f.type in ('tagger', 'multiselect')
union all
select id, title, type, tag, title
from ticket_fields
where type = 'checkbox' and tag <> '';

comment on view field_options is 'Every option of every drop-down and multi-select, and the tag of every checkbox.';
comment on column field_options.field_id is 'The ticket field.';
comment on column field_options.field_title is 'Title of the field.';
comment on column field_options.field_type is 'tagger (drop-down), multiselect or checkbox.';
comment on column field_options.value is 'What tickets store; also the tag that Zendesk sets with it.';
comment on column field_options.name is 'What people see; :: separates levels.';

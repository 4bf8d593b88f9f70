-- field_history: every change of every field of a ticket, with the names behind the ids.
-- Answers: who changed what, when, and for how long did it hold? Needs an export with audits or events.
create view field_history as
with changes as (
    select
        e.*,
        e.value ->> '$' as new_text,
        e.previous_value ->> '$' as old_text,
        try_cast(e.value ->> '$' as bigint) as value_id,
        try_cast(e.field_name as bigint) as field_id
    from ticket_events e
    where e.field_name is not null
),
options as (
    select field_id, value, any_value(name) as name from field_options group by field_id, value
)
select
    c.ticket_id,
    c.id,
    c.created_at,
    lead(c.created_at) over (partition by c.ticket_id, c.field_name order by c.created_at, c.id) as until,
    c.author_id,
    author.name as author_name,
    c.field_name,
    coalesce(f.title, c.field_name) as field_title,
    c.old_text as previous_value,
    c.new_text as value,
    case
        when c.field_name in ('assignee_id', 'requester_id', 'submitter_id') then person.name
        when c.field_name = 'group_id' then groups.name
        when c.field_name = 'organization_id' then organizations.name
        when c.field_name = 'brand_id' then brands.name
        when c.field_name = 'ticket_form_id' then ticket_forms.name
        when c.field_name = 'custom_status_id' then custom_statuses.agent_label
        when f.id is not null then coalesce(options.name, c.new_text)
        else c.new_text
    end as value_name
from changes c
left join users author on author.id = c.author_id
left join ticket_fields f on f.id = c.field_id
left join options on options.field_id = c.field_id and options.value = c.new_text
left join users person on person.id = c.value_id
left join groups on groups.id = c.value_id
left join organizations on organizations.id = c.value_id
left join brands on brands.id = c.value_id
left join ticket_forms on ticket_forms.id = c.value_id
left join custom_statuses on custom_statuses.id = c.value_id;

comment on view field_history is 'Every change of every field of a ticket, with the names behind the ids. Empty without audits or events in the export.';
comment on column field_history.ticket_id is 'Ticket number.';
comment on column field_history.id is 'Id of the event.';
comment on column field_history.created_at is 'When it changed. UTC.';
comment on column field_history.until is 'When the same field changed next; NULL for what still holds. UTC.';
comment on column field_history.author_id is 'Who changed it; -1 is Zendesk itself.';
comment on column field_history.author_name is 'Name of who changed it.';
comment on column field_history.field_name is 'Name of the field; of a custom field, its id.';
comment on column field_history.field_title is 'Title of a custom field, otherwise the name.';
comment on column field_history.previous_value is 'The value before, as Zendesk stores it.';
comment on column field_history.value is 'The value after, as Zendesk stores it.';
comment on column field_history.value_name is 'The value after in words: name of the person, group, option, ...; NULL where nothing bears this id.';

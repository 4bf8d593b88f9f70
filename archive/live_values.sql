-- live_values: every value that a loaded ticket carries, by block of the mapping, with its tickets.
-- Answers: what does a mapping have to name? Values of tickets that stay in the archive need no answer.
-- Reads the temporary table loaded(id). label, kind: what a person needs beside the value to decide.
-- field: the ticket field of an option. In the blocks about people and organizations `tickets` counts those.
-- A field that nobody filled is not live; Zendesk writes null, "" and [] for empty.
with chosen as materialized (from tickets semi join loaded using (id)),
people as materialized (from users semi join (select distinct requester_id as id from chosen) using (id)),
companies as materialized (
    from organizations semi join (select distinct organization_id as id from chosen) using (id)
),
entries as materialized (
    select id, entry.key as key, entry.value as value
    from (select id, unnest(map_entries(custom_fields::map(varchar, json))) as entry from chosen)
    where entry.value is not null and entry.value::varchar not in ('null', '""', '[]', '{}')
),
with_options as (
    select id, title, custom_field_options as options from ticket_fields where type in ('tagger', 'multiselect')
),
defined as (
    select id, option.value ->> '$.value' as value, any_value(option.value ->> '$.name') as name
    from with_options, lateral (select unnest((options -> '$[*]')::json[]) as value) option
    group by all
)
select
    'statuses' as block, null as field, coalesce(status, 'unknown') as value, count(*) as tickets,
    null as label, null as kind
from chosen
group by coalesce(status, 'unknown')

union all
select 'custom_statuses', null, s.agent_label, count(*), null, any_value(coalesce(s.status_category, t.status))
from chosen t
join custom_statuses s on s.id = t.custom_status_id
where s.agent_label <> ''
group by s.agent_label

union all
select
    'agents',
    null,
    coalesce(lower(nullif(u.email, '')), 'id:' || t.assignee_id),
    count(*),
    any_value(u.name),
    any_value(case
        when u.id is null or u.placeholder then 'unknown'
        when u.role not in ('agent', 'admin') or not u.active or u.suspended then 'left'
    end)
from chosen t
left join users u on u.id = t.assignee_id
where t.assignee_id is not null
group by coalesce(lower(nullif(u.email, '')), 'id:' || t.assignee_id)

union all
select 'groups', null, coalesce(nullif(g.name, ''), 'id:' || t.group_id), count(*), null, null
from chosen t
left join groups g on g.id = t.group_id
where t.group_id is not null
group by coalesce(nullif(g.name, ''), 'id:' || t.group_id)

union all
select 'priorities', null, priority, count(*), null, null from chosen where priority <> '' group by priority

union all
select 'types', null, type, count(*), null, null from chosen where type <> '' group by type

union all
select 'brands', null, coalesce(nullif(b.name, ''), 'id:' || t.brand_id), count(*), null, null
from chosen t
left join brands b on b.id = t.brand_id
where t.brand_id is not null
group by coalesce(nullif(b.name, ''), 'id:' || t.brand_id)

union all
select 'forms', null, coalesce(nullif(f.name, ''), 'id:' || t.ticket_form_id), count(*), null, null
from chosen t
left join ticket_forms f on f.id = t.ticket_form_id
where t.ticket_form_id is not null
group by coalesce(nullif(f.name, ''), 'id:' || t.ticket_form_id)

union all
select 'channels', null, channel, count(*), null, null
from (select via ->> '$.channel' as channel from chosen)
where channel <> ''
group by channel

union all
select 'custom_fields', null, filled.key, filled.tickets, f.title, f.type
from (select key, count(*) as tickets from entries group by key) filled
left join ticket_fields f on f.id = try_cast(filled.key as bigint)

union all
select
    'options', used.field, used.value, used.tickets, defined.name,
    case when defined.value is null and exists (from defined d where d.id::varchar = used.field)
        then 'undefined' end
from (
    select e.key as field, choice.value as value, count(*) as tickets
    from entries e
    join with_options o on o.id = try_cast(e.key as bigint),
    lateral (
        select unnest(list_distinct(case
            when json_type(e.value) = 'ARRAY' then e.value ->> '$[*]'
            else [e.value ->> '$']
        end)) as value
    ) choice
    where choice.value <> ''
    group by e.key, choice.value
) used
left join defined on defined.id::varchar = used.field and defined.value = used.value

union all
select 'tags', null, tag, count(*), null, null
from (select unnest(list_distinct(tags)) as tag from chosen)
group by tag

union all
select 'user_tags', null, tag, count(*), null, null
from (select unnest(list_distinct(tags)) as tag from people)
group by tag

union all
select 'user_fields', null, filled.key, filled.people, any_value(f.title), any_value(f.type)
from (
    select entry.key as key, count(*) as people
    from (select unnest(map_entries(user_fields::map(varchar, json))) as entry from people)
    where entry.value is not null and entry.value::varchar not in ('null', '""', '[]', '{}')
    group by entry.key
) filled
left join user_fields f on f.key = filled.key
group by filled.key, filled.people

union all
select 'organization_fields', null, filled.key, filled.companies, any_value(f.title), any_value(f.type)
from (
    select entry.key as key, count(*) as companies
    from (select unnest(map_entries(organization_fields::map(varchar, json))) as entry from companies)
    where entry.value is not null and entry.value::varchar not in ('null', '""', '[]', '{}')
    group by entry.key
) filled
left join organization_fields f on f.key = filled.key
group by filled.key, filled.companies

order by block, field, tickets desc, value

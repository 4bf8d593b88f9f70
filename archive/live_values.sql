-- live_values: every value that a loaded ticket carries, by block of the mapping, with its tickets.
-- Answers: what does a mapping have to name? Values of tickets that stay in the archive need no answer.
-- Reads the temporary table loaded(id). label, kind: what a person needs beside the value to decide.
-- A field that nobody filled is not live; Zendesk writes null, "" and [] for empty.
select 'statuses' as block, coalesce(status, 'unknown') as value, count(*) as tickets, null as label, null as kind
from tickets semi join loaded using (id)
group by coalesce(status, 'unknown')

union all
select 'custom_statuses', s.agent_label, count(*), null, any_value(coalesce(s.status_category, t.status))
from (from tickets semi join loaded using (id)) t
join custom_statuses s on s.id = t.custom_status_id
where s.agent_label <> ''
group by s.agent_label

union all
select
    'agents',
    coalesce(lower(nullif(u.email, '')), 'id:' || t.assignee_id),
    count(*),
    any_value(u.name),
    any_value(case
        when u.id is null or u.placeholder then 'unknown'
        when u.role not in ('agent', 'admin') or not u.active or u.suspended then 'left'
    end)
from (from tickets semi join loaded using (id)) t
left join users u on u.id = t.assignee_id
where t.assignee_id is not null
group by coalesce(lower(nullif(u.email, '')), 'id:' || t.assignee_id)

union all
select 'groups', coalesce(nullif(g.name, ''), 'id:' || t.group_id), count(*), null, null
from (from tickets semi join loaded using (id)) t
left join groups g on g.id = t.group_id
where t.group_id is not null
group by coalesce(nullif(g.name, ''), 'id:' || t.group_id)

union all
select 'custom_fields', filled.key, filled.tickets, f.title, f.type
from (
    select entry.key as key, count(*) as tickets
    from (
        select unnest(map_entries(custom_fields::map(varchar, json))) as entry
        from tickets semi join loaded using (id)
    )
    where entry.value is not null and entry.value::varchar not in ('null', '""', '[]', '{}')
    group by entry.key
) filled
left join ticket_fields f on f.id = try_cast(filled.key as bigint)

union all
select 'tags', tag, count(*), null, null
from (select unnest(list_distinct(tags)) as tag from tickets semi join loaded using (id))
group by tag

order by block, tickets desc, value

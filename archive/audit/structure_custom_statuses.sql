-- title: Custom statuses against their category
-- group: structure
-- severity: DECIDE
-- says: {count:custom status is|custom statuses are} in use; {unknown:ticket has|tickets have} one without a definition,
--   and {differ:ticket|tickets} one of another category
-- advice: Each of the account's own statuses becomes open or closed; its name stands in an attribute
-- count: custom statuses on tickets, those that only repeat the category left out
-- unknown: tickets whose custom status has no definition in the export
-- differ: tickets whose status is not the category of their custom status; closed counts as solved
-- examples: labels, each with its category and tickets
with used as (
    select t.custom_status_id, s.id is not null as defined, s.agent_label, s.status_category, t.status, count(*) as tickets
    from tickets t
    left join custom_statuses s on s.id = t.custom_status_id
    where t.custom_status_id is not null
    group by all
),
own as (
    select
        coalesce(agent_label, 'id:' || custom_status_id) as label,
        any_value(status_category) as category,
        sum(tickets)::bigint as tickets
    from used
    where not defined or lower(agent_label) not in ('new', 'open', 'pending', 'hold', 'on-hold', 'solved', 'closed')
    group by label
),
sums as (
    select
        sum(tickets) filter (not defined) as unknown,
        sum(tickets) filter (
            replace(status, 'closed', 'solved') <> replace(status_category, 'closed', 'solved') and status <> 'deleted'
        ) as differ
    from used
)
select
    count(*) as count,
    coalesce((select unknown from sums), 0)::bigint as unknown,
    coalesce((select differ from sums), 0)::bigint as differ,
    list({'status': label, 'category': category, 'tickets': tickets} order by tickets desc, label)[:10] as examples
from own

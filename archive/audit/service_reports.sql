-- title: What reports would show the day after
-- group: service
-- severity: KNOW
-- says: {count:conversation counts|conversations count} from {first} to {last}, when they began, and {closes:close counts|closes count}
--   on the day of the load
-- advice: Leave them out of reports with the filter: imported_from is not zendesk
-- count: conversations under the default mapping
-- first: month of the first
-- last: month of the last
-- closes: conversations that are closed by the load
-- examples: months, each with its conversations
with loaded as (
    select strftime(t.created_at, '%Y-%m') as month, t.status in ('solved', 'closed') as closed
    from tickets t
    join answered on answered.ticket_id = t.id
    where answered.target <> 'archive_only'
),
months as (
    select month, count(*) as conversations, count(*) filter (closed) as closes from loaded group by month
)
select
    coalesce(sum(conversations), 0)::bigint as count,
    min(month) as first,
    max(month) as last,
    coalesce(sum(closes), 0)::bigint as closes,
    list({'month': month, 'conversations': conversations} order by conversations desc, month)[:10] as examples
from months

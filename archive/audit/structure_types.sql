-- title: Types and priorities really used
-- group: structure
-- severity: KNOW
-- says: {count:ticket has|tickets have} a type and {priorities} a priority
-- advice: They become attributes; types deserve a ticket type of their own only where people work by them
-- count: tickets with a type
-- priorities: tickets with a priority
-- examples: types and priorities, each with its tickets
with used as (
    select 'type' as kind, type as value, count(*) as tickets from tickets where type <> '' group by type
    union all
    select 'priority', priority, count(*) from tickets where priority <> '' group by priority
)
select
    coalesce(sum(tickets) filter (kind = 'type'), 0)::bigint as count,
    coalesce(sum(tickets) filter (kind = 'priority'), 0)::bigint as priorities,
    list({'kind': kind, 'value': value, 'tickets': tickets} order by kind desc, tickets desc, value)[:10] as examples
from used

-- title: Status today
-- group: inventory
-- severity: KNOW
-- says: {closed} of {count:ticket is|tickets are} closed, {solved} solved, {open} still open
-- advice: Closed tickets load first; solved and open ones belong to the delta
-- count: tickets
-- closed: tickets with status closed
-- solved: tickets with status solved
-- open: tickets with status new, open, pending or hold
-- examples: statuses, each with its tickets
with statuses as (
    select coalesce(status, 'unknown') as status, count(*) as tickets from tickets group by 1
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    coalesce(sum(tickets) filter (status = 'closed'), 0)::bigint as closed,
    coalesce(sum(tickets) filter (status = 'solved'), 0)::bigint as solved,
    coalesce(sum(tickets) filter (status in ('new', 'open', 'pending', 'hold')), 0)::bigint as open,
    list({'status': status, 'tickets': tickets} order by tickets desc, status)[:10] as examples
from statuses

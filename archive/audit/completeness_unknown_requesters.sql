-- title: Tickets whose requester has no row
-- group: completeness
-- severity: DECIDE
-- says: {count:ticket is|tickets are} by {people:requester|requesters} of whom nothing but an id is known
-- advice: Export users too; a ticket without a known requester stays in the archive
-- count: tickets
-- people: different requesters
-- examples: user ids, most tickets first
with unknown as (
    select requester_id, count(*) as tickets
    from ticket_overview
    where requester_placeholder
    group by requester_id
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    count(*) as people,
    (list(requester_id order by tickets desc, requester_id) filter (requester_id is not null))[:10] as examples
from unknown

-- Links from and to tickets. $ids: ticket ids. `outward`: the ticket is the one the link starts from.
with wanted as (
    select unnest($ids::bigint[]) as id
)
select wanted.id as ticket_id, l.type, true as outward, l.linked_ticket_id as other, l.linked_id
from ticket_links l
join wanted on wanted.id = l.ticket_id
union
select wanted.id, l.type, false, l.ticket_id, null
from ticket_links l
join wanted on wanted.id = l.linked_ticket_id
order by all;

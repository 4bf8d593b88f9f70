-- Tickets that were merged into others, also by way of a third one. $ids: ticket ids they ended in.
with recursive ended as (
    select linked_ticket_id as ticket_id, ticket_id as other
    from ticket_links
    where type = 'merged' and linked_ticket_id in (select unnest($ids::bigint[]))
    union -- not all: links may lead in a circle
    select ended.ticket_id, l.ticket_id
    from ended
    join ticket_links as l on l.type = 'merged' and l.linked_ticket_id = ended.other
)
select ticket_id, other
from ended
where other <> ticket_id
order by ticket_id, other;

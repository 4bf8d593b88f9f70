-- title: Links to tickets that are not in the export
-- group: conversations
-- severity: KNOW
-- says: {count:link leads|links lead} to tickets that are not in the export
-- advice: The other end was deleted or not exported; the link stands in the transcript as a number only
-- count: merge, follow-up and problem links with an end that is absent
-- examples: links as kind, ticket and ticket
select
    count(*) as count,
    list({'kind': l.type, 'ticket': l.ticket_id, 'to': l.linked_ticket_id} order by l.ticket_id, l.type)[:10] as examples
from ticket_links l
left join tickets a on a.id = l.ticket_id
left join tickets b on b.id = l.linked_ticket_id
where l.linked_ticket_id is not null and (a.id is null or b.id is null)

-- title: Public comments by third parties
-- group: conversations
-- severity: DECIDE
-- says: {count:public comment is|public comments are} neither by the requester nor by staff, in {tickets:ticket|tickets}
-- advice: People in copy can't speak for themselves in Intercom; their words stand in the note with their name
-- count: such comments
-- tickets: tickets that hold one
-- examples: ticket numbers
select
    count(*) as count,
    count(distinct c.ticket_id) as tickets,
    list(distinct c.ticket_id order by c.ticket_id)[:10] as examples
from comments c
join tickets t on t.id = c.ticket_id
where c.public and c.author_id > 0 and c.author_id is distinct from t.requester_id
    and c.author_id not in (select user_id from staff)

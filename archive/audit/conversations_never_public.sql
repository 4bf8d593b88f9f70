-- title: Tickets that no customer ever saw
-- group: conversations
-- severity: DECIDE
-- says: {count:ticket was|tickets were} never visible to a customer
-- advice: Keep them in the archive, which is the default, or make them back-office tickets; never a conversation
-- count: tickets with comments, none of them public
-- examples: ticket numbers
select count(*) as count, list(id order by id)[:10] as examples
from ticket_overview
where comments > 0 and public_comments = 0

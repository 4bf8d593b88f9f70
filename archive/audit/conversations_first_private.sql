-- title: Tickets that begin with an internal comment
-- group: conversations
-- severity: KNOW
-- says: {count:ticket begins|tickets begin} with an internal comment and {count:was|were} public later
-- advice: The conversation begins with a neutral line, and the internal text stands in a note
-- count: tickets whose first comment is private while a later one is public
-- examples: ticket numbers
select count(*) as count, list(id order by id)[:10] as examples
from ticket_overview
where comments > 0 and not first_comment_public and public_comments > 0

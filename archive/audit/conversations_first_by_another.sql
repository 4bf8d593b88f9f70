-- title: Tickets that begin with somebody else's words
-- group: conversations
-- severity: KNOW
-- says: {count:ticket begins|tickets begin} with a public comment that is not the requester's
-- advice: Nobody is misquoted: the conversation begins with a neutral line, and the words stand in the note
-- count: tickets whose first comment is public and by somebody other than the requester
-- examples: ticket numbers
select count(*) as count, list(id order by id)[:10] as examples
from ticket_overview
where first_comment_public and not first_comment_by_requester

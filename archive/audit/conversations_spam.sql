-- title: Spam
-- group: conversations
-- severity: KNOW
-- says: {count:ticket looks|tickets look} like spam; {held:mail|mails} were held back by Zendesk
-- advice: Leave them in the archive by a rule; mails that were held back never became tickets
-- count: tickets of suspended requesters or with a spam tag
-- held: suspended tickets
-- examples: ticket numbers
select
    count(*) as count,
    (select count(*) from suspended_tickets) as held,
    list(id order by id)[:10] as examples
from ticket_overview
where requester_suspended or list_contains(tags, 'spam')

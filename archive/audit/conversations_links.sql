-- title: Merged, follow-up and problem tickets
-- group: conversations
-- severity: KNOW
-- says: {merged:ticket was|tickets were} merged into others, {follow_ups:follows|follow} a closed one, {incidents:belongs|belong} to a problem
-- advice: Merged ones stay in the archive by default, their words stand in the other ticket; links stand in transcripts
-- count: links
-- merged: tickets merged into another one
-- follow_ups: follow-up tickets
-- incidents: incidents of a problem
-- examples: links as kind, ticket and ticket
select
    count(*) as count,
    count(distinct ticket_id) filter (type = 'merged') as merged,
    count(distinct ticket_id) filter (type = 'follow_up') as follow_ups,
    count(distinct ticket_id) filter (type = 'problem') as incidents,
    list({'kind': type, 'ticket': ticket_id, 'to': linked_ticket_id} order by ticket_id, type)[:10] as examples
from ticket_links
where linked_ticket_id is not null

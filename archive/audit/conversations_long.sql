-- title: Conversations of more parts than can be read back
-- group: conversations
-- severity: DECIDE
-- says: {count:ticket has|tickets have} more comments than Intercom shows of one conversation; the longest has {longest}
-- advice: Load these as one note; message by message the oldest would be out of sight
-- count: tickets with more comments than the limit for parts
-- longest: comments of the longest ticket
-- examples: ticket numbers, the longest first
select
    count(*) filter (comments > bound.value) as count,
    coalesce(max(comments), 0) as longest,
    (list(id order by comments desc, id) filter (comments > bound.value))[:10] as examples
from ticket_overview, (select value from limits where name = 'parts') bound
-- plot: bar
-- title: Tickets by number of comments
-- x: comments
-- y: tickets
select least(comments, 30) as comments, count(*) as tickets
from ticket_overview
group by least(comments, 30)
order by comments

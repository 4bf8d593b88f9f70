-- title: Texts over the limit of one note
-- group: conversations
-- severity: KNOW
-- says: {count:ticket has|tickets have} more text than one note takes; the longest has {longest} characters
-- advice: Nothing is cut: the transcript is split into several notes, a call each
-- count: tickets whose comments together are longer than the limit of a note
-- longest: characters of the longest ticket
-- examples: ticket numbers, the longest first
with texts as (
    select ticket_id, sum(length(coalesce(plain_body, body)))::bigint as characters
    from comments
    group by ticket_id
)
select
    count(*) filter (characters > bound.value) as count,
    coalesce(max(characters), 0) as longest,
    (list(ticket_id order by characters desc, ticket_id) filter (characters > bound.value))[:10] as examples
from texts, (select value from limits where name = 'note') bound

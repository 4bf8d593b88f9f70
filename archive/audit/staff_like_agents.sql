-- title: End-users who behave like agents
-- group: staff
-- severity: DECIDE
-- says: {count:end-user answers|end-users answer} in tickets of many others ({replies} public replies)
-- advice: If they work for you, put their domain under staff; if they are customers' colleagues, leave them
-- count: end-users, not staff, who wrote public comments in tickets of at least 3 other requesters
-- replies: these comments
-- examples: addresses, user ids without one, most other requesters first
with answering as (
    select
        c.author_id,
        count(*) as replies,
        count(distinct t.requester_id) as requesters
    from comments c
    join tickets t on t.id = c.ticket_id
    where c.public and c.author_id <> t.requester_id
        and c.author_id > 0 and c.author_id not in (select user_id from staff)
    group by c.author_id
    having count(distinct t.requester_id) >= 3
)
select
    count(*) as count,
    coalesce(sum(replies), 0)::bigint as replies,
    list(coalesce(nullif(u.email, ''), author_id::varchar) order by requesters desc, author_id)[:10] as examples
from answering
left join users u on u.id = author_id

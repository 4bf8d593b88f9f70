-- With whom and in which second each conversation begins. $now: the snapshot's second; nothing begins close to
-- it or later, so that notes and messages have room before it. Reads contact_of.
-- The conversations of one contact are moved on until no two begin in one second: each takes its own second or
-- the one after its predecessor's, whichever is later, which is rank + max(second - rank).
create or replace temp table conversation_starts as
with dated as (
    select
        t.id as ticket_id, p.contact,
        least(
            greatest(floor(epoch(coalesce(t.created_at, c.first_at)))::bigint, 1),
            $now::bigint - 600 - coalesce(c.said, 0)
        ) as second
    from tickets as t
    join contact_of as p on p.user_id = t.requester_id
    left join (select ticket_id, min(created_at) as first_at, count(*) as said from comments group by ticket_id) as c
        on c.ticket_id = t.id
    where coalesce(t.created_at, c.first_at) is not null
),
ranked as (
    select ticket_id, contact, second,
        row_number() over (partition by contact order by second, ticket_id) as rank
    from dated
)
select ticket_id, contact,
    rank + max(second - rank) over (
        partition by contact order by rank rows between unbounded preceding and current row
    ) as created_at
from ranked

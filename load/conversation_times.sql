-- The second each conversation begins, made unique for its requester by moving later ones on: each takes its
-- own second or the one after its predecessor's, whichever is later, which is rank + max(second - rank).
-- Requesters who become one contact (same product id, else same e-mail) count as one. $now: the snapshot's
-- second; nothing begins close to it or later, so that notes have room before it.
create or replace temp table conversation_times as
with dated as (
    select
        t.id as ticket_id,
        coalesce(nullif(trim(u.external_id), ''), nullif(lower(trim(u.email)), ''), t.requester_id::varchar)
            as person,
        least(greatest(floor(epoch(coalesce(t.created_at, c.first_at)))::bigint, 1), $now::bigint - 600)
            as second
    from tickets as t
    left join users as u on u.id = t.requester_id
    left join (select ticket_id, min(created_at) as first_at from comments group by ticket_id) as c
        on c.ticket_id = t.id
    where coalesce(t.created_at, c.first_at) is not null
),
ranked as (
    select ticket_id, person, second,
        row_number() over (partition by person order by second, ticket_id) as rank
    from dated
)
select ticket_id,
    rank + max(second - rank) over (
        partition by person order by rank rows between unbounded preceding and current row
    ) as created_at
from ranked

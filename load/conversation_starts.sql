-- With whom and in which second each conversation begins. $now: the snapshot's second; nothing begins close to
-- it or later, so that notes have room before it.
-- Requesters of one e-mail or one product id would be refused as one contact, so they share one: the first of
-- them who is neither suspended nor deleted, rather one with a product id. Its conversations are moved on until
-- no two begin in one second: each takes its own second or the one after its predecessor's, whichever is later,
-- which is rank + max(second - rank).
create or replace temp table conversation_starts as
with requesters as (
    select
        asked.requester_id as id,
        if(is_email(u.email), lower(trim(u.email)), null) as email,
        nullif(trim(u.external_id), '') as external_id,
        coalesce(u.suspended, false) or not coalesce(u.active, true) as gone
    from (select distinct requester_id from tickets where requester_id is not null) as asked
    left join users as u on u.id = asked.requester_id
),
by_email as (
    select *, if(email is null, id, min(id) over (partition by email)) as same_email from requesters
),
by_product_id as (
    select *, if(external_id is null, same_email, min(same_email) over (partition by external_id)) as same
    from by_email
),
persons as (
    select id, gone, external_id, if(email is null, same, min(same) over (partition by email)) as person
    from by_product_id
),
contacts as (
    select id, person,
        first_value(id) over (partition by person order by gone, external_id is null, id)::varchar as contact
    from persons
),
dated as (
    select
        t.id as ticket_id, p.person, p.contact,
        least(greatest(floor(epoch(coalesce(t.created_at, c.first_at)))::bigint, 1), $now::bigint - 600)
            as second
    from tickets as t
    join contacts as p on p.id = t.requester_id
    left join (select ticket_id, min(created_at) as first_at from comments group by ticket_id) as c
        on c.ticket_id = t.id
    where coalesce(t.created_at, c.first_at) is not null
),
ranked as (
    select ticket_id, person, contact, second,
        row_number() over (partition by person order by second, ticket_id) as rank
    from dated
)
select ticket_id, contact,
    rank + max(second - rank) over (
        partition by person order by rank rows between unbounded preceding and current row
    ) as created_at
from ranked

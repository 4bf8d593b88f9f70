-- title: One person under several users
-- group: people
-- severity: DECIDE
-- says: {count:e-mail or product id belongs|e-mails and product ids belong} to several users each, {users} in all
-- advice: They become one contact; look whether they really are one person
-- count: e-mails (identities too) and product ids that several users share
-- users: users who share one
-- examples: user ids that belong together
with addresses as (
    select id as user_id, 'e ' || lower(trim(email)) as address from users where is_email(email)
    union
    select user_id, 'e ' || lower(trim(value)) from identities where type = 'email' and is_email(value)
    union
    select id, 'x ' || trim(external_id) from users where trim(external_id) <> ''
),
shared as (
    select address, list(user_id order by user_id) as people
    from addresses
    where user_id is not null
    group by address
    having count(distinct user_id) > 1
)
select
    count(*) as count,
    (select count(distinct person) from (select unnest(people) as person from shared)) as users,
    list(array_to_string(people[:5], ', ') order by len(people) desc, people[1])[:10] as examples
from shared

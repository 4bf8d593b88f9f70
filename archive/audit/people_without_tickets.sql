-- title: Users who never had a ticket
-- group: people
-- severity: KNOW
-- says: {count} of {users:user|users} never asked anything
-- advice: Only requesters of loaded tickets become contacts; these stay in the archive
-- count: end-users who are no requester of any ticket
-- users: end-users
-- examples: user ids
with end_users as (
    select u.id, t.requester_id is not null as asked
    from users u
    left join (select distinct requester_id from tickets) t on t.requester_id = u.id
    where coalesce(u.role, 'end-user') = 'end-user' and u.placeholder is distinct from true
        and u.id not in (select user_id from staff)
)
select
    count(*) filter (not asked) as count,
    count(*) as users,
    (list(id order by id) filter (not asked))[:10] as examples
from end_users

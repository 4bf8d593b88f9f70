-- title: Former agents who are end-users now
-- group: staff
-- severity: STOP
-- says: {count:author looks like a former agent but is an end-user|authors look like former agents but are end-users}
--   now ({replies} public replies)
-- advice: Make sure that they count as staff, else their replies would stand as a customer's words; the table
--   staff says what gives each of them away
-- count: people who are end-users today, count as staff by what they did, and wrote public replies
-- replies: public comments of theirs
-- examples: names and addresses, most public replies first
select
    count(*) as count,
    coalesce(sum(public_comments), 0)::bigint as replies,
    list(coalesce(email, name, user_id::varchar) order by public_comments desc, user_id)[:10] as examples
from agent_activity
where role = 'end-user' and public_comments > 0

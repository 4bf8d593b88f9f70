-- title: Agents who left
-- group: staff
-- severity: DECIDE
-- says: {count:agent|agents} left, with {tickets:ticket|tickets} and {replies:public reply|public replies}
-- advice: Nobody who left can write in Intercom: name a migration admin, and whom their open tickets go to
-- count: staff who are no agent or admin today: end-users, deleted, suspended, or without a row
-- tickets: tickets assigned to them
-- replies: public comments of theirs
-- open: open tickets assigned to them
-- examples: names and addresses, most tickets first
select
    count(*) as count,
    coalesce(sum(tickets_assigned), 0)::bigint as tickets,
    coalesce(sum(public_comments), 0)::bigint as replies,
    coalesce(sum(tickets_open), 0)::bigint as open,
    list(coalesce(email, name, user_id::varchar) order by tickets_assigned desc, public_comments desc, user_id)[:10]
        as examples
from agent_activity
where has_left and user_id > 0 and (tickets_assigned > 0 or public_comments + private_comments > 0)

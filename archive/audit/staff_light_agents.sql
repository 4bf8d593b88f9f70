-- title: Light agents with public replies
-- group: staff
-- severity: KNOW
-- says: {count:light agent has|light agents have} {replies:public reply|public replies}
-- advice: A light agent can only write notes; he had a full seat once, and may need one again
-- count: light agents (role_type 1, or only private comments allowed) with public comments
-- replies: these comments
-- examples: addresses, user ids without one, most replies first
select
    count(*) as count,
    coalesce(sum(a.public_comments), 0)::bigint as replies,
    list(coalesce(a.email, a.user_id::varchar) order by a.public_comments desc, a.user_id)[:10] as examples
from agent_activity a
join users u on u.id = a.user_id
where a.public_comments > 0 and u.role = 'agent' and (u.role_type = 1 or u.only_private_comments)

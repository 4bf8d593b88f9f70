-- title: Staff whose admin has no seat
-- group: staff
-- severity: DECIDE
-- says: {count:person has|people have} an admin in the workspace, but no seat
-- advice: An admin without a seat can be assigned nothing and write nothing; give seats or map others
-- count: agents and admins of today with tickets, whose admin of the same e-mail has no seat; needs --workspace-file
-- examples: addresses, most tickets first
select
    count(*) as count,
    list(a.email order by a.tickets_assigned desc, a.user_id)[:10] as examples
from agent_activity a
where not a.has_left and a.tickets_assigned > 0
    and lower(trim(a.email)) in (select email from admins group by email having not bool_or(seat))

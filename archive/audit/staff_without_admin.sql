-- title: Staff without an admin in the target
-- group: staff
-- severity: DECIDE
-- says: {count:person|people} at work today {note}
-- advice: Invite them to the workspace before the move, or map their tickets to somebody else
-- count: agents and admins of today with tickets, whose e-mail no admin of the workspace has; all of them
--   without --workspace-file, and then it is only to know
-- note: what is known of the workspace
-- examples: addresses, most tickets first
select
    count(*) as count,
    case when any_value(asked.workspace) then 'DECIDE' else 'KNOW' end as severity,
    case
        when any_value(asked.workspace) then 'have no admin in the workspace'
        else 'need an admin in the workspace; --workspace-file tells who has one'
    end as note,
    list(coalesce(a.email, a.user_id::varchar) order by a.tickets_assigned desc, a.user_id)[:10] as examples
from agent_activity a, asked
where not a.has_left and a.tickets_assigned > 0
    and lower(trim(coalesce(a.email, ''))) not in (select email from admins)

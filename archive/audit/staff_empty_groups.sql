-- title: Groups without members
-- group: staff
-- severity: KNOW
-- says: {count:group has|groups have} no members, {tickets:ticket|tickets} are with {count:it|them}
-- advice: Map them to a team that somebody reads, or to an attribute
-- count: groups that nobody at work today belongs to, by memberships, or by assignees where the export has none
-- tickets: tickets with these groups
-- examples: names, most tickets first
with members as (
    select m.group_id, m.user_id from group_memberships m
    union
    select t.group_id, t.assignee_id
    from tickets t
    where t.assignee_id is not null and (select count(*) from group_memberships) = 0
),
filled as (
    select distinct group_id
    from members
    join agent_activity a on a.user_id = members.user_id
    where not a.has_left
),
counted as (
    select group_id, count(*) as tickets from tickets group by group_id
)
select
    count(*) as count,
    coalesce(sum(counted.tickets), 0)::bigint as tickets,
    list(coalesce(g.name, 'id:' || g.id) order by coalesce(counted.tickets, 0) desc, g.id)[:10] as examples
from groups g
left join counted on counted.group_id = g.id
where g.deleted is distinct from true and g.id not in (select group_id from filled where group_id is not null)

-- title: Volume by group
-- group: inventory
-- severity: KNOW
-- says: {groups:group|groups}; most tickets are with {largest}
-- advice: Each group becomes a team, or an attribute
-- count: tickets with a group
-- groups: different groups
-- largest: the group with most tickets
-- examples: groups, each with its tickets
with groups_used as (
    select coalesce(g.name, 'id:' || t.group_id) as name, count(*) as tickets
    from tickets t
    left join groups g on g.id = t.group_id
    where t.group_id is not null
    group by coalesce(g.name, 'id:' || t.group_id)
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    count(*) as groups,
    arg_max(name, tickets) as largest,
    list({'group': name, 'tickets': tickets} order by tickets desc, name)[:10] as examples
from groups_used

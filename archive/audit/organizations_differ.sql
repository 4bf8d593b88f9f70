-- title: Tickets with another organization than their requester's
-- group: organizations
-- severity: KNOW
-- says: {count:ticket belongs|tickets belong} to another organization than the requester today
-- advice: The ticket keeps its own; as an attribute both can stand
-- count: tickets whose organization is none of the requester's
-- examples: ticket numbers
select count(*) as count, list(t.id order by t.id)[:10] as examples
from tickets t
join users u on u.id = t.requester_id
left join organization_memberships m on m.user_id = u.id and m.organization_id = t.organization_id
where t.organization_id is not null and u.organization_id is distinct from t.organization_id
    and u.placeholder is distinct from true and m.id is null

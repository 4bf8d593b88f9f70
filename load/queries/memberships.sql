-- The companies of contacts, first the one that new tickets are filed under. $ids: contacts. Reads contact_of
-- and company_of.
with members as (
    select user_id, organization_id, coalesce("default", false) as preferred from organization_memberships
    union all
    select id, organization_id, false from users where organization_id is not null
)
select c.contact, o.company, bool_or(m.preferred) as preferred
from contact_of as c
join members as m on m.user_id = c.user_id
join company_of as o on o.organization_id = m.organization_id
where c.contact in (select unnest($ids::bigint[])::varchar)
    and (c.asked or c.user_id::varchar = c.contact)
group by c.contact, o.company
order by c.contact::bigint, preferred desc, o.company::bigint;

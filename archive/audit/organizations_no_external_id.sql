-- title: Organizations without a product id
-- group: organizations
-- severity: DECIDE
-- says: {count} of {organizations:organization has|organizations have} no product id (external_id)
-- advice: A company in Intercom is recognised by its id: give ids, or keep the name as an attribute
-- count: organizations without external_id
-- organizations: organizations, deleted ones left out
-- examples: names
select
    count(*) filter (coalesce(trim(external_id), '') = '') as count,
    count(*) as organizations,
    (list(coalesce(name, 'id:' || id) order by id) filter (coalesce(trim(external_id), '') = ''))[:10] as examples
from organizations
where deleted_at is null

-- title: People in several organizations
-- group: organizations
-- severity: KNOW
-- says: {count:person is|people are} in several organizations
-- advice: A contact can be in several companies; its conversations are with one at most
-- count: users with memberships in more than one organization
-- examples: user ids, most organizations first
with several as (
    select user_id, count(distinct organization_id) as organizations
    from organization_memberships
    group by user_id
    having count(distinct organization_id) > 1
)
select count(*) as count, list(user_id order by organizations desc, user_id)[:10] as examples
from several

-- title: Requesters without a product id
-- group: people
-- severity: DECIDE
-- says: {count} of {requesters:requester|requesters} carry no product id (external_id)
-- advice: Without one they are matched by e-mail; give ids in a file if the product has them, never invent any
-- count: requesters without external_id, staff and erased people left out
-- requesters: requesters, staff and erased people left out
-- examples: user ids, most tickets first
select
    count(*) filter (external_id is null) as count,
    count(*) as requesters,
    (list(user_id order by tickets desc, user_id) filter (external_id is null))[:10] as examples
from requester_history
where not is_staff and not is_erased and not is_placeholder

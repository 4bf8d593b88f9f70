-- title: Requesters who were deleted for good
-- group: people
-- severity: KNOW
-- says: {count:person was|people were} deleted for good and {count:owns|own} {tickets:ticket|tickets}
-- advice: They must not come back: the default rules keep these tickets in the archive
-- count: erased requesters
-- tickets: their tickets
-- examples: user ids, most tickets first
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list(user_id order by tickets desc, user_id)[:10] as examples
from requester_history
where is_erased

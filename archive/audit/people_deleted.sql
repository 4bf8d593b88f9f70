-- title: Deleted requesters
-- group: people
-- severity: DECIDE
-- says: {count:deleted user owns|deleted users own} {tickets:ticket|tickets}
-- advice: Name and address may be left; load their tickets, or leave them in the archive by a rule on requester_deleted
-- count: requesters with active = false who were not deleted for good
-- tickets: their tickets
-- examples: user ids, most tickets first
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list(user_id order by tickets desc, user_id)[:10] as examples
from requester_history
where is_deleted and not is_erased

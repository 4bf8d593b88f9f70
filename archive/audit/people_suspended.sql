-- title: Suspended requesters
-- group: people
-- severity: KNOW
-- says: {count:suspended user owns|suspended users own} {tickets:ticket|tickets}
-- advice: Mostly spam; the default rules keep these tickets in the archive
-- count: suspended requesters
-- tickets: their tickets
-- examples: user ids, most tickets first
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list(user_id order by tickets desc, user_id)[:10] as examples
from requester_history
where is_suspended

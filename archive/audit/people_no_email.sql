-- title: Requesters without an e-mail
-- group: people
-- severity: KNOW
-- says: {count:requester has|requesters have} no e-mail that one could write to, with {tickets:ticket|tickets}
-- advice: People of phone and chat; they are found again by product id or an id of ours only
-- count: requesters without a valid e-mail, erased people left out
-- tickets: their tickets
-- examples: user ids, most tickets first
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list(user_id order by tickets desc, user_id)[:10] as examples
from requester_history
where not is_email(email) and not is_erased and not is_placeholder

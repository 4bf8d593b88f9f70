-- title: Requesters with neither e-mail nor phone
-- group: people
-- severity: DECIDE
-- says: {count:requester has|requesters have} neither e-mail nor phone; {lonely} of them no product id either
-- advice: Choose people.without_email: an id of ours (zendesk:ID), or archive only for their tickets
-- count: requesters without a valid e-mail and without a phone, erased people left out
-- lonely: of these, also without external_id
-- tickets: their tickets
-- examples: user ids, most tickets first
select
    count(*) as count,
    count(*) filter (external_id is null) as lonely,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list(user_id order by tickets desc, user_id)[:10] as examples
from requester_history
where not is_email(email) and phone is null and not is_erased and not is_placeholder

-- title: Shared mailboxes and no-reply addresses
-- group: people
-- severity: DECIDE
-- says: {count:requester is a mailbox|requesters are mailboxes} rather than people, with {tickets:ticket|tickets}
-- advice: Nobody reads a no-reply address; leave such tickets in the archive, or keep the mailbox as one contact
-- count: requesters whose address begins with no-reply, info, support, billing, ...
-- tickets: their tickets
-- examples: addresses, most tickets first
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list(email order by tickets desc, email)[:10] as examples
from requester_history
where is_mailbox(email)

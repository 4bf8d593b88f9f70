-- People in copy of tickets who may take part in what these become, each contact once. $ids: ticket ids.
-- Reads contact_of and conversation_starts. Not: staff, shared mailboxes, whoever has no e-mail, is suspended or
-- deleted, and the requester himself.
with copied as (
    select
        id as ticket_id,
        unnest(list_distinct(list_concat(coalesce(email_cc_ids, []), coalesce(collaborator_ids, [])))) as user_id
    from tickets
    where id in (select unnest($ids::bigint[]))
)
select c.ticket_id, min(c.user_id) as user_id, p.contact, min(lower(split_part(trim(u.email), '@', 2))) as domain
from copied as c
join users as u on u.id = c.user_id
join contact_of as p on p.user_id = c.user_id
join conversation_starts as s on s.ticket_id = c.ticket_id
where is_email(u.email)
    and not is_mailbox(u.email)
    and not p.gone
    and p.contact <> s.contact
    and c.user_id not in (select user_id from staff)
group by c.ticket_id, p.contact
order by c.ticket_id, min(c.user_id);

-- What a contact is made of: a row for each user it stands for, the one it is known by first. $ids: contacts.
-- An e-mail that is no address is none: Intercom would refuse the contact. Reads contact_of.
select
    c.contact,
    u.id,
    u.name,
    if(is_email(u.email), trim(u.email), null) as email,
    u.email as email_as_typed,
    u.phone,
    coalesce(u.shared_phone_number, false) or c.phone_shared as phone_shared,
    c.external_id,
    u.created_at,
    u.last_login_at,
    coalesce(u.tags, []) as tags,
    u.user_fields,
    c.gone
from contact_of as c
join users as u on u.id = c.user_id
where c.contact in (select unnest($ids::bigint[])::varchar)
    and (c.asked or c.user_id::varchar = c.contact)
order by c.contact::bigint, c.rank;

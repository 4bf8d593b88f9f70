-- What a contact is made of. $ids: user ids; those without a row are left out. An e-mail that is no address is
-- none: Intercom would refuse the contact.
select id, name, if(is_email(email), email, null) as email, email as email_as_typed, phone, external_id, created_at
from users
where id in (select unnest($ids::bigint[]))
order by id;

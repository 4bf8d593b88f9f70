-- What a contact is made of. $ids: user ids; those without a row are left out.
select id, name, email, phone, external_id, created_at
from users
where id in (select unnest($ids::bigint[]))
order by id;

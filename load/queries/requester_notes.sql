-- What staff wrote about the users a contact stands for. $ids: contacts. Reads contact_of.
select c.contact, u.id, coalesce(u.name, '') as name, coalesce(u.updated_at, u.created_at) as changed_at,
    coalesce(trim(u.notes), '') as notes, coalesce(trim(u.details), '') as details
from contact_of as c
join users as u on u.id = c.user_id
where c.contact in (select unnest($ids::bigint[])::varchar)
    and (c.asked or c.user_id::varchar = c.contact)
    and (trim(u.notes) <> '' or trim(u.details) <> '')
order by c.contact::bigint, c.rank;

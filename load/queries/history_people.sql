-- Names and addresses of people. $ids: user ids; some may have no row.
select
    wanted.id,
    users.name,
    users.email,
    staff.user_id is not null as staff
from (select distinct unnest($ids::bigint[]) as id) wanted
left join users on users.id = wanted.id
left join staff on staff.user_id = wanted.id;

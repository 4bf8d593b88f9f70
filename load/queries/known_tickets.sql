-- Which of these tickets the archive has. $ids: ticket ids.
select id from tickets where id in (select unnest($ids::bigint[])) order by id;

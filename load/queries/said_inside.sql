-- What customers must not see, and what they may, of tickets: comments and names of files. $ids: ticket ids.
-- A comment of unknown visibility is private in the dataset already.
select ticket_id, public, body, html_body, plain_body, null as file_name
from comments
where ticket_id in (select unnest($ids::bigint[]))
union all
select a.ticket_id, coalesce(c.public, false), null, null, null, a.file_name
from attachments as a
left join comments as c on c.ticket_id = a.ticket_id and c.id = a.comment_id
where a.ticket_id in (select unnest($ids::bigint[]));

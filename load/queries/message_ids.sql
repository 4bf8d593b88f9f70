-- The Message-IDs of the e-mails of tickets, in the order of the comments. $ids: ticket ids.
-- Zendesk notes them of mails that came in, and of few that went out; a CSV or XML export knows none.
select
    ticket_id,
    metadata ->> '$.system.message_id' as message_id
from comments
where ticket_id in (select unnest($ids::bigint[]))
    and trim(coalesce(metadata ->> '$.system.message_id', '')) <> ''
order by ticket_id, position, id;

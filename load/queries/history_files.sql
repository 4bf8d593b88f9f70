-- Files named in comments of tickets. $ids: ticket ids.
select
    ticket_id,
    comment_id,
    id,
    coalesce(nullif(trim(file_name), ''), 'file ' || id) as name,
    size,
    content_type,
    coalesce(inline, false) as inline,
    coalesce(deleted, false) as deleted,
    malware_scan_result = 'malware_found' and malware_access_override is distinct from true as malware,
    sha256
from attachments
where ticket_id in (select unnest($ids::bigint[]))
order by ticket_id, id;

-- Files of tickets, with why their bytes can't be sent. $ids: ticket ids.
select
    a.ticket_id,
    a.id,
    coalesce(nullif(trim(a.file_name), ''), 'file ' || a.id) as name,
    a.size,
    a.content_type,
    a.sha256,
    c.public,
    coalesce(a.content_url, a.mapped_content_url) as url,
    case
        when coalesce(a.deleted, false) then 'deleted in Zendesk (redacted)'
        when a.malware_scan_result = 'malware_found' and a.malware_access_override is distinct from true
            then 'malware found'
        when a.sha256 is not null then null
        when coalesce(a.content_url, a.mapped_content_url, '') <> '' then 'the export has only a link'
        else 'the export has neither bytes nor link'
    end as reason
from attachments as a
left join comments as c on c.ticket_id = a.ticket_id and c.id = a.comment_id
where a.ticket_id in (select unnest($ids::bigint[]))
order by a.ticket_id, a.id;

-- attachment_status: every file that a comment names, and whether it can still be had.
-- Answers: which files are here, which die with the Zendesk account, which must never be sent?
create view attachment_status as
select
    a.ticket_id,
    a.comment_id,
    a.id,
    a.file_name,
    a.content_type,
    a.size,
    case
        when coalesce(a.deleted, false) then 'deleted'
        when a.malware_scan_result = 'malware_found' then 'malware'
        when a.sha256 is not null then 'here'
        when coalesce(a.content_url, a.mapped_content_url, '') <> '' then 'link only'
        else 'dead'
    end as status,
    coalesce(a.inline, false) as inline,
    coalesce(a.size > (select value from limits where name = 'file_bytes'), false) as over_limit,
    coalesce(a.malware_scan_result = 'malware_found' and a.malware_access_override, false) as malware_allowed,
    c.public,
    coalesce(a.content_url, a.mapped_content_url) as url,
    a.sha256
from attachments a
left join comments c on c.ticket_id = a.ticket_id and c.id = a.comment_id;

comment on view attachment_status is 'Every file that a comment names, and whether it can still be had.';
comment on column attachment_status.ticket_id is 'Ticket number.';
comment on column attachment_status.comment_id is 'The comment that names it.';
comment on column attachment_status.id is 'Id of the file.';
comment on column attachment_status.file_name is 'Name of the file.';
comment on column attachment_status.content_type is 'Type, as Zendesk says.';
comment on column attachment_status.size is 'Bytes, as Zendesk says.';
comment on column attachment_status.status is 'here: its bytes came with the export; link only: dies with the Zendesk account; deleted or redacted in Zendesk; malware: found by Zendesk''s scan; dead: neither bytes nor link.';
comment on column attachment_status.inline is 'Shown inside the text.';
comment on column attachment_status.over_limit is 'Larger than the target takes (limits, file_bytes).';
comment on column attachment_status.malware_allowed is 'An admin allowed it although malware was found.';
comment on column attachment_status.public is 'The customer could see it; NULL where its comment is not in the export.';
comment on column attachment_status.url is 'The link; it may carry a token: not to be shown.';
comment on column attachment_status.sha256 is 'Name of the bytes under files/, when they are here.';

-- title: Files that are gone
-- group: files
-- severity: KNOW
-- says: {count:file is|files are} gone: {deleted} deleted or redacted in Zendesk, the rest without any link
-- advice: Transcripts name them as absent; nothing can bring them back
-- count: deleted files, and files with neither bytes nor link
-- deleted: deleted or redacted in Zendesk
-- examples: ticket numbers
select
    count(*) as count,
    count(*) filter (status = 'deleted') as deleted,
    list(distinct ticket_id order by ticket_id)[:10] as examples
from attachment_status
where status in ('deleted', 'dead')

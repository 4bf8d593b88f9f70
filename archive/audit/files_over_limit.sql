-- title: Files larger than the target takes
-- group: files
-- severity: DECIDE
-- says: {count:file is|files are} larger than Intercom takes; the largest has {largest} bytes
-- advice: Keep them in the archive, or put them where a link can lead
-- count: files over the limit of bytes
-- largest: bytes of the largest file
-- examples: ticket numbers, the largest file first
select
    count(*) filter (over_limit) as count,
    coalesce(max(size), 0) as largest,
    (list(ticket_id order by size desc, id) filter (over_limit))[:10] as examples
from attachment_status

-- title: Files whose bytes are here
-- group: files
-- severity: KNOW
-- says: the bytes of {count:file|files} ({bytes} bytes) came with the export
-- advice: They can be sent with the history
-- count: files with bytes
-- bytes: their size
-- examples: file names, the largest first
select
    count(*) as count,
    coalesce(sum(size), 0)::bigint as bytes,
    list(file_name order by size desc nulls last, id)[:10] as examples
from attachment_status
where status = 'here'

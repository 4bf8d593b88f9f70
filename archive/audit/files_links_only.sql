-- title: Files that are links only
-- group: files
-- severity: DECIDE
-- says: {count:file is a link|files are links} only ({bytes} bytes), {open} of them in open tickets
-- advice: They die with the Zendesk account: fetch them while it lives, open tickets first; attachments-missing.csv
--   lists them
-- count: files without bytes that can still be fetched
-- bytes: their size
-- open: files of tickets with status new, open, pending or hold
-- examples: ticket numbers, most files first
with links as (
    select a.ticket_id, count(*) as files, sum(a.size) as bytes,
        count(*) filter (t.status in ('new', 'open', 'pending', 'hold')) as open
    from attachment_status a
    left join tickets t on t.id = a.ticket_id
    where a.status = 'link only'
    group by a.ticket_id
)
select
    coalesce(sum(files), 0)::bigint as count,
    coalesce(sum(bytes), 0)::bigint as bytes,
    coalesce(sum(open), 0)::bigint as open,
    list(ticket_id order by files desc, ticket_id)[:10] as examples
from links
-- plot: bar
-- title: Bytes of files by month and status
-- x: month
-- y: bytes
-- by: status
select strftime(t.created_at, '%Y-%m') as month, a.status, coalesce(sum(a.size), 0)::bigint as bytes
from attachment_status a
join tickets t on t.id = a.ticket_id
where t.created_at is not null
group by month, a.status
order by month, a.status

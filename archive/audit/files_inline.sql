-- title: Images inside the text
-- group: files
-- severity: KNOW
-- says: {count:image stands|images stand} inside the text ({bytes} bytes)
-- advice: Remote images never go into notes; their names do
-- count: inline files
-- bytes: their size
-- examples: ticket numbers
select
    count(*) as count,
    coalesce(sum(size), 0)::bigint as bytes,
    list(distinct ticket_id order by ticket_id)[:10] as examples
from attachment_status
where inline

-- title: Comments with more files than one part takes
-- group: files
-- severity: KNOW
-- says: {count:comment has|comments have} more files than one part takes; the most is {most}
-- advice: They are sent in several parts, a call each
-- count: comments with more files than the limit
-- most: files of the comment with most
-- examples: ticket numbers, most files first
with counted as (
    select ticket_id, comment_id, count(*) as files
    from attachments
    where comment_id is not null
    group by ticket_id, comment_id
)
select
    count(*) filter (files > bound.value) as count,
    coalesce(max(files), 0) as most,
    (list(ticket_id order by files desc, ticket_id) filter (files > bound.value))[:10] as examples
from counted, (select value from limits where name = 'files_per_part') bound

-- title: Comments whose ticket is not in the export
-- group: completeness
-- severity: DECIDE
-- says: {count:comment belongs|comments belong} to {tickets:ticket that is|tickets that are} not in the export
-- advice: Export these tickets too; a comment without its ticket can't be loaded
-- count: comments
-- tickets: different tickets
-- examples: ticket numbers, most comments first
with lost as (
    select c.ticket_id, count(*) as comments
    from comments c
    anti join tickets t on t.id = c.ticket_id
    group by c.ticket_id
)
select
    coalesce(sum(comments), 0)::bigint as count,
    count(*) as tickets,
    list(ticket_id order by comments desc, ticket_id)[:10] as examples
from lost

-- title: Comments whose author has no row
-- group: completeness
-- severity: DECIDE
-- says: {count:comment is|comments are} by {people:author|authors} of whom only an id is known
-- advice: Export users too; otherwise these words stand under an id
-- count: comments
-- people: different authors
-- examples: user ids, most comments first; -1 is Zendesk itself
with unknown as (
    select c.author_id, count(*) as comments
    from comments c
    left join users u on u.id = c.author_id
    where u.id is null or u.placeholder
    group by c.author_id
)
select
    coalesce(sum(comments), 0)::bigint as count,
    count(*) as people,
    list(author_id order by comments desc, author_id)[:10] as examples
from unknown

-- search: the comments that hold a text, newest first, with the number of all hits on each row.
-- $pattern: a regular expression for what people would call the same text; the rest narrows, NULL does not.
-- A plain scan over one column: a million comments take no second, and no index has to fit the memory.
with wanted as (
    select t.id
    from tickets t
    left join users u on u.id = t.requester_id
    where (
            $requester is null
            or lower(trim(u.email)) = lower($requester)
            or t.requester_id = try_cast($requester as bigint)
            or contains(lower(u.name), lower($requester))
        )
        and ($tag is null or list_contains([lower(tag) for tag in t.tags], lower($tag)))
),
hits as (
    select c.ticket_id, c.id, c.position, c.created_at
    from comments c
    where regexp_matches(coalesce(c.plain_body, c.body, c.html_body), $pattern)
        and ($after is null or c.created_at >= $after::timestamp)
        and ($before is null or c.created_at < $before::timestamp)
        and ($public is null or c.public = $public)
        and (($requester is null and $tag is null) or c.ticket_id in (select id from wanted))
),
shown as (
    select *, count(*) over () as found
    from hits
    order by created_at desc nulls last, ticket_id, position
    limit $limit
)
select
    shown.found,
    c.ticket_id,
    c.id,
    strftime(c.created_at, '%Y-%m-%d %H:%M'),
    coalesce(nullif(u.name, ''), nullif(u.email, ''), c.author_id::varchar),
    c.public,
    coalesce(c.plain_body, c.body, regexp_replace(c.html_body, '<[^>]*>', ' ', 'g'))
from shown
join comments c on c.ticket_id = shown.ticket_id and c.id = shown.id
left join users u on u.id = c.author_id
order by shown.created_at desc nulls last, shown.ticket_id, shown.position

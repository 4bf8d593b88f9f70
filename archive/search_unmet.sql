-- search_unmet: whether any ticket at all meets the conditions of a search on tickets. NULL asks nothing.
-- Answers: was the tag or the requester misspelt? The conditions are those of search.sql.
select
    $tag is null
        or exists (from tickets where list_contains([lower(tag) for tag in tags], lower($tag))) as tag_known,
    $requester is null
        or exists (
            select 1
            from tickets t
            left join users u on u.id = t.requester_id
            where lower(trim(u.email)) = lower($requester)
                or t.requester_id = try_cast($requester as bigint)
                or contains(lower(u.name), lower($requester))
        ) as requester_known

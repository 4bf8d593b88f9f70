-- title: Tags that nearly are the same
-- group: structure
-- severity: KNOW
-- says: {count:group|groups} of tags {count:differs|differ} only in punctuation or a plural s
-- advice: Rename them to one in the mapping
-- count: groups of tags that are equal without punctuation and a final s
-- examples: groups of tags
with alike as (
    select list(tag order by tag) as tags
    from (
        select tag, regexp_replace(regexp_replace(lower(strip_accents(tag)), '[^[:alnum:]\x{80}-\x{10FFFF}]', '', 'g'), 's$', '') as essence
        from tag_uses
    )
    -- Tags of punctuation alone are not alike.
    where essence <> ''
    group by essence
    having count(*) > 1
)
select count(*) as count, list(array_to_string(tags[:5], ', ') order by tags[1])[:10] as examples
from alike

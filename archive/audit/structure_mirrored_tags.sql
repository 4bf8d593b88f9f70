-- title: Tags that mirror a field
-- group: structure
-- severity: KNOW
-- says: {count:tag says|tags say} nothing that a field does not say, {uses} times
-- advice: Zendesk sets them by itself; the default mapping drops them, which saves as many calls
-- count: tags that stand on no loaded ticket without the field that sets them
-- uses: how often they are set on loaded tickets
-- examples: tags, each with its field and tickets
select
    count(*) as count,
    coalesce(sum(loaded), 0)::bigint as uses,
    list({'tag': tag, 'field': mirrors, 'tickets': loaded} order by loaded desc, tag)[:10] as examples
from tag_uses
where mirrors is not null and loaded > 0

-- title: One name, several fields
-- group: structure
-- severity: DECIDE
-- says: {count:name is|names are} borne by several fields; {types} of them by fields of different types
-- advice: An attribute has one type: rename one, or map both to one attribute on purpose
-- count: titles of filled fields that several share, upper and lower case not counted
-- types: of these, titles of fields of different types
-- examples: titles, each with its types
with names as (
    select min(trim(title)) as title, list(distinct type order by type) as types
    from field_uses
    where trim(title) <> ''
    group by lower(trim(title))
    having count(*) > 1
)
select
    count(*) as count,
    count(*) filter (len(types) > 1) as types,
    list({'title': title, 'types': array_to_string(types, ', ')} order by title)[:10] as examples
from names

-- title: Fields over the target's limits
-- group: structure
-- severity: DECIDE
-- says: {names:title is|titles are} longer than an attribute's name may be, and {attributes:field is|fields are} too many
-- advice: Shorten the name in the mapping; drop fields that nobody reads until they fit
-- count: both together
-- names: titles of filled fields that are too long
-- attributes: filled fields beyond the number of attributes a workspace takes
-- examples: titles that are too long
with bounds as (
    select
        max(value) filter (name = 'attribute_name') as name_length,
        max(value) filter (name = 'attributes') as attributes
    from limits
),
found as (
    select
        count(*) filter (length(title) > name_length) as names,
        greatest(count(*) - coalesce(any_value(bounds.attributes), 0), 0) as attributes,
        (list(title order by title) filter (length(title) > name_length))[:10] as titles
    from field_uses, bounds
)
select names + attributes as count, names, attributes, titles as examples from found

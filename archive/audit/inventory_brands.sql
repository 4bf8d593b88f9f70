-- title: Volume by brand
-- group: inventory
-- severity: KNOW
-- says: {brands:brand|brands}; most tickets came to {largest}
-- advice: Decide whether brands become an attribute, teams, or workspaces of their own
-- count: tickets with a brand
-- brands: different brands
-- largest: the brand with most tickets
-- examples: brands, each with its tickets
with brands_used as (
    select coalesce(b.name, 'id:' || t.brand_id) as brand, count(*) as tickets
    from tickets t
    left join brands b on b.id = t.brand_id
    where t.brand_id is not null
    group by brand
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    count(*) as brands,
    arg_max(brand, tickets) as largest,
    list({'brand': brand, 'tickets': tickets} order by tickets desc, brand)[:10] as examples
from brands_used

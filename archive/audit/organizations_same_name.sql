-- title: Organizations of the same name
-- group: organizations
-- severity: DECIDE
-- says: {count:name belongs|names belong} to several organizations each
-- advice: Look whether they are one company; by name alone they would become one
-- count: names, upper and lower case and blanks not counted
-- examples: names, each with its organizations
with names as (
    select min(trim(name)) as name, count(*) as organizations
    from organizations
    where deleted_at is null and trim(name) <> ''
    group by lower(regexp_replace(trim(name), '\s+', ' ', 'g'))
    having count(*) > 1
)
select
    count(*) as count,
    list({'name': name, 'organizations': organizations} order by organizations desc, name)[:10] as examples
from names

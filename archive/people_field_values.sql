-- people_field_values: the distinct stored values of fields of people and organizations of loaded tickets.
-- Answers: does every value fit the type of the attribute it shall fill? Reads the temporary table loaded(id).
with chosen as materialized (from tickets semi join loaded using (id)),
entries as (
    select 'user_fields' as block, unnest(map_entries(user_fields::map(varchar, json))) as entry
    from users semi join (select distinct requester_id as id from chosen) using (id)
    union all
    select 'organization_fields', unnest(map_entries(organization_fields::map(varchar, json)))
    from organizations semi join (select distinct organization_id as id from chosen) using (id)
)
select block, entry.key as field, entry.value::varchar as value, count(*) as people
from entries
where entry.value is not null and entry.value::varchar not in ('null', '""', '[]', '{}')
group by all
order by block, field, people desc, value

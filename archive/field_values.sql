-- field_values: the distinct stored values of some ticket fields, with their tickets.
-- Answers: does every value fit the type of the attribute it shall fill? Reads the temporary table loaded(id).
-- $fields: ids of ticket fields, as text.
with entries as (
    select unnest(map_entries(custom_fields::map(varchar, json))) as entry
    from tickets semi join loaded using (id)
)
select entry.key as field, entry.value::varchar as value, count(*) as tickets
from entries
where
    list_contains($fields::varchar[], entry.key)
    and entry.value is not null and entry.value::varchar not in ('null', '""', '[]', '{}')
group by all
order by field, tickets desc, value

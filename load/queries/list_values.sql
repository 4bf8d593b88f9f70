-- The distinct stored values of some ticket fields over all tickets of the archive, each value of a multi-select
-- on its own. $fields: ids of ticket fields, as text.
with entries as (
    select unnest(map_entries(custom_fields::map(varchar, json))) as entry
    from tickets
    where custom_fields is not null
),
stored as (
    select
        entry.key as field,
        unnest(
            case
                when json_type(entry.value) = 'ARRAY' then json_extract_string(entry.value, '$[*]')
                else [entry.value ->> '$']
            end
        ) as value
    from entries
    where list_contains($fields::varchar[], entry.key)
)
select distinct field, value
from stored
where value is not null and value <> ''
order by field, value

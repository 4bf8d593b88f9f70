-- How fields, options and tags are used: temporary tables that the questions of the audit share.
-- field_uses: every custom field that a ticket fills, one row each. A box that is not ticked fills nothing.
-- values_seen is near enough; longest: characters of the longest value.
create temp table field_uses as
select
    v.field_key,
    any_value(v.field_id) as field_id,
    any_value(v.field_title) as title,
    any_value(v.field_type) as type,
    bool_or(v.field_defined) as defined,
    count(distinct v.ticket_id) as tickets,
    approx_count_distinct(v.value) as values_seen,
    min(v.value) as a_value,
    max(length(v.value_name)) as longest,
    max(t.created_at) as last_used
from custom_field_values v
join tickets t on t.id = v.ticket_id
where v.field_type is distinct from 'checkbox' or v.value = 'true'
group by v.field_key;
-- option_uses: every value of every drop-down and multi-select, and every ticked checkbox with its tag: the
-- tickets that have it, and the loaded ones that carry it as a tag too. defined: it is an option of its field.
create temp table option_uses as
select
    v.field_key,
    any_value(v.field_title) as title,
    coalesce(ticked.value, v.value) as value,
    bool_and(v.value_defined) as defined,
    count(*) as tickets,
    count(*) filter (answered.target <> 'archive_only' and list_contains(t.tags, coalesce(ticked.value, v.value))) as tagged_loaded
from custom_field_values v
join tickets t on t.id = v.ticket_id
join answered on answered.ticket_id = t.id
left join field_options ticked on v.field_type = 'checkbox' and v.value = 'true' and ticked.field_id = v.field_id
where v.field_type in ('tagger', 'multiselect') or ticked.value is not null
group by v.field_key, coalesce(ticked.value, v.value);
-- tag_uses: every tag, with its tickets in all and among the loaded; mirrors: title of a field that sets it on
-- all of these; kept: the default mapping would set it.
create temp table tag_uses as
with used as (
    select tag, count(*) as tickets, count(*) filter (loaded) as loaded
    from (
        select answered.target <> 'archive_only' as loaded, unnest(list_distinct(t.tags)) as tag
        from tickets t
        join answered on answered.ticket_id = t.id
    )
    group by tag
),
mirrors as (
    select value as tag, tagged_loaded as loaded, any_value(coalesce(title, 'id:' || field_key)) as field
    from option_uses
    where defined
    group by value, tagged_loaded
)
select
    used.tag,
    used.tickets,
    used.loaded,
    mirrors.field as mirrors,
    used.loaded > 0 and mirrors.field is null
        and (used.loaded >= $rare or (select count(*) from used where loaded > 0) <= $many) as kept
from used
left join mirrors on mirrors.tag = used.tag and mirrors.loaded = used.loaded;

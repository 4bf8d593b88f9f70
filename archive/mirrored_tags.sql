-- mirrored_tags: how many loaded tickets carry a tag together with the field value that set it.
-- Answers: which tags say nothing a field does not say? Zendesk adds the value of a drop-down or
-- multi-select, and the tag of a ticked checkbox, to the tags of the ticket by itself.
-- Reads the temporary table loaded(id). A tag that also stands without its field is no mere mirror.
with setters(field_id, tag, checkbox) as (
    select id, option.value ->> '$.value', false
    from ticket_fields, lateral (select unnest((custom_field_options -> '$[*]')::json[]) as value) option
    where type in ('tagger', 'multiselect')
    union
    select id, tag, true from ticket_fields where type = 'checkbox' and tag <> ''
),
entries as (
    select id, tags, unnest(map_entries(custom_fields::map(varchar, json))) as entry
    from tickets semi join loaded using (id)
)
select s.tag, s.field_id, count(*) as tickets
from entries e
join setters s on s.field_id = try_cast(e.entry.key as bigint)
where list_contains(e.tags, s.tag)
    and case
        when s.checkbox then e.entry.value ->> '$' = 'true'
        when json_type(e.entry.value) = 'ARRAY' then list_contains(e.entry.value ->> '$[*]', s.tag)
        else e.entry.value ->> '$' = s.tag
    end
group by s.tag, s.field_id
order by s.tag, tickets desc, s.field_id

-- title: Option values without a definition
-- group: structure
-- severity: DECIDE
-- says: {count:value|values} of drop-downs and multi-selects {count:is|are} no option any more ({tickets} times)
-- advice: The option was deleted; keep the value as text, or say what it becomes
-- count: different values of defined fields that are none of their options
-- tickets: how often tickets have one
-- examples: fields, each with the value and its tickets
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list({'field': coalesce(title, 'id:' || field_key), 'value': value, 'tickets': tickets}
        order by tickets desc, field_key, value)[:10] as examples
from option_uses
where not defined

-- title: Fields without a definition
-- group: structure
-- severity: DECIDE
-- says: {count:field|fields} filled on tickets {count:has|have} no definition in the export
-- advice: Export the ticket fields too; without them only ids and raw values are known
-- count: fields that tickets fill and no definition describes
-- examples: field ids, each with its tickets and one value
select
    count(*) as count,
    list({'field': field_key, 'tickets': tickets, 'value': left(a_value, 80)} order by tickets desc, field_key)[:10]
        as examples
from field_uses
where not defined

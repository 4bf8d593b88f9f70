-- title: Custom fields that no ticket fills
-- group: structure
-- severity: KNOW
-- says: {count} of {fields:custom field is|custom fields are} filled on no ticket
-- advice: They need no attribute
-- count: defined fields of the account's own without any value
-- fields: defined fields of the account's own
-- examples: titles
with own as (
    select id, coalesce(title, 'id:' || id) as title
    from ticket_fields
    where type not in (
        'subject', 'description', 'status', 'tickettype', 'priority', 'basic_priority', 'group', 'assignee', 'custom_status'
    )
)
select
    count(*) filter (used.field_id is null) as count,
    count(*) as fields,
    (list(own.title order by own.title) filter (used.field_id is null))[:10] as examples
from own
left join field_uses used on used.field_id = own.id

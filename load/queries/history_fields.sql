-- Definitions of ticket fields, in the account's order.
select id, coalesce(title, raw_title) as title, type, custom_field_options as options, visible_in_portal
from ticket_fields
order by position nulls last, id;

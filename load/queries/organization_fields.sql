-- Definitions of fields of organizations, in the account's order. They are known by their keys.
select key as id, coalesce(title, raw_title) as title, type, custom_field_options as options
from organization_fields
where key is not null
order by position nulls last, id;

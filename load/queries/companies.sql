-- What a company is made of. $ids: organizations. Their product ids are as Zendesk has them.
select id, name, nullif(trim(external_id), '') as external_id, created_at, organization_fields,
    coalesce(updated_at, created_at) as changed_at,
    coalesce(trim(notes), '') as notes, coalesce(trim(details), '') as details
from organizations
where id in (select unnest($ids::bigint[])) and deleted_at is null;

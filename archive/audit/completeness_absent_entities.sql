-- title: Kinds of records of which there are none
-- group: completeness
-- severity: KNOW
-- says: the export holds no records of {count:kind|kinds}: {names}
-- advice: Check that each of them is really empty in the account; what was not exported is lost with it
-- count: kinds of records without any
-- names: up to four of them, in words
-- examples: their names
with held(name, records) as (
    select 'comments', count(*) from comments
    union all select 'users', count(*) from users
    union all select 'organizations', count(*) from organizations
    union all select 'groups', count(*) from groups
    union all select 'group_memberships', count(*) from group_memberships
    union all select 'identities', count(*) from identities
    union all select 'ticket_fields', count(*) from ticket_fields
    union all select 'ticket_forms', count(*) from ticket_forms
    union all select 'custom_statuses', count(*) from custom_statuses
    union all select 'brands', count(*) from brands
    union all select 'satisfaction_ratings', count(*) from satisfaction_ratings
    union all select 'ticket_metrics', count(*) from ticket_metrics
    union all select 'ticket_events', count(*) from ticket_events
    union all select 'side_conversations', count(*) from side_conversations
    union all select 'chats', count(*) from chats
    union all select 'suspended_tickets', count(*) from suspended_tickets
    union all select 'articles', count(*) from articles
    union all select 'configuration', count(*) from configuration
)
select
    count(*) as count,
    array_to_string(list(replace(name, '_', ' ') order by name)[:4], ', ')
        || case when count(*) > 4 then ' and others' else '' end as names,
    list(name order by name) as examples
from held
where records = 0

-- title: What has to be rebuilt by hand
-- group: cost
-- severity: DECIDE
-- zero: KNOW
-- says: {count} macros, triggers, automations, views and SLA policies {note}
-- advice: No interface writes them; decide which are still needed, and print the rest before the account ends
-- count: active ones in the export; an export without them says nothing about the account
-- note: whether the export holds any
-- examples: kinds, each with its number
with kinds as (
    select kind, count(*) filter (coalesce(record ->> '$.active', 'true') = 'true') as active
    from configuration
    where kind in ('macros', 'triggers', 'automations', 'views', 'sla_policies', 'schedules', 'webhooks', 'workspaces')
    group by kind
)
select
    coalesce(sum(active), 0)::bigint as count,
    case when count(*) = 0 then 'are in the export; count them in Zendesk' else 'have to be rebuilt by hand' end as note,
    list({'kind': kind, 'number': active} order by active desc, kind) as examples
from kinds

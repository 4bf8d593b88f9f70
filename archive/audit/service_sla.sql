-- title: SLA history
-- group: service
-- severity: KNOW
-- says: the export holds {count:SLA policy or event|SLA policies and events}, {breaches} of them {breaches:a breach|breaches}
-- advice: Intercom takes no SLA result: policies are built anew, results stay in the archive
-- count: SLA policies and metric events of them
-- breaches: events that say a target was missed
-- examples: kinds, each with its records
with kept as (
    select
        kind,
        count(*) as records,
        count(*) filter (kind = 'ticket_metric_events' and record ->> '$.type' = 'breach') as breaches
    from configuration
    where kind in ('sla_policies', 'group_sla_policies')
        or (kind = 'ticket_metric_events' and record ->> '$.type' in ('apply_sla', 'apply_group_sla', 'breach', 'fulfill'))
    group by kind
)
select
    coalesce(sum(records), 0)::bigint as count,
    coalesce(sum(breaches), 0)::bigint as breaches,
    list({'kind': kind, 'records': records} order by records desc, kind) as examples
from kept

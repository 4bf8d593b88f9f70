-- What stands of the attached plan, ticket by ticket of Zendesk, the worst first: failed, in doubt, left to do
-- (temp.work, see Backlog.freeze); all others are done. A thread shares the failure or doubt of what it needs.
-- Cross joins keep the few unfinished rows in front: without them every call of the plan would be looked up.
with troubled as (
    select a.key, r.state
    from main.rows as r indexed by rows_unfinished
    cross join plan.actions as a on a.kind = r.kind and a.key = r.key and a.step = r.step and a.part = r.part
    where r.state != 'done' and r.kind in ('conversation', 'ticket')
    union all
    select n.key, f.state
    from main.rows as f indexed by rows_unfinished
    cross join plan.needs as n on n.on_kind = f.kind and n.on_key = f.key
    where f.state != 'done' and f.step = 'create' and n.kind in ('conversation', 'ticket')
),
named as (
    select key, 'left' as state from temp.work where kind in ('conversation', 'ticket') and phase > 0
    union all
    select key, case state when 'failed' then 'failed' else 'in_doubt' end from troubled
),
worst as (
    select key, min(case state when 'failed' then 1 when 'in_doubt' then 2 else 3 end) as rank
    from named
    group by key
)
select
    count(*) filter (where rank = 1) as failed,
    count(*) filter (where rank = 2) as in_doubt,
    count(*) filter (where rank = 3) as unfinished
from worst

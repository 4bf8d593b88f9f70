-- What stands of the attached plan, conversation by conversation, the worst first: failed, in doubt, left to do
-- (temp.work, see Backlog.freeze); all others are done. A conversation shares its contact's failure or doubt.
with troubled as (
    select a.key, r.state
    from main.rows as r
    join plan.actions as a on a.kind = r.kind and a.key = r.key and a.step = r.step and a.part = r.part
    where r.state != 'done' and r.kind = 'conversation'
    union all
    select a.key, c.state
    from plan.actions as a
    join main.rows as c on c.kind = 'contact' and c.key = a.contact and c.step = 'create' and c.state != 'done'
    where a.kind = 'conversation' and a.step = 'create'
        and a.contact in (select key from main.rows where state != 'done' and kind = 'contact')
),
named as (
    select key, 'left' as state from temp.work where kind = 'conversation' and phase > 0
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
    count(*) filter (where rank = 3) as unfinished,
    (select count(*) from plan.actions where kind = 'conversation' and step = 'create') as total
from worst

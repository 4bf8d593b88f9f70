-- Calls of temp.open_calls that have an outcome by now are undone no longer.
update temp.open_calls as o set undone = 0
where o.undone and exists (
    select 1
    from plan.actions as a
    join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
    where a.phase = o.phase and a.seq = o.seq and r.state in ('done', 'failed')
)

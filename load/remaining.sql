-- The threads of the attached plan that have something left to do, in its order. A call is left when the ledger
-- has no outcome for it. Not left: what failed and was not forgiven (forgive.sql), what follows it, what needs
-- something that failed, and a note whose neighbour stands with another text (thread.py has the reason).
create temp view remaining as
select a.phase, min(a.seq) as seq, a.kind, a.key
from plan.actions as a
left join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
where (r.state is null or r.state = 'sending')
    and not exists (
        select 1 from main.rows as f where f.kind = a.kind and f.key = a.key and f.state = 'failed'
    )
    and not exists (
        select 1
        from plan.needs as o
        join main.rows as f on f.kind = o.on_kind and f.key = o.on_key and f.step = 'create'
        where o.kind = a.kind and o.key = a.key and f.state = 'failed'
    )
    and not (a.step = 'note' and r.state is null and exists (
        select 1
        from main.rows as n
        join plan.actions as p on p.kind = n.kind and p.key = n.key and p.step = n.step and p.part = n.part
        where n.kind = a.kind and n.key = a.key and n.step = 'note' and n.state = 'done'
            and n.payload_hash <> p.payload_hash
    ))
group by a.phase, a.kind, a.key;

-- Calls of the attached plan that are not sent although the ledger does not have them; thread.py has the reasons.
-- again: what they say stands there in another form, or would reach people who take part by now.
create temp view held as
select a.phase, a.seq, a.kind, a.key, a.step, a.part,
    a.step in ('note', 'message') and exists (
        select 1 from main.rows as o
        where o.kind = a.kind and o.key = a.key
            and o.step in (iif(a.step = 'message', 'note', 'message'), iif(a.step = 'message', 'participant', ''))
    ) as again
from plan.actions as a
where a.step in ('note', 'message', 'close', 'snooze')
    and not exists (
        select 1 from main.rows as r
        where r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
    )
    and case a.step
        when 'note' then exists (
            select 1 from main.rows as m where m.kind = a.kind and m.key = a.key and m.step = 'message'
        ) or exists (
            select 1
            from main.rows as n
            join plan.actions as p on p.kind = n.kind and p.key = n.key and p.step = n.step and p.part = n.part
            where n.kind = a.kind and n.key = a.key and n.step = 'note' and n.state = 'done'
                and n.payload_hash <> p.payload_hash
        )
        when 'message' then exists (
            select 1 from main.rows as o
            where o.kind = a.kind and o.key = a.key and o.step in ('note', 'participant')
        )
        else exists (
            select 1 from main.rows as s
            where s.kind = a.kind and s.key = a.key and s.step in ('close', 'snooze')
        ) and exists (
            select 1 from main.rows as o
            where o.kind = a.kind and o.key = a.key and o.step in ('note', 'participant')
        ) and exists (
            select 1 from plan.actions as m
            where m.kind = a.kind and m.key = a.key and m.step = 'message' and not exists (
                select 1 from main.rows as r
                where r.kind = m.kind and r.key = m.key and r.step = m.step and r.part = m.part
            )
        )
    end;
-- The threads of the attached plan that have something left to do, in its order. A call is left when the ledger
-- has no outcome for it. Not left: what failed and was not forgiven (forgive.sql), what follows it, what needs
-- something that failed, and what is held.
create temp view remaining as
select a.phase, min(a.seq) as seq, a.kind, a.key
from temp.open_calls as u
join plan.actions as a on a.phase = u.phase and a.seq = u.seq
left join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
where u.undone
    and (r.state is null or r.state = 'sending')
    and not exists (
        select 1 from main.rows as f where f.kind = a.kind and f.key = a.key and f.state = 'failed'
    )
    and not exists (
        select 1
        from plan.needs as o
        join main.rows as f on f.kind = o.on_kind and f.key = o.on_key and f.step = 'create'
        where o.kind = a.kind and o.key = a.key and f.state = 'failed'
    )
    and not exists (
        select 1 from held as h where h.kind = a.kind and h.key = a.key and h.step = a.step and h.part = a.part
    )
group by a.phase, a.kind, a.key;

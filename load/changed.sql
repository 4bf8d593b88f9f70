-- Calls of the attached plan that are not sent although it would make them otherwise than they stand: made by
-- another plan with another payload, or said there in another form (held, see remaining.sql). What the plan made
-- itself cannot have changed since: the digest of a plan covers the payloads.
select a.phase, a.seq, a.kind, a.key, a.step, a.part
from temp.open_calls as o
join plan.actions as a on a.phase = o.phase and a.seq = o.seq
join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
where not o.undone and r.state = 'done' and r.payload_hash <> a.payload_hash and a.phase > 0
union all
select a.phase, a.seq, a.kind, a.key, a.step, a.part
from temp.open_calls as o
join plan.actions as a on a.phase = o.phase and a.seq = o.seq
where o.undone and a.step in ('note', 'message') and exists (
    select 1 from held as h
    where h.kind = a.kind and h.key = a.key and h.step = a.step and h.part = a.part and h.again
)

-- Calls of the attached plan in a range that it has not simply made: undone (1), without an outcome in the ledger,
-- and others, which another plan made. Both sides are read in the order of one key, so that each page of a large
-- ledger is read once.
insert into temp.open_calls
select a.phase, a.seq, r.state is null or r.state = 'sending'
from plan.actions as a indexed by actions_key
left join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
where (a.kind, a.key, a.step, a.part) > ($kind, $key, $step, $part)
    and (a.kind, a.key, a.step, a.part) <= ($to_kind, $to_key, $to_step, $to_part)
    and (r.state is null or r.state = 'sending' or r.plan_digest <> $plan)

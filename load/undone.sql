-- Calls of the attached plan without an outcome in the ledger. Of a large load almost all have one: everything
-- else that is asked of what is left is asked of these alone.
create temp table undone as
select a.phase, a.seq
from plan.actions as a
left join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
where r.state is null or r.state = 'sending'
order by a.phase, a.seq

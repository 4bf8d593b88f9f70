-- Failed calls of the attached plan that are sent again with this run: the target was at fault, the plan makes
-- another call of it, or somebody asks for them ($asked). Never what may stand there more than once.
create temp table forgiven as
select r.kind, r.key, r.step, r.part
from main.rows as r indexed by rows_unfinished
cross join plan.actions as a on a.kind = r.kind and a.key = r.key and a.step = r.step and a.part = r.part
where r.state != 'done' and r.state = 'failed' -- the first names the index
    and r.again <> 'never'
    and (r.again = 'next' or r.payload_hash <> a.payload_hash or $asked)

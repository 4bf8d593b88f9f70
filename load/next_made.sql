-- The same among the calls that the plan has made itself. Only calls of a plan are ever written under its digest,
-- so where both sides name the same call, nothing before it is open.
select kind, key, step, part
from main.rows
where (kind, key, step, part) > ($kind, $key, $step, $part) and plan_digest = $plan and state <> 'sending'
order by kind, key, step, part
limit 1 offset $range

-- The call of the attached plan that is so many ($range, from 0) after this one, in the order of their keys.
select kind, key, step, part
from plan.actions indexed by actions_key
where (kind, key, step, part) > ($kind, $key, $step, $part)
order by kind, key, step, part
limit 1 offset $range

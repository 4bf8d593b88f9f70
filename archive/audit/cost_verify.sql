-- title: Time to verify
-- group: cost
-- severity: KNOW
-- says: reading everything back takes {count:call|calls}: {slow} minutes at 167 per 10 seconds, {fast} at 1,667
-- advice: Plan it after the load, at the same rate limit
-- count: calls that read each conversation and each contact once
-- slow: minutes at 167 calls per 10 seconds, rounded up
-- fast: minutes at 1,667 calls per 10 seconds, rounded up
-- examples: none
select
    coalesce(any_value(verify_calls), 0) as count,
    coalesce(ceil(any_value(verify_seconds_slow) / 60), 0)::bigint as slow,
    coalesce(ceil(any_value(verify_seconds_fast) / 60), 0)::bigint as fast,
    []::varchar[] as examples
from estimates

-- title: Days on which nothing happened
-- group: completeness
-- severity: STOP
-- says: {count:day|days} without any new ticket or comment {count:lies|lie} between busy ones, in {runs:run|runs}
-- advice: A slice of the export is likely to be missing; export these dates again
-- count: days in runs of at least three in which 20 or more tickets and comments were to be expected
-- runs: such runs
-- examples: runs of days
with happened as (
    select created_at::date as day, count(*) as number
    from (select created_at from tickets union all select created_at from comments)
    where created_at is not null
    group by day
),
neighbours as (
    select
        day,
        lead(day) over (order by day) as next_day,
        -- What a day usually brings, by the 28 busy days before.
        sum(number) over recent / (date_diff('day', min(day) over recent, day) + 1.0) as usual,
        count(*) over recent as known
    from happened
    window recent as (order by day rows between 27 preceding and current row)
),
runs as (
    select day + 1 as first, next_day - 1 as last, date_diff('day', day, next_day) - 1 as days
    from neighbours
    where date_diff('day', day, next_day) > 3 and known >= 14 and usual * (date_diff('day', day, next_day) - 1) >= 20
)
select
    coalesce(sum(days), 0)::bigint as count,
    count(*) as runs,
    list(strftime(first, '%Y-%m-%d') || ' to ' || strftime(last, '%Y-%m-%d') order by first)[:10] as examples
from runs

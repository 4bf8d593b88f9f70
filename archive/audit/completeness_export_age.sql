-- title: Age of the export
-- group: completeness
-- severity: KNOW
-- says: the last change in the export is of {last}, {count:day|days} ago
-- advice: Take a new export shortly before the move, or plan a delta from a second one
-- count: days from the last change in the export until today; DECIDE from 30 on
-- last: day of the last change
-- examples: none
with latest as (
    select max(moment) as moment
    from (
        select updated_at as moment from tickets
        union all
        select created_at from comments
    ), asked
    -- A time in the future is damaged (completeness_damaged_times).
    where moment <= asked.now + interval 1 day
)
select
    coalesce(greatest(date_diff('day', latest.moment, asked.now), 0), 0) as count,
    case when latest.moment <= asked.now - interval 30 day then 'DECIDE' else 'KNOW' end as severity,
    strftime(latest.moment, '%Y-%m-%d') as last,
    []::varchar[] as examples
from latest, asked

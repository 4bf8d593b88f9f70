-- title: Reply and resolution times
-- group: service
-- severity: KNOW
-- says: {count:ticket has|tickets have} times measured by Zendesk; the median first reply took {reply} minutes, the
--   median solution {solution}
-- advice: Intercom computes its own and takes none: these numbers stay in the archive
-- count: tickets with metrics
-- reply: median minutes to the first reply, calendar time
-- solution: median minutes to the last solution, calendar time
-- examples: none
select
    (select count(*) from ticket_metrics) as count,
    coalesce(median(zendesk_first_reply_minutes), 0)::bigint as reply,
    coalesce(median(coalesce(zendesk_full_resolution_minutes, resolution_minutes)), 0)::bigint as solution,
    []::varchar[] as examples
from first_reply_and_resolution
-- plot: bar
-- title: Tickets by time to the last solution
-- x: time
-- y: tickets
select time, count(*) as tickets
from (
    select
        case
            when minutes <= 60 then '1: within an hour'
            when minutes <= 480 then '2: within 8 hours'
            when minutes <= 1440 then '3: within a day'
            when minutes <= 4320 then '4: within 3 days'
            when minutes <= 10080 then '5: within a week'
            when minutes <= 43200 then '6: within 30 days'
            else '7: longer'
        end as time
    from (
        select coalesce(zendesk_full_resolution_minutes, resolution_minutes) as minutes from first_reply_and_resolution
    )
    where minutes is not null
)
group by time
order by time

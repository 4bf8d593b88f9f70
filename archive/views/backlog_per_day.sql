-- backlog_per_day: tickets that came, were solved, and were open at the end of each day.
-- Answers: how the work went up and down. A ticket ends when it was last solved; where the export does not
-- say when, at its last change. A ticket that was opened again counts as open all the time until then; one
-- from before 2006 or after 2099 does not count.
create view backlog_per_day as
with lives as (
    select
        t.created_at::date as began,
        case
            when t.status in ('solved', 'closed') then coalesce(m.solved_at, t.updated_at)::date
            when t.status = 'deleted' then t.updated_at::date
        end as ended
    from tickets t
    left join ticket_metrics m on m.ticket_id = t.id
    -- Damaged times would make a day of each day since the year 1; Zendesk began in 2007.
    where t.created_at >= timestamp '2006-01-01' and t.created_at < timestamp '2100-01-01'
),
changes as (
    select began as day, 1 as created, 0 as ended from lives
    union all
    select least(greatest(began, ended), date '2099-12-31'), 0, 1 from lives where ended is not null
),
days as (
    select unnest(generate_series(min(day)::timestamp, max(day)::timestamp, interval 1 day))::date as day
    from changes
),
counts as (
    select days.day, coalesce(sum(changes.created), 0)::bigint as created, coalesce(sum(changes.ended), 0)::bigint as ended
    from days
    left join changes on changes.day = days.day
    group by days.day
)
select day, created, ended, (sum(created - ended) over (order by day))::bigint as backlog
from counts;

comment on view backlog_per_day is 'Tickets that came, were solved, and were open at the end of each day.';
comment on column backlog_per_day.day is 'Day in UTC; every day from the first ticket to the last change.';
comment on column backlog_per_day.created is 'Tickets created that day.';
comment on column backlog_per_day.ended is 'Tickets last solved that day, or deleted.';
comment on column backlog_per_day.backlog is 'Tickets open at the end of that day.';

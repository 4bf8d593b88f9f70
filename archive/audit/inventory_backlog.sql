-- title: Backlog today
-- group: inventory
-- severity: KNOW
-- says: {count:ticket is|tickets are} open, the oldest since {oldest}; {untouched} of them did not change for 90 days
-- advice: Answer or close what you can before the move; the rest loads last, in a plan of its own
-- count: tickets with status new, open, pending or hold
-- oldest: day the oldest of them was created
-- untouched: open tickets without a change in the 90 days before the export's last change
-- examples: ticket numbers, oldest first
with open as (
    select id, created_at, updated_at from tickets where status in ('new', 'open', 'pending', 'hold')
),
latest as (
    select max(updated_at) as at from tickets, asked where updated_at <= asked.now + interval 1 day
)
select
    count(*) as count,
    strftime(min(created_at), '%Y-%m-%d') as oldest,
    count(*) filter (updated_at < latest.at - interval 90 day) as untouched,
    list(id order by created_at, id)[:10] as examples
from open, latest
-- plot: line
-- title: Open tickets at the end of each day
-- x: day
-- y: backlog
select strftime(day, '%Y-%m-%d') as day, backlog from backlog_per_day order by day

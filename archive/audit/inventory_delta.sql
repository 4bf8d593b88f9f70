-- title: Last change against a proposed delta date
-- group: inventory
-- severity: KNOW
-- says: {count:ticket is|tickets are} not closed, or changed since {delta}, the proposed delta date; {open} of them are open
-- advice: Load what was closed before the delta date first and the rest from a second export;
--   --delta proposes another date
-- count: tickets that are not closed or changed on the delta date or later
-- delta: the proposed date; without --delta 7 days before the export's last change
-- open: of these, neither solved nor closed nor deleted
-- examples: ticket numbers, latest change first
with proposed as (
    select coalesce(asked.delta, (select max(updated_at)::date - 7 from tickets where updated_at <= asked.now + interval 1 day)) as day from asked
),
changed as (
    select id, status, updated_at
    from tickets, proposed
    where status not in ('closed', 'deleted') or updated_at >= proposed.day
)
select
    count(*) as count,
    (select strftime(day, '%Y-%m-%d') from proposed) as delta,
    count(*) filter (status in ('new', 'open', 'pending', 'hold')) as open,
    list(id order by updated_at desc, id)[:10] as examples
from changed

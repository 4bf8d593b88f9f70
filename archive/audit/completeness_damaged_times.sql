-- title: Times that cannot be
-- group: completeness
-- severity: DECIDE
-- says: {count:ticket has|tickets have} no date, one in the future, one before 2006, or changed before they were made
-- advice: Such a ticket loads at the time of its first comment, or not at all; look at each
-- count: tickets
-- examples: ticket numbers
select count(*) as count, list(t.id order by t.id)[:10] as examples
from tickets t, asked
where t.created_at is null
    -- Zendesk began in 2007; a day's grace for clocks.
    or t.created_at < timestamp '2006-01-01'
    or t.created_at > asked.now + interval 1 day
    or t.updated_at < t.created_at - interval 1 minute

-- title: Custom fields: fill rate, last use, distinct values
-- group: structure
-- severity: KNOW
-- says: {count:custom field is|custom fields are} filled on any ticket; {rare} of them on less than 1 %
-- advice: Each field becomes an attribute or is dropped with a reason; rarely filled ones are the first to drop
-- count: custom fields with a value on any ticket
-- rare: of these, filled on less than 1 % of all tickets
-- examples: fields, each with its tickets, distinct values and the day of its last use
select
    count(*) as count,
    count(*) filter (tickets < 0.01 * (select count(*) from tickets)) as rare,
    list({
        'field': coalesce(title, 'id:' || field_key),
        'tickets': tickets,
        'values': values_seen,
        'last': strftime(last_used, '%Y-%m-%d')
    } order by tickets desc, field_key)[:10] as examples
from field_uses
-- plot: bar
-- title: Tickets on which each custom field is filled
-- x: field
-- y: tickets
select coalesce(title, 'id:' || field_key) as field, tickets from field_uses order by tickets desc, field_key limit 40

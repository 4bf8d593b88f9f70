-- title: Links between tickets that go in a circle
-- group: conversations
-- severity: DECIDE
-- says: {count:ticket stands|tickets stand} in a circle of merges, follow-ups or problems
-- advice: Look at them by hand; whichever was merged last has the words
-- count: tickets that their own links of one kind lead back to, over at most 20 others
-- examples: ticket numbers
with recursive reach(kind, first, here, steps) as (
    -- A ticket in a circle has links in both directions; most have not.
    select l.type, l.ticket_id, l.linked_ticket_id, 1
    from ticket_links l
    where l.type in ('merged', 'follow_up', 'problem')
        and exists (select 1 from ticket_links back where back.type = l.type and back.linked_ticket_id = l.ticket_id)
    union
    select reach.kind, reach.first, l.linked_ticket_id, reach.steps + 1
    from reach
    join ticket_links l on l.type = reach.kind and l.ticket_id = reach.here
    where reach.here <> reach.first and reach.steps < 20
),
circles as (
    select distinct first from reach where first = here
)
select count(*) as count, list(first order by first)[:10] as examples from circles

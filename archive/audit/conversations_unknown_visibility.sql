-- title: Comments of unknown visibility
-- group: conversations
-- severity: DECIDE
-- says: for {count:comment|comments} in {tickets:ticket|tickets} the export does not say whether customers saw {count:it|them}
-- advice: They count as internal, so that nothing private is shown; another export may know
-- count: such comments
-- tickets: tickets that hold one
-- examples: ticket numbers
select
    count(*) as count,
    count(distinct ticket_id) as tickets,
    list(distinct ticket_id order by ticket_id)[:10] as examples
from comments
where visibility_unknown

-- title: Tickets without comments, and why
-- group: completeness
-- severity: DECIDE
-- says: {count:ticket has|tickets have} no comments; for {rebuilt} the first message was rebuilt from the description
-- advice: Tickets over 1 MB stand in an extra file of Zendesk's export; ask for it, or leave them in the archive
-- count: tickets without any comment that the export holds
-- rebuilt: of these, tickets whose description became the first message
-- examples: reasons, each with its tickets
with bare as (
    select t.id, t.deleted, t.scrubbed, coalesce(bool_or(c.reconstructed), false) as rebuilt
    from ticket_overview t
    left join comments c on c.ticket_id = t.id
    group by t.id, t.deleted, t.scrubbed
    having count(c.id) filter (c.reconstructed is distinct from true) = 0
),
reasons as (
    select
        case
            when scrubbed then 'Zendesk has overwritten the text'
            when deleted then 'deleted in Zendesk'
            when (select count(*) from comments where reconstructed is distinct from true) = 0
                then 'this export holds no comments at all'
            when rebuilt then 'the export left them out: over 1 MB, or a list without comments'
            else 'neither comments nor a description'
        end as reason,
        rebuilt,
        count(*) as tickets
    from bare
    group by reason, rebuilt
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    coalesce(sum(tickets) filter (rebuilt), 0)::bigint as rebuilt,
    list({'reason': reason, 'tickets': tickets} order by tickets desc, reason) as examples
from reasons

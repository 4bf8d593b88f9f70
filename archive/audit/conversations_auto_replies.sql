-- title: Automatic replies
-- group: conversations
-- severity: KNOW
-- says: {count:ticket holds|tickets hold} an automatic reply such as out of office; {alone} of them nothing else
-- advice: Those that hold nothing else can stay in the archive
-- count: tickets with such a subject, or such a comment by the requester
-- alone: of these, tickets with a single comment
-- examples: ticket numbers
with said as (
    select distinct c.ticket_id
    from comments c
    join tickets t on t.id = c.ticket_id and t.requester_id = c.author_id
    where regexp_matches(
        left(coalesce(c.plain_body, c.body), 500),
        '(?i)(out of (the )?office|automatic reply|auto-?reply|automatische antwort|abwesenheitsnotiz|nicht im büro'
        || '|réponse automatique|absent du bureau|respuesta automática|fuera de la oficina|risposta automatica)'
    )
)
select
    count(*) as count,
    count(*) filter (t.comments <= 1) as alone,
    list(t.id order by t.id)[:10] as examples
from ticket_overview t
where t.id in (select ticket_id from said)
    or regexp_matches(
        coalesce(t.subject, ''),
        '(?i)^(out of (the )?office|automatic reply|auto-?reply|automatische antwort|abwesend|réponse automatique'
        || '|respuesta automática|risposta automatica)'
    )

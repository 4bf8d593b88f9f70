-- title: Forms really used
-- group: structure
-- severity: KNOW
-- says: {count} of {forms:form is|forms are} used
-- advice: Only what is used needs an equivalent; more than three target structures are hard to keep apart
-- count: forms on tickets; DECIDE above the number of structures a team can keep apart
-- forms: forms in the export, and those tickets name without a definition
-- examples: forms, each with its tickets and the day of the last
with used as (
    select ticket_form_id as id, count(*) as tickets, max(created_at) as latest
    from tickets
    where ticket_form_id is not null
    group by ticket_form_id
),
forms as (
    select coalesce(f.name, 'id:' || used.id) as name, used.tickets, used.latest
    from ticket_forms f
    full join used on used.id = f.id
)
select
    count(tickets) as count,
    case when count(tickets) > (select value from limits where name = 'structures') then 'DECIDE' else 'KNOW' end as severity,
    count(*) as forms,
    (list({'form': name, 'tickets': tickets, 'last': strftime(latest, '%Y-%m-%d')} order by tickets desc, name)
        filter (tickets is not null))[:10] as examples
from forms

-- title: Volume by form
-- group: inventory
-- severity: KNOW
-- says: {forms:ticket form|ticket forms}; most tickets were filed with {largest}
-- advice: Few forms are worth a structure of their own; see structure_forms
-- count: tickets with a form
-- forms: different forms
-- largest: the form with most tickets
-- examples: forms, each with its tickets
with forms_used as (
    select coalesce(f.name, 'id:' || t.ticket_form_id) as form, count(*) as tickets
    from tickets t
    left join ticket_forms f on f.id = t.ticket_form_id
    where t.ticket_form_id is not null
    group by form
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    count(*) as forms,
    arg_max(form, tickets) as largest,
    list({'form': form, 'tickets': tickets} order by tickets desc, form)[:10] as examples
from forms_used

-- title: Solved but not closed, by age
-- group: inventory
-- severity: KNOW
-- says: {count:ticket is|tickets are} solved but not closed, {old} of them for more than 28 days
-- advice: Solved tickets can be opened again until Zendesk closes them; load them with the delta
-- count: tickets with status solved
-- old: of these, solved more than 28 days before the export's last change; an automation should have closed them
-- examples: ages, each with its tickets
with latest as (
    select max(updated_at) as at from tickets, asked where updated_at <= asked.now + interval 1 day
),
solved as (
    select date_diff('day', coalesce(m.solved_at, t.updated_at), latest.at) as days
    from latest, tickets t
    left join ticket_metrics m on m.ticket_id = t.id
    where t.status = 'solved'
),
ages as (
    select
        case
            when days is null then 'unknown'
            when days <= 4 then '0-4 days'
            when days <= 28 then '5-28 days'
            else 'more than 28 days'
        end as age,
        count(*) as tickets
    from solved
    group by age
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    coalesce(sum(tickets) filter (age = 'more than 28 days'), 0)::bigint as old,
    list({'age': age, 'tickets': tickets} order by age) as examples
from ages

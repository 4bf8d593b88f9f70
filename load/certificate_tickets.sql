-- Each ticket of the export once, by what became of it. temp.export: their ids. What nobody says anything of is
-- unaccounted. elsewhere: another plan of the same ledger put it there, so that it was not read with this one.
with standing as (
    select key, min(case state when 'done' then 1 when 'sending' then 2 else 3 end) as rank, max(error) as error
    from main.rows
    where kind in ('conversation', 'ticket') and step = 'create'
    group by key
),
planned as (
    select distinct key from plan.actions where kind in ('conversation', 'ticket') and step = 'create'
),
became as (
    select
        case
            when s.rank = 1 and p.key is not null then 'here'
            when s.rank = 1 then 'elsewhere'
            when s.rank = 2 then 'in_doubt'
            when s.rank = 3 then 'failed'
            when f.ticket is not null then 'refused'
            when d.target in ('archive_only', 'drop') then d.target
            when p.key is not null then 'left'
            else 'unaccounted'
        end as class,
        d.reason as kept,
        f.reason as refused,
        s.error
    from temp.export as e
    left join plan.decisions as d on d.ticket = e.id
    left join plan.refused as f on f.ticket = e.id
    left join standing as s on s.key = cast(e.id as text)
    left join planned as p on p.key = cast(e.id as text)
)
select
    class,
    case class
        when 'archive_only' then kept when 'drop' then kept when 'refused' then refused when 'failed' then error
        else ''
    end as reason,
    count(*) as count
from became
group by 1, 2
order by 3 desc, 2

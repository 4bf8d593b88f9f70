-- What stands of the attached plan: for each conversation the worst that is known of its calls and of its
-- contact's: failed, in doubt, left to do, done. A call held back because its neighbour stands with another
-- text is not left; it is among the changed.
with conversations as (
    select
        a.key,
        case
            when max(coalesce(r.state = 'failed', 0)) or max(coalesce(c.state = 'failed', 0)) then 'failed'
            when max(coalesce(r.state = 'sending', 0)) or max(coalesce(c.state = 'sending', 0)) then 'in_doubt'
            when max(l.key is not null) then 'left'
            else 'done'
        end as state
    from plan.actions as a
    left join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = a.step and r.part = a.part
    left join main.rows as c on c.kind = 'contact' and c.key = a.contact and c.step = 'create'
    left join (select distinct key from remaining where kind = 'conversation') as l on l.key = a.key
    where a.kind = 'conversation'
    group by a.key
)
select state, count(*) from conversations group by state

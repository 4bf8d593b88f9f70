-- What of the attached plan stands in the target, in its order, with what it can be found by again.
-- contact, second: of a conversation, the Intercom id of whom it is with and when it begins.
select
    r.kind,
    r.key,
    r.target_id,
    c.target_id as contact,
    json_extract(r.witness, '$.created_at') as second
from plan.actions as a
join main.rows as r on r.kind = a.kind and r.key = a.key and r.step = 'create' and r.part = a.part
left join main.rows as c
    on c.kind = 'contact' and c.key = json_extract(r.witness, '$.contact') and c.step = 'create'
where a.step = 'create'
    and a.kind = $kind
    and r.state = 'done'
    and r.target_id is not null
order by a.phase, a.seq

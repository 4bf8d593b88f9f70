-- The next threads of what is left (temp.work, see Backlog.freeze), of one phase, in the order of the plan.
-- Of a conversation its form, of a ticket its type stand in the decision about it.
select w.rowid, w.phase, w.kind, w.key, d.form
from temp.work as w
left join plan.decisions as d on w.kind in ('conversation', 'ticket') and d.ticket = cast(w.key as integer)
where w.rowid > $last and w.phase = (select phase from temp.work where rowid > $last order by rowid limit 1)
order by w.rowid
limit $batch

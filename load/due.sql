-- The threads that were set aside until now (temp.aside, see Backlog.set_aside), in the order of the plan.
select w.rowid, w.phase, w.kind, w.key, d.form
from temp.work as w
left join plan.decisions as d on w.kind in ('conversation', 'ticket') and d.ticket = cast(w.key as integer)
where w.rowid in (select place from temp.aside where until <= $now order by place limit $most)
order by w.rowid

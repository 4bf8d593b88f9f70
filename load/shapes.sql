-- Threads of a ledger by their shape: what their calls are and how each stands. A large ledger has few shapes, and
-- its rows come thread by thread, so that far less is sorted than by counting call by call.
select kind, calls, count(*) as threads
from (
    select kind, group_concat(step || ' ' || state || ' ' || coalesce(origin, ''), ',') as calls
    from main.rows
    group by kind, key
)
group by kind, calls

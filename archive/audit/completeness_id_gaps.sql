-- title: Ticket ids that are absent
-- group: completeness
-- severity: DECIDE
-- says: {count:ticket id is|ticket ids are} absent in {runs:run|runs}; the longest has {longest}
-- advice: Compare with the account's own count; long runs mean a slice of the export is missing
-- count: absent ids
-- runs: runs of absent ids
-- longest: ids in the longest run
-- examples: runs, the longest first, each with its number of ids and the likely reason
with neighbours as (
    select
        id,
        created_at,
        lead(id) over (order by id) as next_id,
        lead(created_at) over (order by id) as next_at
    from tickets
),
pace as (
    select date_diff('second', arg_min(created_at, id), arg_max(created_at, id)) / nullif(max(id) - min(id), 0)
        as seconds_per_id
    from tickets
),
known as (
    -- The rules of deskferry check, so that both name one reason.
    select
        (select count(*) from sources where damaged) > 0 as damaged,
        count(*) filter (next_id - id - 1 >= 10) > greatest(10, 0.2 * count(*)) as selection
    from neighbours
),
runs as (
    select
        id + 1 as first,
        next_id - 1 as last,
        next_id - id - 1 as ids,
        -- Zendesk numbers without leaving any out, so a run says what became of its tickets.
        case
            when next_id - id - 1 >= 10 and selection then 'the export is a selection'
            when damaged then 'a file of the export is damaged or cut'
            when next_id - id - 1 < 10 then 'deleted for good'
            when date_diff('second', created_at, next_at) < 0.1 * seconds_per_id * (next_id - id - 1)
                then 'many in a short time: deleted spam'
            else 'a slice or pages of the export are missing'
        end as reason
    from neighbours, pace, known
    where next_id > id + 1
    union all
    select 1, min(id) - 1, min(id) - 1, 'before the dates of the export' from tickets having min(id) > 11
)
select
    coalesce(sum(ids), 0)::bigint as count,
    count(*) as runs,
    coalesce(max(ids), 0)::bigint as longest,
    list({'ids': case when first = last then first::varchar else first || '-' || last end, 'number': ids, 'reason': reason}
        order by ids desc, first)[:10] as examples
from runs

-- title: What was found and not accepted
-- group: completeness
-- severity: DECIDE
-- says: {count:thing|things} in the export {count:was|were} not accepted, {ids} of them for a damaged or missing id
-- advice: Look at table rejects, mend the export and convert again; what you leave out is lost
-- count: rejects
-- ids: rejects for an id that a spreadsheet or a script has spoilt
-- examples: reasons, each with its rejects
with reasons as (
    select
        entity || ': ' || reason as reason,
        count(*) as rejects,
        count(*) filter (regexp_matches(pointer, '(^|/|_)id$')) as ids
    from rejects
    group by entity, reason
)
select
    coalesce(sum(rejects), 0)::bigint as count,
    coalesce(sum(ids), 0)::bigint as ids,
    list({'reason': reason, 'rejects': rejects} order by rejects desc, reason)[:10] as examples
from reasons

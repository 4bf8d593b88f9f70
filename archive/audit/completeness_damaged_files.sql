-- title: Files that are damaged or cut
-- group: completeness
-- severity: STOP
-- says: {count:file|files} of the export {count:is|are} damaged, cut or unreadable in {pieces:place|places}
-- advice: Get these files again and convert again; what stood in the damaged part is in no count here
-- count: files that could not be read to their end, or that hold what could not be read at all
-- pieces: such places, for a file that ends too early at least one
-- examples: files, each with what is wrong
with broken as (
    select source as file, count(*) as pieces, min(reason) as why
    from rejects
    -- Whole records of something else, or of another account, are no damage.
    where (entity = 'unknown' and reason <> 'not a Zendesk record that is known' and reason not like 'belongs to account %')
        or reason = 'a quote in it is never closed'
    group by source
),
damaged as (
    select name as file, coalesce(min(note), 'nothing known of Zendesk') as why
    from sources
    -- What calls itself tickets and cannot be read as such is no stray file.
    where damaged or (form = 'unknown' and regexp_matches(name, '(?i)(ticket|comment|user|organi[sz]ation)[^/]*$'))
    group by name
),
wrong as (
    select
        coalesce(damaged.file, broken.file) as file,
        coalesce(damaged.why, broken.why) as why,
        greatest(coalesce(broken.pieces, 0), 1) as pieces
    from damaged full join broken on broken.file = damaged.file
)
select
    count(*) as count,
    coalesce(sum(pieces), 0)::bigint as pieces,
    list({'file': file, 'why': why} order by file)[:10] as examples
from wrong

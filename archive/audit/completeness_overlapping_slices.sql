-- title: Slices of the export that overlap
-- group: completeness
-- severity: KNOW
-- says: {count:ticket record|ticket records} stood in the export more than once, in {files:file|files}
-- advice: Nothing to do; the newest copy was kept, and older ones are counted in source_counts
-- count: ticket records that repeat or precede another one
-- files: files that hold such records
-- examples: files, each with its number of such records
with overlapping as (
    select name, sum(repeated + superseded)::bigint as records
    from source_counts
    where entity = 'tickets' and repeated + superseded > 0
    group by name
)
select
    coalesce(sum(records), 0)::bigint as count,
    count(*) as files,
    list({'file': name, 'records': records} order by records desc, name)[:10] as examples
from overlapping

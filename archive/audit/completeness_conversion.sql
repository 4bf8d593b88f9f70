-- title: What the conversion had to say
-- group: completeness
-- severity: KNOW
-- says: the conversion left {count:remark|remarks} about the export
-- advice: Read them in table findings, or with deskferry check
-- count: remarks
-- examples: remarks, each with what it counts
select
    count(*) as count,
    list({'finding': text, 'count': findings.count} order by findings.count desc, id)[:10] as examples
from findings

-- title: Tags: usage
-- group: structure
-- severity: KNOW
-- says: {count:different tag|different tags}, set {uses} times; {rare} of them on fewer than 10 tickets
-- advice: A tag costs a call each time it is set: keep those that somebody searches for
-- count: different tags
-- uses: how often they are set
-- rare: tags on fewer than 10 tickets
-- examples: tags, each with its tickets
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as uses,
    count(*) filter (tickets < 10) as rare,
    list({'tag': tag, 'tickets': tickets} order by tickets desc, tag)[:10] as examples
from tag_uses
-- plot: bar
-- title: Tickets with each tag
-- x: tag
-- y: tickets
select tag, tickets from tag_uses order by tickets desc, tag limit 40

-- title: Languages of the requesters
-- group: inventory
-- severity: KNOW
-- says: {languages:language|languages}; most tickets are by people whose language is {largest}
-- advice: The neutral opening line is written in one language; translate templates/opening.txt if need be
-- count: tickets whose requester has a language
-- languages: different languages, variants such as en-GB counted as one
-- largest: the language with most tickets
-- examples: languages, each with its tickets
with languages as (
    select lower(split_part(replace(u.locale, '_', '-'), '-', 1)) as language, count(*) as tickets
    from tickets t
    join users u on u.id = t.requester_id
    where u.locale <> ''
    group by language
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    count(*) as languages,
    arg_max(language, tickets) as largest,
    list({'language': language, 'tickets': tickets} order by tickets desc, language)[:10] as examples
from languages

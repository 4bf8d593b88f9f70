-- title: Words about children
-- group: risk
-- severity: KNOW
-- says: {count:comment is|comments are} about children by their words
-- advice: Data about children deserves more care; look at a few of them
-- count: comments with words such as my daughter, 9 years old; an estimate
-- examples: ticket numbers
select count(*) as count, list(distinct ticket_id order by ticket_id)[:10] as examples
from comments
where regexp_matches(
    coalesce(plain_body, body),
    '(?i)\b(my (little |young |\d+.year.old )?(son|daughter|child|children|kids?)|(1[0-7]|[1-9])[ -]years?[ -]old'
    || '|mein(e|em|en)? (sohn|tochter|kind(er)?)|mon fils|ma fille|mi hij[oa])\b'
)

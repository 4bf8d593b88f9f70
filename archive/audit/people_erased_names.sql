-- title: Erased people whose name survives elsewhere
-- group: people
-- severity: STOP
-- says: the name or address of {count:erased person|erased people} still stands in {places:place|places}
-- advice: Name them in a file for convert --erased, or redact these tickets; nothing of them may come back
-- count: erased people
-- places: user rows, senders of mails, texts and further addresses that still hold it
-- examples: user ids
with erased as (
    select id from users where erased or permanently_deleted
),
-- What is still known of them: their own row, their addresses, and the sender line of mails.
known as (
    select id, trim(name) as word, 'row' as place
    from users
    where id in (select id from erased) and not regexp_matches(coalesce(name, ''), '(?i)^(permanently )?deleted')
    union all
    select id, trim(email), 'row' from users where id in (select id from erased)
    union all
    select user_id, trim(value), 'identity' from identities where user_id in (select id from erased)
    union all
    select author_id, trim(via ->> '$.source.from.name'), 'sender ' || id
    from comments
    where author_id in (select id from erased)
    union all
    select author_id, trim(via ->> '$.source.from.address'), 'sender ' || id
    from comments
    where author_id in (select id from erased)
),
words as (
    select distinct id, word from known where length(word) >= 5
),
in_texts as (
    select words.id, 'text ' || c.id as place
    from comments c
    join tickets t on t.id = c.ticket_id
    join words on words.id = t.requester_id
    where contains(lower(coalesce(c.plain_body, c.body)), lower(words.word))
),
places as (
    select distinct id, place from known where word <> ''
    union
    select id, place from in_texts
)
select
    count(distinct id) as count,
    count(*) as places,
    list(distinct id order by id)[:10] as examples
from places

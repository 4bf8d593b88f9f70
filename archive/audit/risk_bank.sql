-- title: Bank accounts
-- group: risk
-- severity: DECIDE
-- says: {count:comment holds|comments hold} a bank account (IBAN) with a valid checksum
-- advice: Add a pattern to redact in the mapping, or leave these tickets in the archive
-- count: comments with an IBAN that passes its checksum
-- examples: ticket numbers
with candidates as (
    select
        id,
        ticket_id,
        replace(unnest(regexp_extract_all(
            coalesce(plain_body, body), '\b[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b'
        )), ' ', '') as iban
    from comments
    where regexp_matches(coalesce(plain_body, body), '\b[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b')
),
digits as (
    -- A is 10, B is 11, ...; the first four characters come last.
    select id, ticket_id, array_to_string([
        case when c between 'A' and 'Z' then (ascii(c) - 55)::varchar else c end
        for c in string_split(substr(iban, 5) || left(iban, 4), '')
    ], '') as number
    from candidates
),
first_rest as (
    select *, left(number, 18)::bigint % 97 as rest from digits
),
second_rest as (
    select *, (rest || substr(number, 19, 16))::bigint % 97 as rest_2 from first_rest
),
found as (
    select distinct id, ticket_id
    from second_rest
    where (rest_2 || substr(number, 35, 16))::bigint % 97 = 1
)
select count(*) as count, list(distinct ticket_id order by ticket_id)[:10] as examples from found

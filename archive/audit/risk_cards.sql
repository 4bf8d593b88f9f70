-- title: Card numbers
-- group: risk
-- severity: STOP
-- says: {count:comment holds|comments hold} a card number with a valid checksum, {public} of them public
-- advice: Redact them in Zendesk; on the way out the mapping blackens them by default
-- count: comments with 13 to 19 digits that begin as a card does and pass the checksum
-- public: of these, public
-- examples: ticket numbers
with candidates as (
    select
        id,
        ticket_id,
        public,
        unnest(regexp_extract_all(coalesce(plain_body, body), '\b(?:\d[ -]?){12,18}\d\b')) as digits
    from comments
    where regexp_matches(coalesce(plain_body, body), '\b(?:\d[ -]?){12,18}\d\b')
),
found as (
    select distinct id, ticket_id, public
    from candidates
    where is_card_number(digits)
)
select
    count(*) as count,
    count(*) filter (public) as public,
    list(distinct ticket_id order by ticket_id)[:10] as examples
from found

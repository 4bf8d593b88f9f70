-- title: Card numbers
-- group: risk
-- severity: STOP
-- says: {count:comment holds|comments hold} a card number with a valid checksum, {public} of them public
-- advice: Redact them in Zendesk; on the way out the mapping blackens them by default
-- count: comments with 13 to 19 digits that begin as a card does and pass the checksum
-- public: of these, public
-- examples: ticket numbers
with runs as (
    select
        id,
        ticket_id,
        public,
        string_split(translate(
            unnest(regexp_extract_all(
                replace(coalesce(plain_body, body), '&nbsp;', ' '), '\b\d+(?:[ \x{a0}-]\d+)*\b'
            )), ' -' || chr(160), '   '
        ), ' ') as groups
    from comments
    where regexp_matches(coalesce(plain_body, body), '\b\d(?:(?:[ \x{a0}-]|&nbsp;)?\d){12}')
),
-- Other digits may stand beside a number: its expiry date, its CVC, a number in a list.
candidates as (
    select
        *,
        array_to_string(groups[first : first + further], '') as digits,
        first = 1 and first + further = len(groups) as alone
    from (
        select *, unnest(generate_series(0, least(len(groups) - first, 18))) as further
        from (select *, unnest(generate_series(1, len(groups))) as first from runs)
    )
),
found as (
    select distinct id, ticket_id, public
    from candidates
    where length(digits) between 13 and 19 and is_card_number(digits)
        and (alone or regexp_full_match(digits, '(3[47]\d{13}|3[068]\d{12}|(2[2-7]|[4-6]\d)\d{14})'))
)
select
    count(*) as count,
    count(*) filter (public) as public,
    list(distinct ticket_id order by ticket_id)[:10] as examples
from found

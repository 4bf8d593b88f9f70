-- title: Tokens and keys
-- group: risk
-- severity: DECIDE
-- says: {count:comment holds|comments hold} something that looks like an access token or a private key
-- advice: Have them revoked; a key in a ticket was never a secret
-- count: comments with a key of a known form (cloud, code host, payment, chat, signed token, private key)
-- examples: ticket numbers
select count(*) as count, list(distinct ticket_id order by ticket_id)[:10] as examples
from comments
where regexp_matches(
    coalesce(plain_body, body),
    '\b(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20}|[sr]k_live_[A-Za-z0-9]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}'
    || '|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}|AIza[0-9A-Za-z_-]{35})|-----BEGIN [A-Z ]*PRIVATE KEY-----'
)

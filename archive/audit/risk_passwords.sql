-- title: Passwords
-- group: risk
-- severity: DECIDE
-- says: {count:comment|comments} may give away a password
-- advice: Redact them, or add a pattern to redact in the mapping; whoever reads the history reads them
-- count: comments where a word for password is followed by a colon, an equals sign or "is"
-- examples: ticket numbers
select count(*) as count, list(distinct ticket_id order by ticket_id)[:10] as examples
from comments
where regexp_matches(
    coalesce(plain_body, body),
    '(?i)\b(password|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|lösenord|passcode|pwd)\b'
    || '((\s+(is|ist|est|es))?\s*[:=]\s*|\s+(is|ist|est|es)\s+)[^\s<]{4,}'
)

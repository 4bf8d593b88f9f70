-- title: Bounced mails
-- group: conversations
-- severity: KNOW
-- says: {count:ticket is a bounced mail|tickets are bounced mails}
-- advice: Nobody will read them: archive only, by a rule
-- count: tickets whose requester is a mail server or whose subject is that of a bounce
-- examples: ticket numbers
select count(*) as count, list(id order by id)[:10] as examples
from ticket_overview
where regexp_matches(coalesce(requester_email, ''), '(?i)^(mailer-daemon|postmaster)@')
    or regexp_matches(
        coalesce(subject, ''),
        '(?i)^(undeliver|delivery (status notification|has failed|failure)|mail delivery (failed|system)'
        || '|returned mail|failure notice|unzustellbar|échec de la remise|no se puede entregar|non remis)'
    )

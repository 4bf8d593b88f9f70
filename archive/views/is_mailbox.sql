-- is_mailbox: whether an address is a shared mailbox or takes no answer, rather than being a person's.
create macro is_mailbox(address) as
    coalesce(
        regexp_matches(
            lower(trim(address)),
            '^(no-?_?reply|do-?_?not-?_?reply|donotreply|mailer-daemon|postmaster|bounces?|notifications?|alerts?'
            || '|info|support|help(desk)?|service|sales|billing|accounts?|invoices?|office|contact|hello|admin|team'
            || '|orders?|newsletter|marketing|root|webmaster|hostmaster|abuse)([+._-][^@]*)?@'
        ),
        false
    );

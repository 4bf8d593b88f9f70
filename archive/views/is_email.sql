-- is_email: whether a text is an address that a contact can have. Zendesk holds what people typed; Intercom
-- refuses what is no address, and so does everybody who mails. Blanks around it do not count.
create macro is_email(address) as
    coalesce(regexp_full_match(trim(address), '[^@\s]+@[^@\s.]+(\.[^@\s.]+)+'), false);

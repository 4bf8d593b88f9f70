-- title: Texts that point to other tickets
-- group: conversations
-- severity: KNOW
-- says: {count:comment points|comments point} to another ticket by its address, in {tickets:ticket|tickets}
-- advice: The numbers stay findable as attribute zendesk_id; the addresses die with the account
-- count: comments with a link to a ticket in Zendesk
-- tickets: tickets that hold one
-- examples: ticket numbers
select
    count(*) as count,
    count(distinct ticket_id) as tickets,
    list(distinct ticket_id order by ticket_id)[:10] as examples
from comments
where regexp_matches(coalesce(plain_body, body), '\.zendesk\.com/(agent/(#/)?tickets|hc/[a-z-]+/requests|hc/requests|requests|tickets)/[0-9]+')
    or regexp_matches(html_body, '\.zendesk\.com/(agent/(#/)?tickets|hc/[a-z-]+/requests|hc/requests|requests|tickets)/[0-9]+')

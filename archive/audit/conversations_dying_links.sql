-- title: Links to the dying subdomain
-- group: conversations
-- severity: DECIDE
-- says: {count:comment holds|comments hold} a link to {hosts}, in {tickets:ticket|tickets}
-- advice: Files and articles behind them are gone when the account is; fetch the files, move the articles
-- count: comments with a link to the account's own addresses
-- hosts: these addresses
-- tickets: tickets that hold one
-- examples: ticket numbers
with hosts as (
    select distinct lower(host) as host
    from (
        select value || '.zendesk.com' as host from manifest where key = 'account'
        union all
        select subdomain || '.zendesk.com' from brands
        union all
        select host_mapping from brands
    )
    where host not in ('', '.zendesk.com')
),
found as (
    select distinct c.ticket_id, c.id
    from comments c
    join hosts on contains(coalesce(c.html_body, c.plain_body, c.body), '//' || hosts.host || '/')
)
select
    count(*) as count,
    coalesce((select string_agg(host, ', ' order by host) from hosts), 'an unknown account') as hosts,
    count(distinct ticket_id) as tickets,
    list(distinct ticket_id order by ticket_id)[:10] as examples
from found

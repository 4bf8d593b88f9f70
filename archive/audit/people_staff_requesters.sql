-- title: Agents and own domains as requesters
-- group: people
-- severity: DECIDE
-- says: {count:requester works|requesters work} here by role or address, with {tickets:ticket|tickets}
-- advice: Internal tickets are no customer's conversation; list own domains under staff, and decide by a rule
-- count: requesters who are staff or have an address in a domain of agents
-- tickets: their tickets
-- examples: addresses, user ids without one, most tickets first
with own_domains as (
    select distinct lower(split_part(trim(email), '@', 2)) as domain
    from staff
    where list_contains(reasons, 'role') and is_email(email)
        -- Addresses of anybody say nothing about who somebody works for.
        and lower(split_part(trim(email), '@', 2)) not in (
            'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'yahoo.com', 'icloud.com',
            'me.com', 'gmx.de', 'gmx.net', 'web.de', 'aol.com', 'proton.me', 'protonmail.com', 'mail.ru', 'qq.com',
            '163.com'
        )
)
select
    count(*) as count,
    coalesce(sum(tickets), 0)::bigint as tickets,
    list(coalesce(email, user_id::varchar) order by tickets desc, user_id)[:10] as examples
from requester_history
where is_staff or lower(split_part(email, '@', 2)) in (select domain from own_domains)

-- title: Contacts that would be made
-- group: people
-- severity: KNOW
-- says: {count:contact|contacts} would be made: {product} by product id, {mail} by e-mail, {made} by an id of ours
-- advice: Look at people in the mapping: policy create or match, and what to do with those without e-mail
-- count: requesters of loaded tickets under the default mapping, one for several of the same e-mail or product id
-- product: with the product's id
-- mail: with an e-mail only
-- made: with neither
-- examples: policies, each with its contacts and tickets
with people as (
    select
        case
            when count(external_id) > 0 then 'product id'
            when count(email) > 0 then 'e-mail'
            else 'id of ours'
        end as policy,
        sum(tickets) as tickets
    from persons
    group by person
),
policies as (
    select policy, count(*) as contacts, sum(tickets)::bigint as tickets from people group by policy
)
select
    coalesce(sum(contacts), 0)::bigint as count,
    coalesce(sum(contacts) filter (policy = 'product id'), 0)::bigint as product,
    coalesce(sum(contacts) filter (policy = 'e-mail'), 0)::bigint as mail,
    coalesce(sum(contacts) filter (policy = 'id of ours'), 0)::bigint as made,
    list({'policy': policy, 'contacts': contacts, 'tickets': tickets} order by contacts desc) as examples
from policies

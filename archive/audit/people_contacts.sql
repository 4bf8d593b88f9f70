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
with requesters as (
    select
        requester_id as id,
        any_value(if(is_email(requester_email), lower(trim(requester_email)), null)) as email,
        any_value(nullif(trim(requester_external_id), '')) as external_id,
        count(*) as tickets
    from ticket_overview t
    join answered on answered.ticket_id = t.id
    where answered.target <> 'archive_only'
    group by requester_id
),
-- As the plan joins them: by e-mail, then by product id, then by e-mail again.
by_email as (
    select *, if(email is null, id, min(id) over (partition by email)) as same_email from requesters
),
by_product_id as (
    select *, if(external_id is null, same_email, min(same_email) over (partition by external_id)) as same
    from by_email
),
persons as (
    select *, if(email is null, same, min(same) over (partition by email)) as person from by_product_id
),
people as (
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

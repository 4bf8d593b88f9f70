-- Whose contact a requester's tickets are with, over all tickets, whatever is selected. product_ids: the file
-- of people.ids, key (an e-mail in lower case, or a Zendesk id) and product id, which win over the export's.
-- Requesters of one e-mail or one product id would be refused as one contact, so they share one: the first of
-- them who is neither suspended nor deleted, rather one with a product id. rank: their order in it, from 1.
-- Users who ask for nothing (asked: no) have the contact of a requester of theirs, else one of their own.
create temp table if not exists contact_of as
with requesters as (
    select
        asked.requester_id as id,
        if(is_email(u.email), lower(trim(u.email)), null) as email,
        coalesce(by_id.product_id, by_email.product_id, nullif(trim(u.external_id), '')) as external_id,
        coalesce(u.suspended, false) or not coalesce(u.active, true) as gone
    from (select distinct requester_id from tickets where requester_id is not null) as asked
    left join users as u on u.id = asked.requester_id
    left join product_ids as by_id on by_id.key = asked.requester_id::varchar
    left join product_ids as by_email on by_email.key = lower(trim(u.email))
),
by_email as (
    select *, if(email is null, id, min(id) over (partition by email)) as same_email from requesters
),
by_product_id as (
    select *, if(external_id is null, same_email, min(same_email) over (partition by external_id)) as same
    from by_email
),
persons as (
    select id, gone, email, external_id, if(email is null, same, min(same) over (partition by email)) as person
    from by_product_id
),
askers as (
    select
        id as user_id, email, external_id, gone, true as asked,
        first_value(id) over (partition by person order by gone, external_id is null, id)::varchar as contact,
        row_number() over (partition by person order by gone, external_id is null, id) as rank
    from persons
),
others as (
    select
        u.id as user_id,
        if(is_email(u.email), lower(trim(u.email)), null) as email,
        coalesce(by_id.product_id, by_email.product_id, nullif(trim(u.external_id), '')) as external_id,
        coalesce(u.suspended, false) or not coalesce(u.active, true) as gone
    from users as u
    left join product_ids as by_id on by_id.key = u.id::varchar
    left join product_ids as by_email on by_email.key = lower(trim(u.email))
    where u.id not in (select user_id from askers)
),
all_users as (
    select user_id, email, external_id, gone, asked, contact, rank from askers
    union all
    select
        o.user_id, o.email, o.external_id, o.gone, false,
        coalesce(
            same_email.contact,
            same_id.contact,
            case
                when o.email is not null then min(o.user_id) over (partition by o.email)
                when o.external_id is not null then min(o.user_id) over (partition by o.external_id)
                else o.user_id
            end::varchar
        ),
        0
    from others as o
    left join (select email, min(contact) as contact from askers group by email) as same_email
        on same_email.email = o.email
    left join (select external_id, min(contact) as contact from askers group by external_id) as same_id
        on same_id.external_id = o.external_id
),
with_phones as (
    select a.*, ltrim(regexp_replace(coalesce(u.phone, ''), '[^0-9]', '', 'g'), '0') as phone
    from all_users as a
    left join users as u on u.id = a.user_id
)
select
    * exclude (phone),
    nullif(phone, '') as phone,
    phone <> '' and min(contact) over (partition by phone) <> max(contact) over (partition by phone)
        as phone_shared
from with_phones;
-- The organization that stands for all that share its product id: Intercom knows a company by that id.
create temp table if not exists company_of as
select
    id as organization_id,
    if(nullif(trim(external_id), '') is null, id, min(id) over (partition by trim(external_id)))::varchar
        as company
from organizations
where deleted_at is null

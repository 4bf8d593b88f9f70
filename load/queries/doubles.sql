-- Users who share a contact, and contacts that share a phone number. Reads contact_of.
select
    'one contact' as what,
    [contact] as contacts,
    list(user_id order by rank) as users,
    case
        when count(distinct email) = 1 and count(email) > 1 then 'e-mail ' || min(email)
        when count(distinct external_id) = 1 and count(external_id) > 1 then 'product id ' || min(external_id)
        else 'e-mail or product id'
    end as shared
from contact_of
where asked
group by contact
having count(*) > 1
union all
select 'same phone', list(distinct contact order by contact::bigint), list(user_id order by user_id),
    'phone number ' || phone
from contact_of
where asked and phone_shared and length(phone) >= 7
group by phone
having count(distinct contact) > 1
order by what, users;

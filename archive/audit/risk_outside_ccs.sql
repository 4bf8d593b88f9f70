-- title: People in copy from outside the customer's domain
-- group: risk
-- severity: KNOW
-- says: on {count:ticket|tickets} somebody in copy has another domain than the requester
-- advice: They would read what was not meant for them if they were made participants; in the transcript they are text
-- count: tickets with such a person, staff left out
-- examples: ticket numbers
with copied as (
    select id, requester_id, unnest(list_concat(coalesce(email_cc_ids, []), coalesce(collaborator_ids, []))) as user_id
    from tickets
),
found as (
    select distinct copied.id
    from copied
    join users asked on asked.id = copied.requester_id and is_email(asked.email)
    join users other on other.id = copied.user_id and is_email(other.email)
    where copied.user_id not in (select user_id from staff)
        and lower(split_part(trim(asked.email), '@', 2)) <> lower(split_part(trim(other.email), '@', 2))
)
select count(*) as count, list(id order by id)[:10] as examples from found

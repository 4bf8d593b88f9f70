-- title: Field values too long for an attribute
-- group: structure
-- severity: KNOW
-- says: {count:ticket has|tickets have} a field value longer than an attribute takes; the longest has {longest} characters
-- advice: It is shortened in the attribute and stands whole in the transcript
-- count: tickets with a value longer than the limit for text attributes
-- longest: characters of the longest value
-- examples: ticket numbers, the longest value first
with long as (
    select ticket_id, max(length(value_name)) as length
    from custom_field_values
    where length(value_name) > (select value from limits where name = 'attribute_text')
    group by ticket_id
)
select
    count(*) as count,
    coalesce(max(length), 0) as longest,
    list(ticket_id order by length desc, ticket_id)[:10] as examples
from long

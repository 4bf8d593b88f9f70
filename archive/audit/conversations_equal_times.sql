-- title: Comments of the same second
-- group: conversations
-- severity: KNOW
-- says: {count:ticket has|tickets have} comments in one and the same second
-- advice: Message by message they are kept apart by a second each, in their order; in a note nothing changes
-- count: tickets with two comments whose times are equal to the second
-- examples: ticket numbers
with equal as (
    select distinct ticket_id
    from (
        select ticket_id
        from comments
        where created_at is not null
        group by ticket_id, date_trunc('second', created_at)
        having count(*) > 1
    )
)
select count(*) as count, list(ticket_id order by ticket_id)[:10] as examples from equal

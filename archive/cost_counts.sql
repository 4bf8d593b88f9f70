-- cost_counts: what a mapping would load, as schemas/cost.py counts it. Reads the tables of audit_tables.sql.
-- Intercom knows no upper and lower case in tags.
with loaded as (
    select t.id, t.status, t.custom_status, t.assignee_id, t.assignee_email, t.group_name, t.comments
    from ticket_overview t
    join answered on answered.ticket_id = t.id
    where answered.target in ('conversation', 'ticket')
),
states as (
    select
        l.*,
        coalesce(own.closed, category.closed, l.status in ('solved', 'closed', 'deleted'), false) as ends_closed
    from loaded l
    left join left_as own on own.kind = 'custom status' and own.value = lower(l.custom_status)
    left join left_as category on category.kind = 'status' and category.value = lower(l.status)
),
assigned as (
    select coalesce(lower(nullif(s.assignee_email, '')), 'id:' || s.assignee_id) as agent, lower(s.group_name) as team
    from states s, asked
    where asked.assign = 'all' or (asked.assign = 'open' and not s.ends_closed)
),
tags as (
    select distinct tagged.id, kept_tags.name
    from (select t.id, unnest(t.tags) as tag from tickets t semi join loaded on loaded.id = t.id) tagged
    join kept_tags on kept_tags.tag = lower(tagged.tag)
),
lengths as (
    -- A message of the transcript has a name and a time beside its text, some 80 characters.
    select c.ticket_id, sum(length(coalesce(c.plain_body, c.body, '')) + 80) as characters
    from comments c
    semi join loaded on loaded.id = c.ticket_id
    group by c.ticket_id
),
sent as (
    select a.ticket_id, count(*) as at_hand
    from attachments a
    semi join loaded on loaded.id = a.ticket_id
    cross join asked
    where asked.files and a.sha256 is not null and a.deleted is not true
    group by a.ticket_id
),
notes as (
    -- A transcript that is too long takes several notes; its files go with them, ten with each.
    select l.id, ceil(coalesce(characters, 0) / asked.note) as texts,
        ceil(coalesce(at_hand, 0) / (select value from limits where name = 'files_per_part')) as parcels
    from loaded l
    cross join asked
    left join lengths on lengths.ticket_id = l.id
    left join sent on sent.ticket_id = l.id
)
select
    (select count(*) from states) as tickets,
    (select count(*) from states where ends_closed) as closed,
    (select coalesce(sum(greatest(comments, 1)), 0)::bigint from states) as messages,
    (select coalesce(sum(greatest(texts, parcels, 1) - 1), 0)::bigint from notes) as further_notes,
    (select count(*) from tags) as tags,
    (
        (select count(*) from assigned where agent in (select value from assignable where kind = 'agent'))
        + (select count(*) from assigned where team in (select value from assignable where kind = 'group'))
    ) as assignments,
    (select count(distinct person) from persons) as contacts

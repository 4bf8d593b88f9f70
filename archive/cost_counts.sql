-- cost_counts: what a mapping would load, as schemas/cost.py counts it. Reads the tables of audit_tables.sql.
-- Intercom knows no upper and lower case in tags.
with loaded as (
    select t.id, t.organization_id, t.status, t.custom_status, t.assignee_id, t.assignee_email, t.group_name, t.comments
    from ticket_overview t
    join answered on answered.ticket_id = t.id
    where answered.target in ('conversation', 'ticket')
),
states as (
    select
        l.*,
        coalesce(own.closed, category.closed, l.status in ('solved', 'closed', 'deleted'), false) as ends_closed,
        case
            when own.value is not null then ('custom status', own.value) in (select (kind, value) from asleep)
            else ('status', lower(l.status)) in (select (kind, value) from asleep)
        end as sleeps
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
firms as (
    select company from memberships
    union
    select c.company
    from loaded l
    join companies_of c on c.organization_id = l.organization_id
    cross join asked
    where asked.companies
),
people as (
    select p.person, u.tags, trim(coalesce(u.notes, '')) || trim(coalesce(u.details, '')) as written
    from persons p
    join users u on u.id = p.id
),
parcels as (
    select a.ticket_id, a.comment_id,
        ceil(count(*) / (select value from limits where name = 'files_per_part')) as parcels
    from attachments a
    semi join loaded on loaded.id = a.ticket_id
    cross join asked
    where asked.files and a.sha256 is not null and a.deleted is not true
    group by a.ticket_id, a.comment_id
),
words as (
    -- opens: the comment can begin the conversation, if it is the first.
    select c.ticket_id, c.id, c.position, length(coalesce(c.plain_body, c.body, '')) as characters,
        coalesce(c.position = 1 and c.public and c.author_id = t.requester_id, false)
            and coalesce(nullif(trim(c.body), ''), nullif(trim(c.plain_body), ''), nullif(trim(c.html_body), ''))
                is not null
            and not (coalesce(c.reconstructed, false) and coalesce(t.submitter_id <> t.requester_id, false)) as opens
    from comments c
    join tickets t on t.id = c.ticket_id
    semi join loaded on loaded.id = c.ticket_id
    cross join asked_messages as asked
    where asked.internal or c.public
),
spoken as (
    select ticket_id, count(*) as said, bool_or(opens) as opens from words group by ticket_id
),
pieces as (
    -- Parts of each comment: its text may take several, and so may its files; those of an opening go after it.
    select greatest(ceil(w.characters / asked.message), coalesce(p.parcels, 0) + if(w.opens, 1, 0), 1) as parts
    from words w
    cross join asked_messages as asked
    left join parcels p on p.ticket_id = w.ticket_id and p.comment_id = w.id
),
copied as (
    select distinct c.id as ticket_id, lower(trim(u.email)) as email
    from (
        select
            t.id, t.requester_id,
            unnest(list_concat(coalesce(email_cc_ids, []), coalesce(collaborator_ids, []))) as user_id
        from tickets t
        semi join loaded on loaded.id = t.id
    ) c
    join users u on u.id = c.user_id
    join users r on r.id = c.requester_id
    cross join asked_messages as asked
    where asked.participants and is_email(u.email) and not is_mailbox(u.email)
        and not coalesce(u.suspended, false) and coalesce(u.active, true)
        and lower(trim(u.email)) is distinct from lower(trim(r.email))
        and not list_contains(asked.domains, lower(split_part(trim(u.email), '@', 2)))
        and c.user_id not in (select user_id from staff)
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
    (select count(*) from states where ends_closed or sleeps) as closed,
    (select coalesce(sum(greatest(comments, 1)), 0)::bigint from states) as messages,
    (
        (
            select coalesce(sum(greatest(coalesce(s.said, 0), 1) - greatest(l.comments, 1)), 0)::bigint
            from loaded l
            left join spoken s on s.ticket_id = l.id
        )
        + (select count(*) from spoken where not opens)
        + (select coalesce(sum(parts - 1), 0)::bigint from pieces)
        + (select coalesce(sum(parcels), 0)::bigint from parcels where comment_id is null)
        + (select count(*) from loaded, asked_messages where header)
    ) as further_messages,
    (select count(*) from copied) as participants,
    (
        select count(distinct email) from copied
        where email not in (select email from persons where email is not null)
    ) as copied,
    (select coalesce(sum(greatest(texts, parcels, 1) - 1), 0)::bigint from notes) as further_notes,
    (select count(*) from tags) as tags,
    (
        (select count(*) from assigned where agent in (select value from assignable where kind = 'agent'))
        + (select count(*) from assigned where team in (select value from assignable where kind = 'group'))
    ) as assignments,
    (select count(distinct person) from persons) as contacts,
    (select count(*) from firms) as companies,
    (
        select coalesce(sum(least(held, most.value)), 0)::bigint
        from (select person, count(*) as held from memberships group by person)
        cross join (select value from limits where name = 'companies_per_contact') as most
    ) as memberships,
    (
        select count(distinct (t.person, k.name))
        from (select person, unnest(tags) as tag from people) t
        join kept_people_tags k on k.tag = lower(t.tag)
    ) as people_tags,
    (select count(*) from people, asked where asked.people_notes and written <> '') as people_notes,
    (
        select count(*)
        from firms f
        join organizations o on o.id = f.company
        cross join asked
        where asked.company_notes and trim(coalesce(o.notes, '')) || trim(coalesce(o.details, '')) <> ''
    ) as company_notes

-- ticket_overview: one row per ticket, with the names of everybody and everything around it.
-- Answers most questions without a join; the rules of a mapping are conditions over these columns.
-- Counts are 0 and flags are false where nothing is known, so that a condition never meets NULL there.
create view ticket_overview as
with talk as (
    select
        ticket_id,
        count(*) as comments,
        count(*) filter (public) as public_comments,
        arg_min(public, position) as first_public,
        arg_min(author_id, position) as first_author
    from comments
    group by ticket_id
),
named_files as (
    select ticket_id, count(*) as attachments from attachments group by ticket_id
),
links as (
    select
        ticket_id,
        min(linked_ticket_id) filter (type = 'merged') as merged_into,
        min(linked_ticket_id) filter (type = 'follow_up') as follow_up_of,
        min(linked_ticket_id) filter (type = 'problem') as problem_id
    from ticket_links
    group by ticket_id
),
problems as (
    select distinct linked_ticket_id as ticket_id from ticket_links where type = 'problem'
    union
    select distinct problem_id from tickets where problem_id is not null
),
ratings as (
    select distinct on (ticket_id) ticket_id, score, comment
    from satisfaction_ratings
    where score not in ('offered', 'unoffered')
    order by ticket_id, coalesce(updated_at, created_at) desc nulls last, id desc
)
select
    t.id,
    t.subject,
    t.status,
    custom_statuses.agent_label as custom_status,
    t.priority,
    t.type,
    t.via ->> '$.channel' as channel,
    t.created_at,
    t.updated_at,
    ticket_metrics.solved_at,
    t.requester_id,
    requester.name as requester_name,
    requester.email as requester_email,
    requester.external_id as requester_external_id,
    requester.phone as requester_phone,
    requester.role as requester_role,
    staff.user_id is not null as requester_staff,
    coalesce(requester.suspended, false) as requester_suspended,
    coalesce(not requester.active, false) as requester_deleted,
    coalesce(requester.erased, false) or coalesce(requester.permanently_deleted, false) as requester_erased,
    requester.id is null or coalesce(requester.placeholder, false) as requester_placeholder,
    t.submitter_id,
    t.assignee_id,
    assignee.name as assignee_name,
    assignee.email as assignee_email,
    t.group_id,
    groups.name as group_name,
    t.organization_id,
    organizations.name as organization_name,
    t.brand_id,
    brands.name as brand_name,
    t.ticket_form_id as form_id,
    ticket_forms.name as form_name,
    t.recipient,
    t.external_id,
    t.is_public,
    coalesce(t.tags, []) as tags,
    coalesce(talk.comments, 0) as comments,
    coalesce(talk.public_comments, 0) as public_comments,
    coalesce(talk.comments - talk.public_comments, 0) as private_comments,
    coalesce(talk.first_public, false) as first_comment_public,
    coalesce(talk.first_author = t.requester_id, false) as first_comment_by_requester,
    coalesce(named_files.attachments, 0) as attachments,
    coalesce(t.status = 'deleted', false) as deleted,
    -- Thirty days after deletion Zendesk overwrites the text: subject SCRUBBED, description X.
    coalesce(t.status = 'scrubbed', false)
        or coalesce(t.subject = 'SCRUBBED' and coalesce(t.description, '') in ('', 'X', 'SCRUBBED'), false)
        as scrubbed,
    coalesce(requester.suspended, false) as suspended,
    links.merged_into,
    links.follow_up_of,
    coalesce(t.problem_id, links.problem_id) as problem_id,
    coalesce(t.has_incidents, false) or problems.ticket_id is not null as has_incidents,
    coalesce(
        ratings.score,
        case when t.satisfaction_rating ->> '$.score' not in ('offered', 'unoffered')
            then t.satisfaction_rating ->> '$.score' end
    ) as csat_score,
    coalesce(ratings.comment, t.satisfaction_rating ->> '$.comment') as csat_comment,
    t.custom_fields
from tickets t
left join users requester on requester.id = t.requester_id
left join users assignee on assignee.id = t.assignee_id
left join staff on staff.user_id = t.requester_id
left join groups on groups.id = t.group_id
left join organizations on organizations.id = t.organization_id
left join brands on brands.id = t.brand_id
left join ticket_forms on ticket_forms.id = t.ticket_form_id
left join custom_statuses on custom_statuses.id = t.custom_status_id
left join ticket_metrics on ticket_metrics.ticket_id = t.id
left join talk on talk.ticket_id = t.id
left join named_files on named_files.ticket_id = t.id
left join links on links.ticket_id = t.id
left join problems on problems.ticket_id = t.id
left join ratings on ratings.ticket_id = t.id;

comment on view ticket_overview is 'One row per ticket, with the names of everybody and everything around it. The rules of a mapping are conditions over these columns.';
comment on column ticket_overview.id is 'Ticket number.';
comment on column ticket_overview.status is 'Status category: new, open, pending, hold, solved, closed, deleted.';
comment on column ticket_overview.custom_status is 'Status in the account''s own words (agent label).';
comment on column ticket_overview.channel is 'How it came in: email, web, api, chat, ...';
comment on column ticket_overview.created_at is 'UTC.';
comment on column ticket_overview.updated_at is 'UTC.';
comment on column ticket_overview.solved_at is 'UTC; when it was last solved.';
comment on column ticket_overview.requester_staff is 'The requester works for the company, or once did (see staff).';
comment on column ticket_overview.requester_deleted is 'The requester was deleted in Zendesk (active = false); name and address may be left.';
comment on column ticket_overview.requester_erased is 'The requester was deleted for good; nothing of the person may come back.';
comment on column ticket_overview.requester_placeholder is 'Nothing is known of the requester but an id, or not even that.';
comment on column ticket_overview.is_public is 'Zendesk''s own flag: true once a public comment exists.';
comment on column ticket_overview.tags is 'Tags, [] without any.';
comment on column ticket_overview.first_comment_public is 'The comment at position 1 is public.';
comment on column ticket_overview.first_comment_by_requester is 'The comment at position 1 is by the requester.';
comment on column ticket_overview.attachments is 'Files named in its comments, here or not.';
comment on column ticket_overview.deleted is 'Status deleted: in Zendesk''s bin, the text may be left.';
comment on column ticket_overview.scrubbed is 'Zendesk overwrote the text after deletion.';
comment on column ticket_overview.suspended is 'The requester is suspended.';
comment on column ticket_overview.merged_into is 'The ticket this one was merged into.';
comment on column ticket_overview.follow_up_of is 'The closed ticket this one follows.';
comment on column ticket_overview.problem_id is 'The problem this incident belongs to.';
comment on column ticket_overview.has_incidents is 'It is a problem that incidents point to.';
comment on column ticket_overview.csat_score is 'The customer''s last rating: good, bad, 1 to 5; NULL when only offered.';
comment on column ticket_overview.custom_fields is 'Value by field id, as Zendesk stores it.';
comment on column ticket_overview.subject is 'Subject.';
comment on column ticket_overview.priority is 'low, normal, high, urgent; NULL without one.';
comment on column ticket_overview.type is 'question, incident, problem, task; NULL without one.';
comment on column ticket_overview.requester_id is 'Who asked.';
comment on column ticket_overview.requester_name is 'Name of who asked.';
comment on column ticket_overview.requester_email is 'E-mail of who asked, as Zendesk holds it.';
comment on column ticket_overview.requester_external_id is 'The product''s id of who asked.';
comment on column ticket_overview.requester_phone is 'Phone of who asked.';
comment on column ticket_overview.requester_role is 'Role of who asked, today.';
comment on column ticket_overview.requester_suspended is 'The requester is suspended: what he writes is held back.';
comment on column ticket_overview.submitter_id is 'Who wrote the ticket down.';
comment on column ticket_overview.assignee_id is 'The agent who has it.';
comment on column ticket_overview.assignee_name is 'Name of that agent.';
comment on column ticket_overview.assignee_email is 'E-mail of that agent.';
comment on column ticket_overview.group_id is 'The group that has it.';
comment on column ticket_overview.group_name is 'Name of that group.';
comment on column ticket_overview.organization_id is 'The requester''s company at that time.';
comment on column ticket_overview.organization_name is 'Name of that company.';
comment on column ticket_overview.brand_id is 'The brand it came to.';
comment on column ticket_overview.brand_name is 'Name of that brand.';
comment on column ticket_overview.form_id is 'The form it was filed with.';
comment on column ticket_overview.form_name is 'Name of that form.';
comment on column ticket_overview.recipient is 'The address a mail was sent to.';
comment on column ticket_overview.external_id is 'Id of the ticket in another system.';
comment on column ticket_overview.comments is 'Comments in the export.';
comment on column ticket_overview.public_comments is 'Of these, public.';
comment on column ticket_overview.private_comments is 'Of these, internal.';
comment on column ticket_overview.csat_comment is 'The customer''s words with the rating.';

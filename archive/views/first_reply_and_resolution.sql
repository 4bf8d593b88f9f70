-- first_reply_and_resolution: how long each ticket waited for its first reply and for its solution.
-- Answers: what Zendesk's reports said, and what the comments themselves say. The two may differ: Zendesk
-- counts no reply that an agent wrote while opening the ticket, and business hours are only in its numbers.
create view first_reply_and_resolution as
with replies as (
    select
        c.ticket_id,
        min(c.created_at) as first_reply_at,
        arg_min(c.author_id, c.position) as first_reply_by,
        count(*) as public_replies
    from comments c
    join tickets t on t.id = c.ticket_id
    join staff on staff.user_id = c.author_id
    where c.public and c.author_id is distinct from t.requester_id
    group by c.ticket_id
)
select
    t.id as ticket_id,
    t.created_at,
    replies.first_reply_at,
    replies.first_reply_by,
    coalesce(replies.public_replies, 0) as public_replies,
    date_diff('minute', t.created_at, replies.first_reply_at) as first_reply_minutes,
    try_cast(m.reply_time_in_minutes ->> '$.calendar' as bigint) as zendesk_first_reply_minutes,
    try_cast(m.reply_time_in_minutes ->> '$.business' as bigint) as zendesk_first_reply_business_minutes,
    m.solved_at,
    date_diff('minute', t.created_at, m.solved_at) as resolution_minutes,
    try_cast(m.first_resolution_time_in_minutes ->> '$.calendar' as bigint) as zendesk_first_resolution_minutes,
    try_cast(m.full_resolution_time_in_minutes ->> '$.calendar' as bigint) as zendesk_full_resolution_minutes,
    try_cast(m.full_resolution_time_in_minutes ->> '$.business' as bigint) as zendesk_full_resolution_business_minutes,
    m.reopens,
    m.group_stations,
    m.assignee_stations
from tickets t
left join replies on replies.ticket_id = t.id
left join ticket_metrics m on m.ticket_id = t.id;

comment on view first_reply_and_resolution is 'How long each ticket waited for its first reply and for its solution: by its comments, and by Zendesk.';
comment on column first_reply_and_resolution.ticket_id is 'Ticket number.';
comment on column first_reply_and_resolution.created_at is 'UTC.';
comment on column first_reply_and_resolution.first_reply_at is 'First public comment by staff other than the requester. UTC.';
comment on column first_reply_and_resolution.first_reply_by is 'Who wrote it.';
comment on column first_reply_and_resolution.public_replies is 'Public comments by staff other than the requester.';
comment on column first_reply_and_resolution.first_reply_minutes is 'From creation to that comment, calendar time.';
comment on column first_reply_and_resolution.zendesk_first_reply_minutes is 'Zendesk''s own number, calendar time.';
comment on column first_reply_and_resolution.zendesk_first_reply_business_minutes is 'Zendesk''s own number, business hours.';
comment on column first_reply_and_resolution.solved_at is 'When it was last solved, by Zendesk. UTC.';
comment on column first_reply_and_resolution.resolution_minutes is 'From creation to solved_at, calendar time.';
comment on column first_reply_and_resolution.zendesk_first_resolution_minutes is 'Zendesk''s own number to the first solution, calendar time.';
comment on column first_reply_and_resolution.zendesk_full_resolution_minutes is 'Zendesk''s own number to the last solution, calendar time.';
comment on column first_reply_and_resolution.zendesk_full_resolution_business_minutes is 'Zendesk''s own number to the last solution, business hours.';
comment on column first_reply_and_resolution.reopens is 'How often it was opened again.';
comment on column first_reply_and_resolution.group_stations is 'Groups it went through.';
comment on column first_reply_and_resolution.assignee_stations is 'Agents it went through.';

-- agent_activity: one row per person who works for the company or once did, with all they did.
-- Answers: who has left, and what of theirs is in the history? Whoever has public replies is somebody whose
-- words customers know; who has left cannot write in the new system.
create view agent_activity as
with wrote as (
    select
        author_id as user_id,
        count(*) filter (public) as public_comments,
        count(*) filter (not public) as private_comments,
        count(distinct ticket_id) as tickets_commented,
        min(created_at) as first_comment_at,
        max(created_at) as last_comment_at
    from comments
    group by author_id
),
has as (
    select
        assignee_id as user_id,
        count(*) as tickets_assigned,
        count(*) filter (status not in ('solved', 'closed', 'deleted')) as tickets_open
    from tickets
    group by assignee_id
),
rated as (
    select
        assignee_id as user_id,
        count(*) filter (score in ('good', 'good_with_comment', '4', '5')) as good_ratings,
        count(*) filter (score in ('bad', 'bad_with_comment', '1', '2')) as bad_ratings
    from satisfaction_ratings
    group by assignee_id
)
select
    staff.user_id,
    u.name,
    u.email,
    u.role,
    staff.reasons,
    -- Zendesk turns an agent who leaves into an end-user, or deletes or suspends him.
    u.id is null or coalesce(u.placeholder, false) or u.role not in ('agent', 'admin')
        or coalesce(not u.active, false) or coalesce(u.suspended, false) as has_left,
    coalesce(has.tickets_assigned, 0) as tickets_assigned,
    coalesce(has.tickets_open, 0) as tickets_open,
    coalesce(wrote.public_comments, 0) as public_comments,
    coalesce(wrote.private_comments, 0) as private_comments,
    coalesce(wrote.tickets_commented, 0) as tickets_commented,
    wrote.first_comment_at,
    wrote.last_comment_at,
    coalesce(rated.good_ratings, 0) as good_ratings,
    coalesce(rated.bad_ratings, 0) as bad_ratings
from staff
left join users u on u.id = staff.user_id
left join wrote on wrote.user_id = staff.user_id
left join has on has.user_id = staff.user_id
left join rated on rated.user_id = staff.user_id;

comment on view agent_activity is 'One row per person who works for the company or once did, with all they did.';
comment on column agent_activity.user_id is 'Zendesk user id.';
comment on column agent_activity.name is 'Name; NULL without a row in users.';
comment on column agent_activity.email is 'E-mail; NULL without one.';
comment on column agent_activity.role is 'Role today.';
comment on column agent_activity.reasons is 'What says that the person is staff (see staff).';
comment on column agent_activity.has_left is 'No agent or admin today: an end-user, deleted, suspended, or without a row.';
comment on column agent_activity.tickets_assigned is 'Tickets assigned to them.';
comment on column agent_activity.tickets_open is 'Of these, neither solved nor closed nor deleted.';
comment on column agent_activity.public_comments is 'Comments of theirs that customers could see.';
comment on column agent_activity.private_comments is 'Internal comments of theirs.';
comment on column agent_activity.tickets_commented is 'Tickets they wrote in.';
comment on column agent_activity.first_comment_at is 'Their first comment. UTC.';
comment on column agent_activity.last_comment_at is 'Their last comment. UTC.';
comment on column agent_activity.good_ratings is 'Good ratings of tickets that were theirs.';
comment on column agent_activity.bad_ratings is 'Bad ratings of tickets that were theirs.';

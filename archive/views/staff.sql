-- staff: who works for the company, also who has left it.
-- One predicate for everybody, because an agent who became an end-user when he left would otherwise
-- turn into a customer: agent or admin in any source, ever an assignee, ever author of a private
-- comment, ever in a group. A comment is evidence only where the source said that it was private.
-- The staff domains of a mapping come on top; they are no property of the data.
-- A table, not a view: every comment is looked at once, when the archive is built.
create table staff as
with evidence(user_id, reason) as (
    select id, 'role' from users
    where role in ('agent', 'admin') or list_has_any(roles_seen, ['agent', 'admin'])
    union
    select assignee_id, 'assignee' from tickets
    union
    select assignee_id, 'assignee' from satisfaction_ratings
    union
    select unnest([try_cast(value ->> '$' as bigint), try_cast(previous_value ->> '$' as bigint)]), 'assignee'
    from ticket_events where field_name = 'assignee_id'
    union
    select author_id, 'private comment' from comments
    where not public and visibility_unknown is distinct from true
    union
    select user_id, 'group' from group_memberships
)
select
    evidence.user_id,
    any_value(users.name) as name,
    any_value(users.email) as email,
    list(evidence.reason order by evidence.reason) as reasons
from evidence
left join users on users.id = evidence.user_id
where evidence.user_id is not null
group by evidence.user_id
order by evidence.user_id;

comment on table staff is 'Who works for the company, also who has left it. Staff domains of a mapping come on top.';
comment on column staff.user_id is 'Zendesk user id; may have no row in users.';
comment on column staff.reasons is 'What says so: role, assignee, private comment, group.';
comment on column staff.name is 'Name; NULL without a row in users.';
comment on column staff.email is 'E-mail; NULL without one.';

-- requester_history: one row per person who ever asked, with all their tickets.
-- Answers: who are the customers, how often did they write, and can they be recognised again?
create view requester_history as
with asked as (
    select
        requester_id as user_id,
        count(*) as tickets,
        count(*) filter (status not in ('solved', 'closed', 'deleted')) as open_tickets,
        min(created_at) as first_ticket_at,
        max(created_at) as last_ticket_at,
        arg_max(id, created_at) as last_ticket_id
    from tickets
    where requester_id is not null
    group by requester_id
),
wrote as (
    select author_id as user_id, count(*) as comments from comments where public group by author_id
)
select
    asked.user_id,
    u.name,
    nullif(trim(u.email), '') as email,
    nullif(trim(u.phone), '') as phone,
    nullif(trim(u.external_id), '') as external_id,
    u.role,
    organizations.name as organization_name,
    staff.user_id is not null as is_staff,
    u.id is null or coalesce(u.placeholder, false) as is_placeholder,
    coalesce(not u.active, false) as is_deleted,
    coalesce(u.erased, false) or coalesce(u.permanently_deleted, false) as is_erased,
    coalesce(u.suspended, false) as is_suspended,
    asked.tickets,
    asked.open_tickets,
    asked.first_ticket_at,
    asked.last_ticket_at,
    asked.last_ticket_id,
    coalesce(wrote.comments, 0) as public_comments
from asked
left join users u on u.id = asked.user_id
left join organizations on organizations.id = u.organization_id
left join staff on staff.user_id = asked.user_id
left join wrote on wrote.user_id = asked.user_id;

comment on view requester_history is 'One row per person who ever asked, with all their tickets.';
comment on column requester_history.user_id is 'Zendesk user id.';
comment on column requester_history.name is 'Name; NULL without a row in users.';
comment on column requester_history.email is 'E-mail; NULL without one.';
comment on column requester_history.phone is 'Phone; NULL without one.';
comment on column requester_history.external_id is 'The product''s id; NULL without one.';
comment on column requester_history.role is 'Role today.';
comment on column requester_history.organization_name is 'The person''s company.';
comment on column requester_history.is_staff is 'Works for the company, or once did (see staff).';
comment on column requester_history.is_placeholder is 'Nothing is known but an id.';
comment on column requester_history.is_deleted is 'Deleted in Zendesk (active = false); name and address may be left.';
comment on column requester_history.is_erased is 'Deleted for good; nothing of the person may come back.';
comment on column requester_history.is_suspended is 'Suspended: what they write is held back.';
comment on column requester_history.tickets is 'Tickets they asked.';
comment on column requester_history.open_tickets is 'Of these, neither solved nor closed nor deleted.';
comment on column requester_history.first_ticket_at is 'When their first ticket was created. UTC.';
comment on column requester_history.last_ticket_at is 'When their last ticket was created. UTC.';
comment on column requester_history.last_ticket_id is 'Number of their last ticket.';
comment on column requester_history.public_comments is 'Public comments they wrote, in any ticket.';

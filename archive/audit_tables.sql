-- Temporary tables that every question of the audit can read, beside the archive's own; audit_uses.sql has more.
-- asked: one row. files, companies, people_notes, company_notes: what is sent or made. now: when the audit is made, in UTC; delta: the proposed delta date, NULL without one;
-- workspace: whether one is known; assign: which conversations are assigned; note: characters of one note;
-- files: whether those at hand are sent.
create or replace temp table asked (
    now timestamp, delta date, workspace boolean, assign varchar default 'open', note bigint default 50000,
    files boolean default true, companies boolean default true, people_notes boolean default false,
    company_notes boolean default false
);
-- asked_messages: one row. What is asked of messages: characters of one, a note with the facts, internal ones,
-- people in copy as participants; domains: of staff.
create or replace temp table asked_messages as
select 50000 as message, false as header, true as internal, false as participants, []::varchar[] as domains;
-- answered: the default mapping's answer for each ticket: conversation or archive_only, with its reason.
create or replace temp table answered (ticket_id bigint, target varchar, reason varchar);
-- persons: requesters of what `answered` loads. Those of one e-mail or product id are one person: joined by
-- e-mail, then by product id, then by e-mail again, as the plan does it.
create or replace temp view persons as
with requesters as (
    select
        requester_id as id,
        any_value(if(is_email(requester_email), lower(trim(requester_email)), null)) as email,
        any_value(nullif(trim(requester_external_id), '')) as external_id,
        count(*) as tickets
    from ticket_overview t
    join answered on answered.ticket_id = t.id
    where answered.target in ('conversation', 'ticket')
    group by requester_id
),
by_email as (
    select *, if(email is null, id, min(id) over (partition by email)) as same_email from requesters
),
by_product_id as (
    select *, if(external_id is null, same_email, min(same_email) over (partition by external_id)) as same
    from by_email
)
select id, email, external_id, tickets, if(email is null, same, min(same) over (partition by email)) as person
from by_product_id;
-- companies_of: the organization that stands for all of one product id, as the plan joins them.
create or replace temp view companies_of as
select
    id as organization_id,
    if(nullif(trim(external_id), '') is null, id, min(id) over (partition by trim(external_id))) as company
from organizations
where deleted_at is null;
-- memberships: companies of persons, where companies are made.
create or replace temp view memberships as
select distinct p.person, c.company
from persons p
join (
    select user_id, organization_id from organization_memberships
    union all
    select id, organization_id from users where organization_id is not null
) m on m.user_id = p.id
join companies_of c on c.organization_id = m.organization_id
cross join asked
where asked.companies;
-- kept_people_tags: as kept_tags, of people.
create or replace temp table kept_people_tags (tag varchar, name varchar);
-- kept_tags, assignable, left_as: what a mapping says of tags, agents and groups, and states, for the costs.
-- Values are in lower case. A state that is not named is closed when solved or closed.
create or replace temp table kept_tags (tag varchar, name varchar);
create or replace temp table assignable (kind varchar, value varchar);
create or replace temp table left_as (kind varchar, value varchar, closed boolean);
create or replace temp table asleep (kind varchar, value varchar);
-- admins, teams: of the workspace, in lower case; empty without one.
create or replace temp table admins (email varchar, seat boolean);
create or replace temp table teams (name varchar);
-- estimates: calls by form and cause, the form's total, its seconds at 167 and at 1,667 calls per 10 seconds;
-- the same for verifying.
create or replace temp table estimates (
    form varchar, cause varchar, calls bigint, total bigint, seconds_slow double, seconds_fast double,
    verify_calls bigint, verify_seconds_slow double, verify_seconds_fast double
);

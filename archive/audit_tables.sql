-- Temporary tables that every question of the audit can read, beside the archive's own; audit_uses.sql has more.
-- asked: one row. now: when the audit is made, in UTC; delta: the proposed delta date, NULL without one;
-- workspace: whether one is known; assign: which conversations are assigned; note: characters of one note.
create temp table asked (
    now timestamp, delta date, workspace boolean, assign varchar default 'open', note bigint default 50000
);
-- answered: the default mapping's answer for each ticket: conversation or archive_only, with its reason.
create temp table answered (ticket_id bigint, target varchar, reason varchar);
-- kept_tags, assignable, left_as: what a mapping says of tags, agents and groups, and states, for the costs.
-- Values are in lower case. A state that is not named is closed when solved or closed.
create temp table kept_tags (tag varchar, name varchar);
create temp table assignable (kind varchar, value varchar);
create temp table left_as (kind varchar, value varchar, closed boolean);
-- admins, teams: of the workspace, in lower case; empty without one.
create temp table admins (email varchar, seat boolean);
create temp table teams (name varchar);
-- estimates: calls by form and cause, the form's total, its seconds at 167 and at 1,667 calls per 10 seconds;
-- the same for verifying.
create temp table estimates (
    form varchar, cause varchar, calls bigint, total bigint, seconds_slow double, seconds_fast double,
    verify_calls bigint, verify_seconds_slow double, verify_seconds_fast double
);

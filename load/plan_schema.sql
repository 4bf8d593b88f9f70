-- A plan: every call that will be made, with how to recognise it, and no bodies.
-- Calls are made in the order of (phase, seq). phase 0: setup; 1: people, companies and closed conversations
-- and tickets, each after what it needs; 2: open ones.
create table meta (name text primary key, value text not null) without rowid; -- value: JSON
create table actions (
    phase integer not null,
    seq integer not null,
    kind text not null,
    key text not null,
    step text not null,
    part integer not null,
    method text not null,
    path text not null,
    witness text not null, -- JSON
    bytes integer not null,
    payload_hash text not null,
    customer_visible integer not null,
    calls_least integer not null, -- requests where nothing goes wrong; more where something is there already
    calls_most integer not null,
    primary key (phase, seq)
) without rowid;
create unique index actions_key on actions (kind, key, step, part);
-- What must stand before a thread of calls may begin.
create table needs (
    kind text not null,
    key text not null,
    on_kind text not null,
    on_key text not null,
    primary key (kind, key, on_kind, on_key)
) without rowid;
create index needs_on on needs (on_kind, on_key);
create table decisions (
    seq integer primary key,
    ticket integer not null unique,
    target text not null,
    form text,
    rule integer not null,
    reason text not null
);
create table refused (ticket integer primary key, reason text not null);
create table doubles (what text not null, line text not null); -- people who stand more than once
create table remarks (ticket text not null, text text not null); -- what is not sent whole or as asked

begin;
create table meta (name text primary key, value text not null) without rowid;
create table rows (
    kind text not null,
    key text not null,
    step text not null,
    part integer not null,
    payload_hash text not null,
    witness text not null,
    plan_digest text not null,
    target_id text,
    origin text check (origin in ('created', 'adopted')),
    state text not null check (state in ('sending', 'done', 'failed')),
    error text,
    again text check (again in ('next', 'asked', 'never')),
    sent_at real not null,
    done_at real,
    primary key (kind, key, step, part)
) without rowid;
create index rows_target on rows (target_id) where target_id is not null;
create index rows_unfinished on rows (state) where state != 'done';

-- One sandbox: a workspace, what was put into it, and everything that was asked of it.

create table workspace (
  id text not null,                       -- app.id_code
  name text not null,
  region text not null,
  created_at integer not null,
  identity_verification integer not null,
  me text not null                        -- id of the admin the token belongs to
);

create table admins (
  id integer primary key,
  email text not null,
  name text not null,
  seat integer not null                   -- only seated admins can act on conversations
);

create table teams (
  id integer primary key,
  name text not null,
  admin_ids text not null,                -- JSON list of integers
  distributes integer not null            -- 1: it hands its conversations out by itself
);

create table tags (
  id integer primary key autoincrement,
  name text not null,
  name_key text not null unique           -- tags are equal whatever their case
);

create table attributes (
  id integer primary key autoincrement,
  model text not null,                    -- contact, company, conversation
  name text not null,
  data_type text not null,                -- as it was asked for
  description text not null,
  options text,                           -- JSON list of {id, label, archived}, of lists only
  settings text not null,                 -- JSON: what is only given back
  archived integer not null,
  created_at integer not null,
  updated_at integer not null
);
create index attributes_by_name on attributes (model, name);

create table contacts (
  n integer primary key autoincrement,
  id text not null unique,
  state text not null,                    -- live, archived, deleted, merged
  merged_into text,
  role text not null,                     -- user, lead
  external_id text,
  email text,
  email_key text,                         -- e-mail in lower case: the key that must be unique among users
  phone text,
  name text,
  avatar text,
  owner_id text,
  unsubscribed_from_emails integer not null,
  created_at integer not null,
  updated_at integer not null,
  signed_up_at integer,
  last_seen_at integer,
  last_replied_at integer,
  custom_attributes text not null,
  indexed_at real not null                -- from when search finds it
);
create index contacts_by_external_id on contacts (external_id);
create index contacts_by_email on contacts (email_key);

create table companies (
  id text primary key,                    -- 24 hex digits
  n integer not null unique,
  company_id text not null unique,        -- the product's own
  name text,
  plan text,
  size integer,
  website text,
  industry text,
  monthly_spend integer not null,
  remote_created_at integer,
  last_request_at integer,
  custom_attributes text not null,
  created_at integer not null,
  updated_at integer not null,
  archived integer not null
);

create table company_contacts (
  contact_id text not null,
  company_id text not null,               -- Intercom's
  primary key (contact_id, company_id)
) without rowid;
create index company_contacts_by_company on company_contacts (company_id);

create table contact_tags (
  contact_id text not null,
  tag_id integer not null,
  primary key (contact_id, tag_id)
) without rowid;

-- About a contact or a company; always dated now.
create table notes (
  id integer primary key autoincrement,
  contact_id text,
  company_id text,
  admin_id text,
  body text not null,
  created_at integer not null
);
create index notes_by_contact on notes (contact_id);
create index notes_by_company on notes (company_id);

-- Kinds of tickets. category: Customer, Back-office, Tracker.
create table ticket_types (
  id integer primary key autoincrement,
  name text not null,
  description text not null,
  category text not null,
  icon text not null,
  is_internal integer not null,
  archived integer not null,
  created_at integer not null,
  updated_at integer not null
);

create table ticket_type_attributes (
  id integer primary key autoincrement,
  ticket_type_id integer not null,
  name text not null,
  description text not null,
  data_type text not null,
  items text not null,                    -- JSON list of {id, name, archived}; of lists only
  settings text not null,                 -- JSON: who sees it and who must fill it in
  built_in integer not null,              -- title and description
  archived integer not null,
  created_at integer not null,
  updated_at integer not null
);
create index ticket_type_attributes_by_type on ticket_type_attributes (ticket_type_id);

-- category: submitted, in_progress, waiting_on_customer, resolved.
create table ticket_states (
  id integer primary key autoincrement,
  category text not null,
  internal_label text not null,
  external_label text not null,
  archived integer not null
);

create table ticket_type_states (
  ticket_type_id integer not null,
  state_id integer not null,
  primary key (ticket_type_id, state_id)
) without rowid;

-- Conversations and tickets: at Intercom a ticket is a conversation with more to it.
create table conversations (
  id integer primary key autoincrement,
  message_id integer not null,            -- of the first message; never a conversation's id
  contact_id text not null,
  company_id text,
  title text,
  subject text not null,
  body text not null,                     -- HTML
  attachments text not null,
  state text not null,                    -- open, closed, snoozed
  read integer not null,
  snoozed_until integer,
  waiting_since integer,
  admin_assignee_id integer not null,     -- 0: nobody
  team_assignee_id integer not null,
  custom_attributes text not null,
  created_at integer not null,
  updated_at integer not null,
  indexed_at real not null,
  merged_into integer,                    -- the conversation it goes on in
  listed integer not null,                -- among conversations; 0: it was made as a ticket
  ticket_id integer,                      -- the ticket's number in the Inbox, never its id; null: no ticket
  ticket_type_id integer,
  ticket_state_id integer,
  previous_ticket_state_id integer,
  ticket_attributes text,                 -- JSON: {attribute id: value}
  is_shared integer                       -- the customer sees the ticket
);
create unique index conversations_by_ticket_id on conversations (ticket_id) where ticket_id is not null;
create index conversations_by_contact on conversations (contact_id, created_at);
create index conversations_listed on conversations (id) where listed;
create index conversations_by_time on conversations (created_at);
create index conversations_snoozed on conversations (snoozed_until) where state = 'snoozed';

-- Conversations, tickets and trackers that belong together.
create table links (
  conversation_id integer not null,
  ticket_id integer not null,             -- the id of the other one
  primary key (conversation_id, ticket_id)
) without rowid;
create index links_by_ticket on links (ticket_id);

-- Tickets that are made later. status: success, failed; pending until ready_at.
create table jobs (
  id integer primary key autoincrement,
  ready_at real not null,
  status text not null,
  resource_id text
);

create table deleted_conversations (
  id integer primary key,
  deleted_at integer not null,
  metrics_retained integer not null
);

create table parts (
  id integer primary key autoincrement,
  conversation_id integer not null,
  part_type text not null,
  body text,
  author_type text not null,              -- admin, user, lead, bot
  author_id text not null,
  assigned_type text,
  assigned_id text,
  attachments text not null,
  state text not null,                    -- of the conversation, after it
  ticket_state text,                      -- category of the ticket's state after it, where it changed that
  previous_ticket_state text,
  changed text,                           -- JSON: the attribute of a ticket it changed, and its value
  redacted integer not null,
  created_at integer not null,            -- as asked for, or when it was made
  made_at integer not null
);
create index parts_by_conversation on parts (conversation_id);

-- People beside the one who began it.
create table customers (
  conversation_id integer not null,
  contact_id text not null,
  primary key (conversation_id, contact_id)
) without rowid;

create table conversation_tags (
  conversation_id integer not null,
  tag_id integer not null,
  admin_id text not null,
  applied_at integer not null,
  primary key (conversation_id, tag_id)
) without rowid;

create table files (
  id integer primary key autoincrement,
  conversation_id integer not null,
  name text not null,
  content_type text not null,
  data blob not null
);
create index files_by_conversation on files (conversation_id);

-- Every call that would have made Intercom write to a customer or ring a teammate (audience).
create table notifications (
  n integer primary key autoincrement,
  time real not null,
  audience text not null,
  reason text not null,
  method text not null,
  path text not null,
  conversation_id text,
  body text
);

-- Every API request, answered or refused. visible: the words in it that a customer can read, or null.
create table requests (
  n integer primary key autoincrement,
  time real not null,
  method text not null,
  path text not null,
  status integer not null,
  body text,
  customer_visible integer not null,
  visible text
);

-- Requests by "METHOD /pattern". refused: those of them answered with an error.
create table endpoints (
  name text primary key,
  calls integer not null,
  refused integer not null
) without rowid;

create table windows (
  start integer primary key,
  count integer not null,
  refused integer not null
);

-- The moment of the request that is being answered. search_lag: seconds.
create table moment (
  now real not null,
  search_lag real not null
);
insert into moment (now, search_lag) values (0, 0);

-- What search still takes for the truth: rows as they were before a change, until it has heard of it.
create table outdated_contacts as select *, 0.0 as until from contacts where 0;
create index outdated_contacts_by_id on outdated_contacts (id);
create index outdated_contacts_by_time on outdated_contacts (until);
create table outdated_conversations as select *, 0.0 as until from conversations where 0;
create index outdated_conversations_by_id on outdated_conversations (id);
create index outdated_conversations_by_time on outdated_conversations (until);

create trigger contact_changes before update on contacts when (select search_lag from moment) > 0
begin
  delete from outdated_contacts where until <= (select now from moment);
  insert into outdated_contacts
  select contacts.*, now + search_lag from contacts, moment where id = old.id;
end;

create trigger conversation_changes before update on conversations when (select search_lag from moment) > 0
begin
  delete from outdated_conversations where until <= (select now from moment);
  insert into outdated_conversations
  select conversations.*, now + search_lag from conversations, moment where id = old.id;
end;

create view searched_contacts as
select *, 0.0 as until from contacts
where indexed_at <= (select now from moment)
  and not exists (
    select 1 from outdated_contacts as before
    where before.id = contacts.id and before.until > (select now from moment)
  )
union all
select * from outdated_contacts as old
where indexed_at <= (select now from moment)
  and old.rowid = (
    select rowid from outdated_contacts as before
    where before.id = old.id and before.until > (select now from moment)
    order by until, rowid limit 1
  );

create view searched_conversations as
select *, 0.0 as until from conversations
where indexed_at <= (select now from moment)
  and not exists (
    select 1 from outdated_conversations as before
    where before.id = conversations.id and before.until > (select now from moment)
  )
union all
select * from outdated_conversations as old
where indexed_at <= (select now from moment)
  and exists (select 1 from conversations where conversations.id = old.id)
  and old.rowid = (
    select rowid from outdated_conversations as before
    where before.id = old.id and before.until > (select now from moment)
    order by until, rowid limit 1
  );

-- Ids of different kinds must not meet: whoever confuses two of them gets a 404, as at Intercom.
insert into sqlite_sequence (name, seq) values
  ('tags', 9100000), ('attributes', 310), ('conversations', 215470000000),
  ('parts', 28700000000), ('files', 650000000), ('notes', 41000000), ('ticket_types', 2600000),
  ('ticket_type_attributes', 5300000), ('ticket_states', 3900000), ('jobs', 870000);

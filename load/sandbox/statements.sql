-- Every statement, each under its name.

-- name: insert_workspace
insert into workspace (id, name, region, created_at, identity_verification, me)
values (:id, :name, :region, :created_at, :identity_verification, :me)

-- name: workspace
select * from workspace

-- name: insert_admin
insert into admins (id, email, name, seat) values (:id, :email, :name, :seat)

-- name: admins
select * from admins order by id

-- name: admin
select * from admins where id = :id

-- name: insert_team
insert into teams (id, name, admin_ids, distributes) values (:id, :name, :admin_ids, :distributes)

-- name: teams
select * from teams order by id

-- name: team
select * from teams where id = :id

-- name: insert_tag
insert into tags (id, name, name_key) values (:id, :name, :name_key)

-- name: rename_tag
update tags set name = :name, name_key = :name_key where id = :id

-- name: tags
select * from tags order by id

-- name: tag
select * from tags where id = :id

-- name: tag_by_name
select * from tags where name_key = :name_key

-- name: insert_attribute
insert into attributes
  (id, model, name, data_type, description, options, settings, archived, created_at, updated_at)
values
  (:id, :model, :name, :data_type, :description, :options, :settings, :archived, :created_at, :updated_at)

-- name: update_attribute
update attributes
set name = :name, description = :description, options = :options, settings = :settings,
  archived = :archived, updated_at = :updated_at
where id = :id

-- name: attributes
select * from attributes where model = :model order by id

-- name: attribute
select * from attributes where id = :id

-- name: insert_contact
insert into contacts
  (id, state, role, external_id, email, email_key, phone, name, avatar, owner_id, unsubscribed_from_emails,
   created_at, updated_at, signed_up_at, last_seen_at, last_replied_at, custom_attributes, indexed_at)
values
  (:id, :state, :role, :external_id, :email, :email_key, :phone, :name, :avatar, :owner_id,
   :unsubscribed_from_emails, :created_at, :updated_at, :signed_up_at, :last_seen_at, :last_replied_at,
   :custom_attributes, :indexed_at)

-- name: update_contact
update contacts
set state = :state, role = :role, external_id = :external_id, email = :email, email_key = :email_key,
  phone = :phone, name = :name, avatar = :avatar, owner_id = :owner_id,
  unsubscribed_from_emails = :unsubscribed_from_emails, updated_at = :updated_at,
  signed_up_at = :signed_up_at, last_seen_at = :last_seen_at, last_replied_at = :last_replied_at,
  custom_attributes = :custom_attributes
where id = :id

-- name: contact
select * from contacts where id = :id

-- name: contact_by_external_id
select * from contacts where external_id = :external_id and role = 'user' and state = 'live'

-- name: merged_by_external_id
select * from contacts where external_id = :external_id and state = 'merged'

-- name: contact_by_email
select * from contacts where email_key = :email_key and role = 'user' and state = 'live'

-- name: last_contact
select coalesce(max(n), 0) as n from contacts

-- A deleted contact keeps its external id for a while (:locked_since), its e-mail is free at once.
-- name: twin
select id, state from (
  select id, state from contacts
  where external_id = :external_id and role = 'user' and id <> :id
    and (state <> 'deleted' or updated_at >= :locked_since)
  union all
  select id, state from contacts
  where email_key = :email_key and role = 'user' and id <> :id and state <> 'deleted'
)
order by state = 'live' desc
limit 1

-- name: merge_contact
update contacts set state = 'merged', merged_into = :into, updated_at = :now where id = :id

-- name: move_conversations
update conversations set contact_id = :into where contact_id = :id

-- name: insert_company
insert into companies
  (id, n, company_id, name, plan, size, website, industry, monthly_spend, remote_created_at, last_request_at,
   custom_attributes, created_at, updated_at, archived)
values
  (:id, :n, :company_id, :name, :plan, :size, :website, :industry, :monthly_spend, :remote_created_at,
   :last_request_at, :custom_attributes, :created_at, :updated_at, 0)

-- name: update_company
update companies
set name = :name, plan = :plan, size = :size, website = :website, industry = :industry,
  monthly_spend = :monthly_spend, last_request_at = :last_request_at, custom_attributes = :custom_attributes,
  updated_at = :updated_at, archived = :archived
where id = :id

-- name: last_company
select max(n) as n from companies

-- name: company
select * from companies where id = :id and not archived

-- name: company_by_company_id
select * from companies where company_id = :company_id and not archived

-- name: any_company_by_company_id
select * from companies where company_id = :company_id

-- name: company_by_name
select * from companies where name = :name and not archived order by n limit 1

-- A company without people is seen by its id only.
-- name: company_page
select * from companies
where n > :after and not archived and exists (select 1 from company_contacts where company_id = companies.id)
order by n limit :limit

-- name: count_companies
select count(*) as count from companies
where not archived and exists (select 1 from company_contacts where company_id = companies.id)

-- name: people_of_company
select count(*) as count from company_contacts where company_id = :id

-- name: attach_company
insert or ignore into company_contacts (contact_id, company_id) values (:contact_id, :company_id)

-- name: detach_company
delete from company_contacts where contact_id = :contact_id and company_id = :company_id

-- name: companies_of_contact
select companies.* from company_contacts join companies on companies.id = company_contacts.company_id
where contact_id = :id and not archived order by n

-- name: contacts_of_company
select contacts.* from company_contacts join contacts on contacts.id = contact_id
where company_id = :id and state = 'live' and n > :after order by n limit :limit

-- name: tag_contact
insert or ignore into contact_tags (contact_id, tag_id) values (:contact_id, :tag_id)

-- name: untag_contact
delete from contact_tags where contact_id = :contact_id and tag_id = :tag_id

-- name: tags_of_contact
select tags.* from contact_tags join tags on tags.id = tag_id where contact_id = :id order by tags.id

-- name: insert_note
insert into notes (contact_id, company_id, admin_id, body, created_at)
values (:contact_id, :company_id, :admin_id, :body, :created_at)

-- name: notes_of_contact
select *, id as n from notes where contact_id = :id order by id

-- name: notes_of_company
select *, id as n from notes where company_id = :id order by id

-- name: add_customer
insert or ignore into customers (conversation_id, contact_id) values (:conversation_id, :contact_id)

-- name: remove_customer
delete from customers where conversation_id = :conversation_id and contact_id = :contact_id

-- name: customers_of_conversation
select contacts.* from customers join contacts on contacts.id = contact_id
where conversation_id = :id order by contacts.n

-- name: insert_conversation
insert into conversations
  (message_id, contact_id, title, subject, body, attachments, state, read, snoozed_until, waiting_since,
   admin_assignee_id, team_assignee_id, custom_attributes, created_at, updated_at, indexed_at, listed)
values
  (0, :contact_id, null, :subject, :body, :attachments, 'open', 0, null, :created_at,
   0, 0, '{}', :created_at, :created_at, :indexed_at, :listed)

-- name: number_message
update conversations set message_id = :message_id, attachments = :attachments where id = :id

-- name: update_conversation
update conversations
set title = :title, state = :state, read = :read, snoozed_until = :snoozed_until,
  waiting_since = :waiting_since, company_id = :company_id, admin_assignee_id = :admin_assignee_id,
  team_assignee_id = :team_assignee_id, custom_attributes = :custom_attributes, updated_at = :updated_at,
  merged_into = :merged_into, ticket_id = :ticket_id, ticket_type_id = :ticket_type_id,
  ticket_state_id = :ticket_state_id, previous_ticket_state_id = :previous_ticket_state_id,
  ticket_attributes = :ticket_attributes, is_shared = :is_shared
where id = :id

-- name: redact_conversation
update conversations set body = :body, attachments = '[]' where id = :id

-- name: last_ticket_id
select coalesce(max(ticket_id), 0) as ticket_id from conversations where ticket_id is not null

-- name: conversation
select * from conversations where id = :id

-- name: conversation_page
select *, id as n from conversations where listed and id > :after order by id limit :limit

-- name: wake
update conversations set state = 'open', snoozed_until = null
where state = 'snoozed' and snoozed_until <= :now

-- name: delete_conversation
delete from conversations where id = :id

-- name: delete_parts
delete from parts where conversation_id = :id

-- name: delete_files
delete from files where conversation_id = :id

-- name: delete_customers
delete from customers where conversation_id = :id

-- name: delete_tags
delete from conversation_tags where conversation_id = :id

-- name: delete_links
delete from links where conversation_id = :id or ticket_id = :id

-- name: link
insert or ignore into links (conversation_id, ticket_id) values (:conversation_id, :ticket_id)

-- name: linked
select id, ticket_id, listed, category from (
  select ticket_id as other from links where conversation_id = :id
  union
  select conversation_id from links where ticket_id = :id
)
join conversations on id = other
left join (select id as kind, category from ticket_types) on kind = ticket_type_id
order by id

-- name: deleted_page
select * from deleted_conversations
order by case when :newest_first then -deleted_at else deleted_at end, id limit :limit offset :offset

-- name: count_deleted
select count(*) as count from deleted_conversations

-- name: remember_deleted
insert into deleted_conversations (id, deleted_at, metrics_retained)
values (:id, :deleted_at, :metrics_retained)

-- name: insert_part
insert into parts
  (conversation_id, part_type, body, author_type, author_id, assigned_type, assigned_id, attachments, state,
   ticket_state, previous_ticket_state, changed, redacted, created_at, made_at)
values
  (:conversation_id, :part_type, :body, :author_type, :author_id, :assigned_type, :assigned_id,
   :attachments, :state, :ticket_state, :previous_ticket_state, :changed, 0, :created_at, :made_at)

-- name: part
select * from parts where id = :id

-- name: redact_part
update parts set body = :body, attachments = '[]', redacted = 1 where id = :id

-- name: newest_parts
select * from (
  select * from parts where conversation_id = :id order by created_at desc, id desc limit :limit
)
order by created_at, id

-- name: count_parts
select count(*) as count from parts where conversation_id = :id

-- name: recent_replies
select count(*) as count from parts
where conversation_id = :id and made_at > :since and part_type in ('comment', 'note', 'quick_reply', 'open')
  and body is not null

-- name: tag_conversation
insert or ignore into conversation_tags (conversation_id, tag_id, admin_id, applied_at)
values (:conversation_id, :tag_id, :admin_id, :applied_at)

-- name: untag_conversation
delete from conversation_tags where conversation_id = :conversation_id and tag_id = :tag_id

-- name: tags_of_conversation
select tags.id, tags.name, admin_id, applied_at
from conversation_tags join tags on tags.id = tag_id
where conversation_id = :id
order by tags.id

-- name: insert_file
insert into files (conversation_id, name, content_type, data)
values (:conversation_id, :name, :content_type, :data)

-- name: file
select * from files where id = :id

-- name: insert_notification
insert into notifications (time, audience, reason, method, path, conversation_id, body)
values (:time, :audience, :reason, :method, :path, :conversation_id, :body)

-- name: notifications
select * from notifications order by n

-- name: insert_ticket_type
insert into ticket_types
  (id, name, description, category, icon, is_internal, archived, created_at, updated_at)
values
  (:id, :name, :description, :category, :icon, :is_internal, :archived, :created_at, :updated_at)

-- name: update_ticket_type
update ticket_types
set name = :name, description = :description, category = :category, icon = :icon,
  is_internal = :is_internal, archived = :archived, updated_at = :updated_at
where id = :id

-- name: ticket_types
select * from ticket_types order by id

-- name: ticket_type
select * from ticket_types where id = :id

-- name: insert_ticket_type_attribute
insert into ticket_type_attributes
  (id, ticket_type_id, name, description, data_type, items, settings, built_in, archived, created_at, updated_at)
values
  (:id, :ticket_type_id, :name, :description, :data_type, :items, :settings, :built_in, :archived,
   :created_at, :updated_at)

-- name: update_ticket_type_attribute
update ticket_type_attributes
set name = :name, description = :description, items = :items, settings = :settings, archived = :archived,
  updated_at = :updated_at
where id = :id

-- name: drop_ticket_type_attribute
delete from ticket_type_attributes where ticket_type_id = :ticket_type_id and name = :name

-- name: attributes_of_ticket_type
select * from ticket_type_attributes where ticket_type_id = :id order by id

-- name: ticket_type_attributes
select * from ticket_type_attributes order by id

-- name: insert_ticket_state
insert into ticket_states (id, category, internal_label, external_label, archived)
values (:id, :category, :internal_label, :external_label, 0)

-- name: ticket_state
select * from ticket_states where id = :id

-- name: ticket_states
select * from ticket_states order by id

-- name: give_ticket_state
insert or ignore into ticket_type_states (ticket_type_id, state_id) values (:ticket_type_id, :state_id)

-- name: states_of_ticket_type
select ticket_states.* from ticket_type_states join ticket_states on id = state_id
where ticket_type_id = :id order by id

-- name: ticket_types_of_state
select ticket_types.* from ticket_type_states join ticket_types on id = ticket_type_id
where state_id = :id order by id

-- name: insert_job
insert into jobs (ready_at, status, resource_id) values (:ready_at, :status, :resource_id)

-- name: job
select * from jobs where id = :id

-- name: set_moment
update moment set now = :now, search_lag = :search_lag

-- name: insert_request
insert into requests (time, method, path, status, body, customer_visible, visible)
values (:time, :method, :path, :status, :body, :customer_visible, :visible)

-- name: requests
select * from requests where n > :after order by n limit :limit

-- name: window
select * from windows where start = :start

-- name: count_call
insert into windows (start, count, refused) values (:start, :count, :refused)
on conflict (start) do update set count = count + :count, refused = refused + :refused

-- name: windows
select * from windows order by start

-- name: count_answer
insert into endpoints (name, calls, refused) values (:name, 1, :refused)
on conflict (name) do update set calls = calls + 1, refused = refused + :refused

-- name: endpoints
select * from endpoints order by name

-- name: count_listed
select count(*) as count from conversations where listed

-- name: counts
select
  (select count(*) from contacts where state = 'live') as contacts,
  (select count(*) from companies where not archived) as companies,
  (select count(*) from conversations where listed) as conversations,
  (select count(*) from conversations where ticket_id is not null) as tickets,
  (select count(*) from parts) as parts,
  (select count(*) from notifications where audience = 'customer') as notifications,
  (select count(*) from notifications where audience = 'teammate') as teammate_notifications,
  (select count(*) from requests) as requests,
  (select coalesce(sum(refused), 0) from windows) as rate_limited

-- Search fills the gaps: its fields and operators become the condition.
-- name: find
select it.id, it.{number} as n from {table} as it where {where} order by {number} {order} limit ?

-- name: count_found
select count(*) as count from {table} as it where {where}

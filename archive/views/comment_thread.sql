-- comment_thread: every comment with its author, readable in the order of the conversation.
-- Answers: who said what to whom and when. `order by ticket_id, position` is the order of the thread.
create view comment_thread as
with named_files as (
    select
        ticket_id,
        comment_id,
        count(*) as attachments,
        list(file_name order by id) as files
    from attachments
    group by ticket_id, comment_id
)
select
    c.ticket_id,
    c.position,
    c.id,
    c.created_at,
    c.public,
    c.author_id,
    author.name as author_name,
    author.email as author_email,
    author.role as author_role,
    staff.user_id is not null as author_staff,
    coalesce(c.author_id = t.requester_id, false) as by_requester,
    c.via ->> '$.channel' as channel,
    coalesce(c.plain_body, c.body) as text,
    c.html_body as html,
    coalesce(named_files.attachments, 0) as attachments,
    coalesce(named_files.files, []) as files,
    coalesce(c.reconstructed, false) as reconstructed,
    coalesce(c.visibility_unknown, false) as visibility_unknown,
    coalesce(c.id_made, false) as id_made
from comments c
left join tickets t on t.id = c.ticket_id
left join users author on author.id = c.author_id
left join staff on staff.user_id = c.author_id
left join named_files on named_files.ticket_id = c.ticket_id and named_files.comment_id = c.id;

comment on view comment_thread is 'Every comment with its author. order by ticket_id, position is the order of the thread.';
comment on column comment_thread.position is 'Rank in its ticket, from 1.';
comment on column comment_thread.created_at is 'UTC.';
comment on column comment_thread.public is 'The customer could see it. Unknown counts as private.';
comment on column comment_thread.author_staff is 'The author works for the company, or once did (see staff).';
comment on column comment_thread.by_requester is 'The author is the requester of the ticket.';
comment on column comment_thread.text is 'Plain text, as Zendesk held it.';
comment on column comment_thread.html is 'HTML, as Zendesk held it: not safe to show.';
comment on column comment_thread.files is 'Names of its files, in order of their ids.';
comment on column comment_thread.reconstructed is 'Rebuilt from the ticket''s description because no comment exists.';
comment on column comment_thread.visibility_unknown is 'The source did not say whether it was public.';
comment on column comment_thread.id_made is 'The source had no id; this negative one is made.';
comment on column comment_thread.ticket_id is 'Ticket number.';
comment on column comment_thread.id is 'Id of the comment.';
comment on column comment_thread.author_id is 'Who wrote it.';
comment on column comment_thread.author_name is 'Name of the author; NULL without a row in users.';
comment on column comment_thread.author_email is 'E-mail of the author.';
comment on column comment_thread.author_role is 'Role of the author, today.';
comment on column comment_thread.channel is 'How it came: email, web, api, ...';
comment on column comment_thread.attachments is 'Number of files it names.';

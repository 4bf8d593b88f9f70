-- live_totals: one row of counts over the tickets that a mapping loads.
-- Answers: how much does each setting of the mapping decide about?
-- Reads the temporary table loaded(id).
with chosen as materialized (from ticket_overview semi join loaded using (id)),
people as (from users semi join (select distinct requester_id as id from chosen) using (id))
select
    count(*) as tickets,
    count(distinct requester_id) as requesters,
    (select count(*) from people where not is_email(email) and coalesce(external_id, '') = '') as without_email,
    (select count(*) from people where coalesce(notes, '') <> '' or coalesce(details, '') <> '') as with_notes,
    count(distinct organization_id) as organizations,
    coalesce(sum(comments), 0)::bigint as comments,
    coalesce(sum(private_comments), 0)::bigint as private_comments,
    coalesce(sum(attachments), 0)::bigint as attachments,
    (
        select count(*) from attachments semi join loaded on loaded.id = attachments.ticket_id
        where sha256 is not null
    ) as files_here,
    count(*) filter (csat_score is not null) as rated,
    count(*) filter (coalesce(csat_comment, '') <> '') as rated_in_words,
    count(*) filter (solved_at is not null) as solved,
    count(*) filter (
        merged_into is not null or follow_up_of is not null or problem_id is not null or has_incidents
    ) as linked,
    count(*) filter (merged_into is not null) as merged,
    count(*) filter (deleted or scrubbed) as deleted,
    count(*) filter (public_comments = 0) as never_public,
    (
        select count(*) from tickets semi join loaded using (id)
        where len(email_cc_ids) > 0 or len(collaborator_ids) > 0 or len(follower_ids) > 0
    ) as copied
from chosen

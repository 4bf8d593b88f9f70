-- Tickets with the names of everything around them. $ids: ticket ids.
with wanted as (
    select unnest($ids::bigint[]) as id
),
companies as (
    select
        id,
        if(nullif(trim(external_id), '') is null, id, min(id) over (partition by trim(external_id))) as company
    from organizations
    where deleted_at is null
),
rated as (
    select
        ticket_id,
        arg_max(score, (coalesce(updated_at, created_at, timestamp '1970-01-01'), id)) as score,
        arg_max(
            coalesce(comment, ''), (coalesce(updated_at, created_at, timestamp '1970-01-01'), id)
        ) as comment
    from satisfaction_ratings
    where ticket_id in (select id from wanted) and score not in ('offered', 'unoffered')
    group by ticket_id
)
select
    t.id,
    coalesce(t.subject, t.raw_subject, '') as subject,
    coalesce(t.status, 'unknown') as status,
    custom_statuses.agent_label as custom_status,
    t.priority,
    t.type,
    t.via ->> '$.channel' as channel,
    t.created_at,
    t.updated_at,
    ticket_metrics.solved_at,
    t.requester_id,
    t.submitter_id,
    t.assignee_id,
    coalesce(nullif(groups.name, ''), 'id:' || t.group_id) as group_name,
    organizations.name as organization,
    companies.company as organization_id,
    coalesce(nullif(brands.name, ''), 'id:' || t.brand_id) as brand,
    coalesce(nullif(ticket_forms.name, ''), 'id:' || t.ticket_form_id) as form,
    coalesce(t.tags, []) as tags,
    list_concat(coalesce(t.email_cc_ids, []), coalesce(t.collaborator_ids, [])) as copied_ids,
    coalesce(t.follower_ids, []) as follower_ids,
    t.custom_fields,
    ticket_metrics.reply_time_in_minutes ->> '$.calendar' as zendesk_first_reply_minutes,
    ticket_metrics.reply_time_in_minutes ->> '$.business' as zendesk_first_reply_business_minutes,
    ticket_metrics.first_resolution_time_in_minutes ->> '$.calendar' as zendesk_first_resolution_minutes,
    ticket_metrics.full_resolution_time_in_minutes ->> '$.calendar' as zendesk_full_resolution_minutes,
    ticket_metrics.full_resolution_time_in_minutes ->> '$.business' as zendesk_full_resolution_business_minutes,
    ticket_metrics.requester_wait_time_in_minutes ->> '$.calendar' as zendesk_requester_wait_minutes,
    ticket_metrics.agent_wait_time_in_minutes ->> '$.calendar' as zendesk_agent_wait_minutes,
    ticket_metrics.on_hold_time_in_minutes ->> '$.calendar' as zendesk_on_hold_minutes,
    ticket_metrics.replies as zendesk_replies,
    ticket_metrics.reopens as zendesk_reopens,
    coalesce(rated.score, t.satisfaction_rating ->> '$.score') as score,
    coalesce(rated.comment, t.satisfaction_rating ->> '$.comment') as score_comment
from wanted
join tickets t on t.id = wanted.id
left join custom_statuses on custom_statuses.id = t.custom_status_id
left join ticket_metrics on ticket_metrics.ticket_id = t.id
left join groups on groups.id = t.group_id
left join organizations on organizations.id = t.organization_id
left join companies on companies.id = t.organization_id
left join brands on brands.id = t.brand_id
left join ticket_forms on ticket_forms.id = t.ticket_form_id
left join rated on rated.ticket_id = t.id;

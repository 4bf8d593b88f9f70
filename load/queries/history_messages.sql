-- Comments of tickets in their order. $ids: ticket ids.
select
    ticket_id,
    id,
    position,
    author_id,
    created_at,
    public,
    coalesce(nullif(trim(body), ''), nullif(trim(plain_body), '')) is not null as has_text,
    case when trim(coalesce(body, '')) <> '' then body else plain_body end as text,
    html_body as html,
    via ->> '$.channel' as channel,
    coalesce(reconstructed, false) as reconstructed
from comments
where ticket_id in (select unnest($ids::bigint[]))
order by ticket_id, position, id;

-- title: Tickets, comments and files by month
-- group: inventory
-- severity: KNOW
-- says: {count:ticket|tickets}, {comments:comment|comments} and {files:file|files}, created from {first} to {last}
-- advice: Choose from which month on the history is worth loading; the rest stays in the archive
-- count: tickets
-- comments: comments
-- files: files that comments name
-- first: day of the first ticket
-- last: day of the last ticket
-- examples: the latest months, each with its tickets, comments and files
with happened as (
    select created_at, 1 as tickets, 0 as comments, 0 as files from tickets
    union all
    select created_at, 0, 1, 0 from comments
    union all
    select c.created_at, 0, 0, 1
    from attachments a
    left join comments c on c.ticket_id = a.ticket_id and c.id = a.comment_id
),
months as (
    select
        strftime(created_at, '%Y-%m') as month,
        sum(tickets)::bigint as tickets,
        sum(comments)::bigint as comments,
        sum(files)::bigint as files
    from happened
    group by strftime(created_at, '%Y-%m')
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    coalesce(sum(comments), 0)::bigint as comments,
    coalesce(sum(files), 0)::bigint as files,
    (select strftime(min(created_at), '%Y-%m-%d') from tickets) as first,
    (select strftime(max(created_at), '%Y-%m-%d') from tickets) as last,
    list({'month': month, 'tickets': tickets, 'comments': comments, 'files': files} order by month desc)[:10] as examples
from months
-- plot: line
-- title: Tickets and comments by month
-- x: month
-- y: number
-- by: kind
select strftime(created_at, '%Y-%m') as month, 'tickets' as kind, count(*) as number
from tickets
where created_at is not null
group by month
union all
select strftime(created_at, '%Y-%m') as month, 'comments', count(*)
from comments
where created_at is not null
group by month
order by kind, month

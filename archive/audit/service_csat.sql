-- title: Customer satisfaction
-- group: service
-- severity: KNOW
-- says: {count:ticket was|tickets were} rated, {good} of them well; {words} with a comment
-- advice: Intercom takes no rating: score and comment become attributes, and its own score starts empty
-- count: tickets with a rating
-- good: rated good, 4 or 5
-- words: rated with a comment
-- examples: scores, each with its tickets
with rated as (
    select csat_score as score, count(*) as tickets, count(*) filter (csat_comment <> '') as words
    from ticket_overview
    where csat_score is not null
    group by csat_score
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    coalesce(sum(tickets) filter (score in ('good', 'good_with_comment', '4', '5')), 0)::bigint as good,
    coalesce(sum(words), 0)::bigint as words,
    list({'score': score, 'tickets': tickets} order by tickets desc, score)[:10] as examples
from rated
-- plot: line
-- title: Rated tickets by month and score
-- x: month
-- y: tickets
-- by: score
select strftime(created_at, '%Y-%m') as month, csat_score as score, count(*) as tickets
from ticket_overview
where csat_score is not null and created_at is not null
group by month, score
order by score, month

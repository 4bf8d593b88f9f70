-- title: Volume by channel
-- group: inventory
-- severity: KNOW
-- says: {channels:channel|channels}; most tickets came by {largest}
-- advice: Intercom has no such channel for an imported conversation; the name stands in an attribute
-- count: tickets
-- channels: different channels
-- largest: the channel with most tickets
-- examples: channels, each with its tickets
with channels as (
    select coalesce(via ->> '$.channel', 'unknown') as channel, count(*) as tickets
    from tickets
    group by channel
)
select
    coalesce(sum(tickets), 0)::bigint as count,
    count(*) as channels,
    arg_max(channel, tickets) as largest,
    list({'channel': channel, 'tickets': tickets} order by tickets desc, channel)[:10] as examples
from channels
-- plot: bar
-- title: Tickets by month and channel
-- x: month
-- y: tickets
-- by: channel
select strftime(created_at, '%Y-%m') as month, coalesce(via ->> '$.channel', 'unknown') as channel, count(*) as tickets
from tickets
where created_at is not null
group by month, channel
order by month, channel

-- title: What each policy costs
-- group: cost
-- severity: KNOW
-- says: of the calls as one note, {tags} set tags, {assignments} assign, {contacts} make contacts
-- advice: Fewer tags and no assignment of closed conversations are the cheapest savings
-- count: calls of tags, assignments, contacts and companies together
-- tags: calls that set a tag
-- assignments: calls that assign to a team or an admin
-- contacts: calls that make contacts
-- examples: causes, each with its calls and their share in percent
with causes as (
    select cause, calls, round(100 * calls / nullif(total, 0), 1) as percent from estimates where form = 'note'
)
select
    coalesce(sum(calls) filter (cause in ('tags', 'assignments', 'contacts', 'companies')), 0)::bigint as count,
    coalesce(sum(calls) filter (cause = 'tags'), 0)::bigint as tags,
    coalesce(sum(calls) filter (cause = 'assignments'), 0)::bigint as assignments,
    coalesce(sum(calls) filter (cause = 'contacts'), 0)::bigint as contacts,
    list({'cause': cause, 'calls': calls, 'percent': percent} order by calls desc, cause) as examples
from causes

-- title: Calls by form
-- group: cost
-- severity: KNOW
-- says: {count:call|calls} as one note each; {bare} bare, {messages} message by message, {ticket} as tickets
-- advice: The simplest form that serves the purpose is the best; messages take many times the calls
-- count: calls under the default mapping, as one note per ticket, the setup of the workspace not counted
-- bare: calls without any transcript
-- messages: calls with every comment as a message of its own
-- ticket: calls as tickets with a transcript each
-- examples: forms, each with its calls and the hours at 167 and at 1,667 calls per 10 seconds
with forms as (
    select
        form,
        any_value(total) as calls,
        round(any_value(seconds_slow) / 3600, 2) as hours_at_167,
        round(any_value(seconds_fast) / 3600, 2) as hours_at_1667
    from estimates
    group by form
)
select
    coalesce(max(calls) filter (form = 'note'), 0) as count,
    coalesce(max(calls) filter (form = 'bare'), 0) as bare,
    coalesce(max(calls) filter (form = 'messages'), 0) as messages,
    coalesce(max(calls) filter (form = 'ticket'), 0) as ticket,
    list({'form': form, 'calls': calls, 'hours_at_167': hours_at_167, 'hours_at_1667': hours_at_1667} order by calls, form)
        as examples
from forms
-- plot: bar
-- title: Calls by form and cause
-- x: form
-- y: calls
-- by: cause
select form, cause, calls from estimates where calls > 0 order by form, cause

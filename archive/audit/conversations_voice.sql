-- title: Voice tickets
-- group: conversations
-- severity: DECIDE
-- says: {count:ticket|tickets} came by phone, {recordings} with a link to a recording
-- advice: Recordings die with the Zendesk account: fetch them before, or let them go
-- count: tickets of channel voice or with a voice comment
-- recordings: tickets with a recording
-- examples: ticket numbers
with voice as (
    select
        ticket_id,
        coalesce(bool_or(data ->> '$.recording_url' <> '' or contains(coalesce(plain_body, body), 'Listen to the recording')), false)
            as recorded
    from comments
    where type in ('VoiceComment', 'TpeVoiceComment')
    group by ticket_id
)
select
    count(*) as count,
    count(*) filter (voice.recorded) as recordings,
    list(t.id order by t.id)[:10] as examples
from tickets t
left join voice on voice.ticket_id = t.id
where voice.ticket_id is not null or t.via ->> '$.channel' in ('voice', 'phone_call_inbound', 'phone_call_outbound', 'voicemail')

-- title: Chats and messaging
-- group: conversations
-- severity: DECIDE
-- says: {count:ticket|tickets} came by chat or messaging; the export holds {chats:chat record|chat records}
-- advice: A chat often stands in one comment with a line per message; it stays one message
-- count: tickets of channel chat or a messenger
-- chats: records of Zendesk Chat
-- examples: ticket numbers
select
    count(*) as count,
    (select count(*) from chats) as chats,
    list(id order by id)[:10] as examples
from tickets
where via ->> '$.channel' in (
        'chat', 'chat_offline_message', 'chat_transcript', 'native_messaging', 'whatsapp', 'line', 'wechat', 'viber',
        'telegram', 'apple_business_chat', 'google_business_messages', 'google_rcs', 'kakaotalk', 'sms', 'twilio_sms',
        'messagebird_sms', 'text_message', 'mobile_sdk', 'business_messaging_slack_connect'
    )
    or list_contains(tags, 'zopim_chat')

-- title: Social media
-- group: conversations
-- severity: KNOW
-- says: {count:ticket|tickets} came by social media
-- advice: The requester may have neither e-mail nor phone, and public posts need no archive of yours
-- count: tickets of a social channel
-- examples: ticket numbers
select count(*) as count, list(id order by id)[:10] as examples
from tickets
where via ->> '$.channel' in (
    'facebook', 'facebook_post', 'facebook_message', 'sunshine_conversations_facebook_messenger', 'twitter', 'twitter_dm',
    'twitter_favorite', 'sunshine_conversations_twitter_dm', 'instagram_dm', 'any_channel'
)

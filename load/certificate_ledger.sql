-- What the ledger says of everything that was ever sent for this account into this workspace.
select
    min(sent_at) as first_sent,
    max(done_at) as last_done,
    count(*) filter (
        where state = 'done' and (step = 'close' or json_extract(witness, '$.open') = 0)
    ) as closes,
    min(done_at) filter (
        where state = 'done' and (step = 'close' or json_extract(witness, '$.open') = 0)
    ) as first_close,
    max(done_at) filter (
        where state = 'done' and (step = 'close' or json_extract(witness, '$.open') = 0)
    ) as last_close,
    count(*) filter (
        where origin = 'created' and step = 'create' and kind in ('conversation', 'ticket')
    ) as created,
    count(*) filter (
        where origin = 'created' and step = 'create' and kind in ('contact', 'company')
    ) as people_created,
    count(*) filter (
        where origin = 'adopted' and step = 'create' and kind in ('contact', 'company', 'conversation', 'ticket')
    ) as adopted,
    count(*) filter (where state = 'failed') as failed,
    count(*) filter (where state = 'failed' and again = 'never') as unclear,
    count(*) filter (where state = 'sending') as in_doubt
from main.rows

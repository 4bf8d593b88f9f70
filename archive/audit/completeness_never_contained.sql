-- title: What this form of export can never contain
-- group: completeness
-- severity: KNOW
-- says: {count:kind of thing|kinds of things} can't be in an export of this form
-- advice: Fetch what you need from Zendesk's API while the account lives
-- count: kinds of things that no file of the export can hold; dumps of the API can hold all of them
-- examples: what is missing
with lacks(kind, thing) as (
    values
        ('official', 'bytes of files'),
        ('official', 'field history and audits'),
        ('official', 'further addresses of people'),
        ('official', 'macros, triggers, views and SLA policies'),
        ('official', 'names of fields, options, forms and brands'),
        ('official', 'suspended mails'),
        ('official', 'tickets of AI agents'),
        ('ticket_csv', 'bytes of files'),
        ('ticket_csv', 'comments and descriptions'),
        ('ticket_csv', 'deleted tickets'),
        ('ticket_csv', 'field history and audits'),
        ('ticket_csv', 'further addresses of people'),
        ('ticket_csv', 'macros, triggers, views and SLA policies'),
        ('ticket_csv', 'multi-line, multi-select and date fields'),
        ('ticket_csv', 'suspended mails'),
        ('ticket_csv', 'tickets of AI agents'),
        ('xml', 'bytes of files'),
        ('xml', 'custom fields of people and organizations'),
        ('xml', 'deleted tickets'),
        ('xml', 'field history and audits'),
        ('xml', 'further addresses of people'),
        ('xml', 'macros, triggers, views and SLA policies'),
        ('xml', 'names of fields, options, forms and brands'),
        ('xml', 'suspended mails'),
        ('xml', 'tickets of AI agents')
),
kinds as (
    select distinct
        -- Zendesk's own export is known by its names; other lines of JSON are somebody's dump.
        if(form = 'json_lines' and regexp_matches(name, 'export_[0-9]{4}_[0-9]{2}_[0-9]{2}_'), 'official', form) as kind
    from sources
    where form not in ('form_not_read', 'attachment', 'unknown', 'other', 'empty', 'damaged', 'other_account')
),
-- What one form lacks another may hold.
missing as (
    select thing
    from lacks
    join kinds using (kind)
    group by thing
    having count(*) = (select count(*) from kinds)
)
select count(*) as count, list(thing order by thing) as examples from missing

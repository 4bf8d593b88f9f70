-- title: What this form of export can never contain
-- group: completeness
-- severity: KNOW
-- says: {count} kinds of things can't be in files of this form
-- advice: Fetch what you need from Zendesk's API while the account lives
-- count: kinds of things that no file of the export can hold
-- examples: what is missing
with lacks(form, thing) as (
    values
        ('ticket_csv', 'comments and descriptions'),
        ('ticket_csv', 'files and links to them'),
        ('ticket_csv', 'addresses and phones of people'),
        ('ticket_csv', 'deleted tickets'),
        ('ticket_csv', 'multi-line, multi-select and date fields'),
        ('ticket_csv', 'field history and audits'),
        ('ticket_csv', 'macros, triggers, views and SLA policies'),
        ('json_lines', 'bytes of files: only links'),
        ('json_lines', 'suspended mails: they never became tickets'),
        ('json_lines', 'tickets of AI agents'),
        ('json_document', 'bytes of files: only links'),
        ('xml', 'bytes of files: only links'),
        ('xml', 'custom fields of people and organizations'),
        ('xml', 'field history and audits')
),
read as (
    select distinct form from sources where form in (select form from lacks)
),
-- What one form lacks another may hold.
missing as (
    select thing
    from lacks
    join read using (form)
    group by thing
    having count(*) = (select count(*) from read)
)
select count(*) as count, list(thing order by thing) as examples
from missing

-- What the export holds that no call of ours carries, kind by kind: it stays in the archive.
select kind as name, count(*) as count from configuration group by kind
union all select 'suspended tickets', count(*) from suspended_tickets
union all select 'side conversations', count(*) from side_conversations
union all select 'articles', count(*) from articles
order by 1;

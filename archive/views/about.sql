-- Tables about the archive itself: what it was made of, and what points where.
create table manifest (key varchar, value varchar);
comment on table manifest is 'What this archive was made from. digest: of the dataset''s content; entities, findings, options: JSON.';

create table sources (id varchar, name varchar, bytes bigint, sha256 varchar, form varchar);
comment on table sources is 'The files of the export. The source of a record begins with the id of its file.';
comment on column sources.id is 'First 16 hex digits of sha256.';
comment on column sources.name is 'Name in the export; inside a zip: zip/member.';
comment on column sources.sha256 is 'SHA-256 of the bytes that were read, unpacked.';
comment on column sources.form is 'What kind of file it was taken for.';

create table relations (table_name varchar, column_name varchar, to_table varchar, to_column varchar, meaning varchar);
comment on table relations is 'Which column holds a key of which table. Nothing enforces it: orphans are findings.';

-- Tables about the archive itself: what it was made of, what was left out, and what points where.
create table manifest (key varchar, value varchar);
comment on table manifest is 'What this archive was made from.';
comment on column manifest.key is 'digest: of the dataset''s content; layout: of these tables and views; account, format, deskferry; entities, findings, options: JSON.';
comment on column manifest.value is 'The value, as text.';

create table sources (
    id varchar, name varchar, bytes bigint, sha256 varchar, form varchar, note varchar, damaged boolean
);
comment on table sources is 'The files of the export. The source of a record begins with the id of its file.';
comment on column sources.id is 'First 16 hex digits of sha256.';
comment on column sources.name is 'Name in the export; inside a zip: zip/member.';
comment on column sources.bytes is 'Size, unpacked.';
comment on column sources.sha256 is 'SHA-256 of the bytes that were read, unpacked.';
comment on column sources.form is 'What kind of file it was taken for.';
comment on column sources.note is 'What is to be said of it, such as damage.';
comment on column sources.damaged is 'Whether it could not be read to its end.';

create table source_counts (
    source_id varchar, name varchar, entity varchar, found bigint, accepted bigint, repeated bigint,
    superseded bigint, rejected bigint, made bigint
);
comment on table source_counts is 'What became of the records of each file: found = accepted + repeated + superseded + rejected.';
comment on column source_counts.source_id is 'The file, as in sources.id.';
comment on column source_counts.name is 'Name of the file.';
comment on column source_counts.entity is 'What the records are; unknown for what could not be read.';
comment on column source_counts.found is 'Records in the file.';
comment on column source_counts.accepted is 'Records that stand in the tables.';
comment on column source_counts.repeated is 'Records equal to one that was accepted.';
comment on column source_counts.superseded is 'Records that a better copy replaced.';
comment on column source_counts.rejected is 'Records not accepted; see rejects.';
comment on column source_counts.made is 'Records that deskferry made, such as links; outside the sum.';

create table findings (id varchar, text varchar, count bigint, examples json);
comment on table findings is 'What the conversion had to say.';
comment on column findings.id is 'Kind of the finding.';
comment on column findings.text is 'The finding in words.';
comment on column findings.count is 'How many it is about.';
comment on column findings.examples is 'A few of them.';

create table rejects (
    entity varchar, source varchar, source_sha256 varchar, position bigint, pointer varchar, reason varchar,
    key varchar, raw varchar, bytes bigint, sha256 varchar
);
comment on table rejects is 'What was found in the export and not accepted, with its bytes.';
comment on column rejects.entity is 'What it would have been; unknown for what could not be read.';
comment on column rejects.source is 'Name of the file.';
comment on column rejects.source_sha256 is 'SHA-256 of the file.';
comment on column rejects.position is 'Byte offset of the line in the file; row number in a CSV.';
comment on column rejects.pointer is 'JSON pointer to the offending value.';
comment on column rejects.reason is 'Why it was not accepted.';
comment on column rejects.key is 'Its key, where one could be read.';
comment on column rejects.raw is 'The bytes in base64, up to 64 KB: decode(from_base64(raw)); NULL beyond.';
comment on column rejects.bytes is 'How many bytes it has.';
comment on column rejects.sha256 is 'SHA-256 of the bytes.';

create table relations (table_name varchar, column_name varchar, to_table varchar, to_column varchar, meaning varchar);
comment on table relations is 'Which column holds a key of which table. Nothing enforces it: orphans are findings.';
comment on column relations.table_name is 'The table that points.';
comment on column relations.column_name is 'Its column; of a list, each element.';
comment on column relations.to_table is 'The table it points to.';
comment on column relations.to_column is 'The key there.';
comment on column relations.meaning is 'What the relation says.';

create table limits (name varchar, value bigint, meaning varchar);
comment on table limits is 'What Intercom takes at most, where that is known.';
comment on column limits.name is 'Short name.';
comment on column limits.value is 'The limit.';
comment on column limits.meaning is 'What it limits, and who says so.';


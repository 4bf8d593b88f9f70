"""Damaged tables: spreadsheets, scripts and databases, one thing wrong in each."""

from .hostile_json import Case


def table_cases() -> tuple[Case, ...]:
    """All damaged tables."""
    return (*_spreadsheet_cases(), *_script_cases(), *_database_cases())


def _spreadsheet_cases() -> tuple[Case, ...]:
    header = (
        '"Summation column","Id","Requester","Requester id","Subject","Status","Created at","Updated at"\n'
    )
    row = '"1","{0}","Anna Kvist","22644162887899","{1}","Closed","2026-01-05 11:00","2026-01-06 11:00"\n'
    return (
        Case(
            name="repeated_header.csv",
            wrong="two files put together: the header again in the middle, then a row too short",
            must="9201, 9202 and 9204 kept, the header skipped, the short row one reject",
            content=(
                header
                + row.format(9201, "one")
                + row.format(9202, "two, with a\nline end")
                + header
                + '"1","9203","Anna Kvist"\n'
                + row.format(9204, "four")
            ).encode(),
        ),
        Case(
            name="spreadsheet.csv",
            wrong="saved by a spreadsheet: `;`, day first, ids as `1.03006E+13`, Windows-1252",
            must="no id is guessed: the row with the damaged id is a reject; "
            "times that cannot be read are reported, not turned round",
            content=(
                "Summation column;Id;Requester;Requester id;Subject;Status;Created at;Updated at\r\n"
                "1;9211;Anna Kvist;2,26442E+13;Malmö;Closed;08-04-2023 20:52;09-04-2023 08:10\r\n"
                "1;1.03006E+13;Anna Kvist;22644162887899;x;Closed;08-04-2023 20:52;09-04-2023 08:10\r\n"
            ).encode("cp1252"),
        ),
        Case(
            name="utf16.csv",
            wrong="UTF-16 with a byte order mark",
            must="one ticket kept",
            content=(header + row.format(9221, "sixteen bits ø"))
            .encode("utf-16-le")
            .join((b"\xff\xfe", b"")),
        ),
    )


def _script_cases() -> tuple[Case, ...]:
    header = "id,subject,status,requester_id,tags,satisfaction_rating,created_at\n"
    row = "{0},{1},open,22644162887899,\"['a', 'b']\",{2},2026-01-05T11:00:00Z\n"
    deep = "[" * 900 + "]" * 900
    return (
        Case(
            name="code_in_cells.csv",
            wrong="cells that are Python code, and brackets nested 900 deep",
            must="nothing is run; the three tickets kept, two cells in extra as they were found",
            content=(
                header
                + row.format(9231, "one", "\"{'score': 'good'}\"")
                + row.format(9232, "two", "\"__import__('os').getcwd()\"")
                + row.format(9233, "three", f'"{deep}"')
            ).encode(),
        ),
        Case(
            name="open_quote.csv",
            wrong="a quote is never closed; the rows after it have none",
            must="9241 and 9243 kept, the row between them one reject",
            content=(
                header
                + row.format(9241, "one", "")
                + row.format(9242, '"two', "").replace("\"['a', 'b']\"", "a")
                + row.format(9243, "three", "").replace("\"['a', 'b']\"", "a")
            ).encode(),
        ),
        Case(
            name="orphans_ticket_tag.csv",
            wrong="tags as rows of their own, and no ticket to put them into",
            must="each row one reject",
            content=b"ticket_id,tag,_fivetran_synced\n9251,lost,\n9252,gone,\n",
        ),
    )


def _database_cases() -> tuple[Case, ...]:
    return (
        Case(
            name="truncated.parquet",
            wrong="a Parquet file without its end, where its columns are listed",
            must="one line naming the file; alone: exit 1, nothing written",
            content=b"PAR1" + bytes(range(256)),
        ),
        Case(
            name="truncated.duckdb",
            wrong="a DuckDB file of which only the first bytes are left",
            must="one line naming the file; alone: exit 1, nothing written",
            content=bytes(8) + b"DUCK" + bytes(500),
        ),
    )

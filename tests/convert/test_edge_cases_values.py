"""Known edge cases of real exports, 26 to 50 by number: texts, files, ids, times, fields, bytes."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from deskferry.convert.completeness import completeness
from deskferry.convert.normalize_time import Zone, utc
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import RecordError, RefusedError

Record = dict[str, Any]


def records(dataset: Dataset, entity: str) -> dict[Any, Record]:
    return {record["id"]: record for record in dataset.records(entity)}


def image(number: int, **more: Any) -> Record:
    return {
        "id": number,
        "file_name": "image001.jpg",
        "content_url": f"https://acme.zendesk.com/attachments/token/t{number}/?name=image001.jpg",
        "content_type": "image/jpeg",
        "size": 1000 + number,
        **more,
    }


def test_case_26_mail_keeps_all_three_bodies(desk: Any) -> None:
    bodies = {
        "body": "Hi\n\n> quoted",
        "html_body": '<div class="zd-comment" dir="auto"><a rel="noreferrer" href="x">Hi</a>'
        '<blockquote>quoted</blockquote><img src="cid:part1"><img src="https://t.test/p.gif"></div>',
        "plain_body": "Hi \n\n quoted",
    }
    line = desk.ticket(1, comments=[desk.comment(101, **bodies)])
    kept = records(desk.convert(desk.write("t.json", desk.lines(line))), "comments")[101]
    assert {key: kept[key] for key in bodies} == bodies


def test_case_27_noise_of_plain_bodies_stays_and_hides_no_double(desk: Any) -> None:
    noisy = desk.comment(101, plain_body="Hi&nbsp;Ann, \n\n  thanks")
    nameless = desk.comment(101, plain_body="Hi Ann, thanks")
    del nameless["id"]
    desk.write("a.json", desk.lines(desk.ticket(1, comments=[noisy])))
    desk.write("b.json", desk.lines(desk.ticket(1, comments=[nameless])))
    dataset = desk.convert()
    assert [(c["id"], c["plain_body"]) for c in dataset.records("comments")] == [
        (101, "Hi&nbsp;Ann, \n\n  thanks")
    ]


def test_case_28_inline_images_keep_mark_and_address(desk: Any) -> None:
    inline = image(7, inline=True)
    html = f'<p>see <img src="{inline["content_url"]}"></p>'
    line = desk.ticket(1, comments=[desk.comment(101, html_body=html, attachments=[inline])])
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    kept = records(dataset, "attachments")[7]
    assert (kept["inline"], kept["comment_id"], kept["content_url"]) == (True, 101, inline["content_url"])
    assert records(dataset, "comments")[101]["html_body"] == html


def test_case_29_files_behind_a_login_are_listed_as_absent(desk: Any, finding: Callable[..., Any]) -> None:
    outside = image(8, content_url="https://files.elsewhere.test/8", file_name="a,b.pdf")
    line = desk.ticket(1, comments=[desk.comment(101, attachments=[image(7), outside])])
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    listed = (dataset.path / "attachments-missing.csv").read_text()
    assert "attachments/token/t7" in listed
    assert 'https://files.elsewhere.test/8,1,"a,b.pdf",1008,8' in listed
    assert finding(dataset, "attachments_missing")["count"] == 2
    assert not any(one.get("sha256") for one in dataset.records("attachments"))


def test_case_30_equal_names_of_attachments_stay_several(desk: Any) -> None:
    line = desk.ticket(
        1,
        comments=[
            desk.comment(101, attachments=[image(7), image(8)]),
            desk.comment(102, attachments=[image(9)]),
        ],
    )
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    assert [(one["id"], one["comment_id"], one["file_name"]) for one in dataset.records("attachments")] == [
        (7, 101, "image001.jpg"),
        (8, 101, "image001.jpg"),
        (9, 102, "image001.jpg"),
    ]


def test_case_31_bytes_find_their_attachment_by_id_or_by_ticket_and_name(desk: Any) -> None:
    line = desk.ticket(12, comments=[desk.comment(101, attachments=[image(7), image(8, file_name="a.txt")])])
    desk.write("t.json", desk.lines(line))
    by_id, by_name = b"\xff\xd8" + b"x" * 1005, b"y" * 1008
    desk.write("attachments/7.jpg", by_id)
    desk.write("attachments/12_a.txt", by_name)
    dataset = desk.convert()
    stored = {one["id"]: one.get("sha256") for one in dataset.records("attachments")}
    assert stored == {7: sha256(by_id).hexdigest(), 8: sha256(by_name).hexdigest()}
    assert (dataset.path / "files" / str(stored[7])).read_bytes() == by_id


def test_case_31_attachments_without_ids_stay_several(desk: Any) -> None:
    nameless = [{key: value for key, value in image(7).items() if key != "id"} for _ in range(2)]
    line = desk.ticket(1, comments=[desk.comment(101, attachments=[*nameless, image(8)])])
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    made = [one for one in dataset.records("attachments") if one.get("id_made")]
    assert [one["id"] for one in dataset.records("attachments") if not one.get("id_made")] == [8]
    assert len({one["id"] for one in made}) == 2
    assert all(one["id"] < 0 and one["comment_id"] == 101 for one in made)


def test_case_32_ids_beyond_32_bits_are_exact(desk: Any) -> None:
    big = 9007199254740993  # one more than a double can hold
    line = desk.ticket(
        1,
        requester=desk.user(22644162812557),
        submitter=desk.user(big),
        comments=[desk.comment(big, author_id=big)],
    )
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    ticket = records(dataset, "tickets")[1]
    assert (ticket["requester_id"], ticket["submitter_id"]) == (22644162812557, big)
    assert sorted(records(dataset, "users")) == [22644162812557, big]
    assert list(records(dataset, "comments")) == [big]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("7253394974479.0", 7253394974479),
        ('"7253394974479.0"', 7253394974479),
        ('"123"', 123),
        ("1.03006E+13", None),
        ('"1.03006E+13"', None),
        ("7.5", None),
    ],
)
def test_case_33_damaged_ids_are_mended_where_exact_and_refused_as_key_elsewhere(
    desk: Any, rejects: Callable[..., Any], written: str, read: int | None
) -> None:
    line = desk.lines(desk.ticket(0, id="ID", comments=[])).replace('"id": "ID"', f'"id": {written}')
    dataset = desk.convert(desk.write("t.json", line))
    assert list(records(dataset, "tickets")) == ([] if read is None else [read])
    assert [reject["pointer"] for reject in rejects(dataset)] == (["/id"] if read is None else [])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00.000Z"),
        ("2024-05-01T10:00:00.123Z", "2024-05-01T10:00:00.123Z"),
        ("2019-09-03T19:10:47.000000Z", "2019-09-03T19:10:47.000Z"),
        ("2018-11-20T16:58:36.453+00:00", "2018-11-20T16:58:36.453Z"),
        ("2020-03-04T00:00:00+00:00", "2020-03-04T00:00:00.000Z"),
        ("2017-04-24T12:45:32+00:00Z", "2017-04-24T12:45:32.000Z"),
        ("2016-07-06T11:16:50 -10:00", "2016-07-06T21:16:50.000Z"),
        ("20140704T15:37:04Z", "2014-07-04T15:37:04.000Z"),
        ("2011/09/25 22:35:44 -0700", "2011-09-26T05:35:44.000Z"),
        ("2012-11-16 223622 UTC", "2012-11-16T22:36:22.000Z"),
        (1714557600, "2024-05-01T10:00:00.000Z"),
        (1714557600123, "2024-05-01T10:00:00.123Z"),
        (1714557600123456, "2024-05-01T10:00:00.123Z"),
    ],
)
def test_case_34_every_form_of_a_time_has_one_reading(written: Any, read: str) -> None:
    assert utc(written, Zone(None)) == read


@pytest.mark.parametrize("written", ["2020-02-19 01:54:52", "2009-09-01 19:02", "08-04-2023 20:52"])
def test_case_34_a_time_without_a_zone_is_never_taken_for_utc(written: str) -> None:
    with pytest.raises(RecordError, match="without a zone"):
        utc(written, Zone(None))


def test_case_34_text_null_is_no_time_and_what_cannot_be_read_is_kept_raw(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    comments = [desk.comment(101, created_at="null"), desk.comment(102, created_at="some day")]
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=comments))))
    assert records(dataset, "comments")[101]["created_at"] is None
    (reject,) = rejects(dataset)
    assert (reject["pointer"], reject["key"]) == ("/comments/1/created_at", 102)
    assert reject["raw"]


def test_case_35_old_data_is_read_as_it_was(desk: Any) -> None:
    old = {key: value for key, value in image(3).items() if key != "file_name"}
    said = desk.comment(2, trusted=True, attachments=[{**old, "name": "old.txt"}])
    del said["plain_body"]
    line = desk.ticket(1, created_at="2009-01-15T08:00:00Z", via={"channel": 0}, comments=[said])
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    assert records(dataset, "attachments")[3]["file_name"] == "old.txt"
    assert records(dataset, "comments")[2]["trusted"] is True
    assert records(dataset, "tickets")[1]["via"] == {"channel": 0}


def test_case_36_tags_may_be_of_any_script(desk: Any) -> None:
    tags = ["compete__general", "größe/xl", "возврат", "返品", "a-b.c"]
    desk.write("t.json", desk.lines(desk.ticket(1, tags=tags), desk.ticket(2, tags=" ".join(tags))))
    desk.write(
        "v.csv", "Id,Requester id,Subject,Status,Tags,Via\n" + f'3,11,S,Open,"{" ".join(tags)}",Mail\n'
    )
    assert [ticket["tags"] for ticket in desk.convert().records("tickets")] == [tags] * 3


def test_case_37_levels_in_an_options_name_are_only_in_its_name(desk: Any) -> None:
    options = [{"id": 1, "name": "Hardware::Laptop::Screen", "value": "laptop_screen"}]
    field = {"id": 5, "type": "tagger", "title": "Part", "raw_title": "Part", "active": True, "position": 1}
    desk.write(
        "fields.json", {"ticket_fields": [{**field, "custom_field_options": options}], "next_page": None}
    )
    desk.write(
        "v.csv",
        "Id,Requester id,Subject,Status,Via,Tags,Part [list]\n1,11,S,Open,Mail,,Hardware::Laptop::Screen\n",
    )
    dataset = desk.convert()
    assert records(dataset, "tickets")[1]["custom_fields"] == {"5": "laptop_screen"}
    assert records(dataset, "ticket_fields")[5]["custom_field_options"] == options


def test_case_38_value_without_definition_is_kept_raw_and_flagged(desk: Any) -> None:
    options = [{"id": 1, "name": "Screen", "value": "screen"}]
    field = {"id": 5, "type": "tagger", "title": "Part", "active": True, "position": 1}
    desk.write(
        "fields.json", {"ticket_fields": [{**field, "custom_field_options": options}], "next_page": None}
    )
    values = [{"id": 5, "value": "a_deleted_option"}, {"id": 6, "value": "of a deleted field"}]
    desk.write("t.json", desk.lines(desk.ticket(1, custom_fields=values)))
    dataset = desk.convert()
    assert records(dataset, "tickets")[1]["custom_fields"] == {
        "5": "a_deleted_option",
        "6": "of a deleted field",
    }
    told = {one.id: one.examples for one in completeness(dataset)}
    assert told["unknown_fields"] == ("6 (1)",)
    assert told["unknown_options"] == ("Part: a_deleted_option (1)",)


def test_case_39_fields_that_differ_are_reported_and_both_kept(
    desk: Any, finding: Callable[..., Any]
) -> None:
    one, other = [{"id": 5, "value": "a"}], [{"id": 5, "value": "b"}]
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, custom_fields=one, fields=other))))
    ticket = records(dataset, "tickets")[1]
    assert (ticket["custom_fields"], ticket["extra"]) == ({"5": "a"}, {"fields": other})
    assert finding(dataset, "fields_differ")["count"] == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{'score': 'unoffered'}", {"score": "unoffered"}),
        ("good", {"score": "good"}),
        ("", None),
        (None, None),
        ({"score": "offered"}, {"score": "offered"}),
    ],
)
def test_case_40_rating_may_be_text_and_nothing_in_it_is_run(desk: Any, written: Any, read: Any) -> None:
    line = desk.ticket(1, satisfaction_rating=written)
    evil = desk.ticket(2, satisfaction_rating="{'score': __import__('os').getcwd()}", comments=[])
    dataset = desk.convert(desk.write("t.json", desk.lines(line, evil)))
    assert records(dataset, "tickets")[1]["satisfaction_rating"] == read
    assert dataset.manifest["entities"]["tickets"]["rejected"] == 1


def test_case_41_domains_of_an_organization_are_kept_as_they_are(desk: Any) -> None:
    domains: list[list[str]] = [[], ["acme.test", "ann@acme.test", "suspend:spam.test"]]
    rows = [
        {"id": number, "name": f"O{number}", "domain_names": names, "updated_at": "2024-01-01T00:00:00Z"}
        for number, names in enumerate(domains, start=1)
    ]
    dataset = desk.convert(desk.write("o.json", {"organizations": rows, "count": 2}))
    assert [one["domain_names"] for one in dataset.records("organizations")] == domains


def test_case_42_shared_tickets_keep_agreement_and_foreign_people(desk: Any) -> None:
    foreign = desk.user(99, shared=True, shared_agent=True, role="end-user")
    line = desk.ticket(
        1,
        via={"channel": "ticket_sharing", "source": {"from": {}, "to": {}, "rel": None}},
        sharing_agreement_ids=[8],
        requester=foreign,
        comments=[desk.comment(101, author_id=98)],
    )
    desk.write("t.json", desk.lines(line))
    desk.write(
        "s.json", {"sharing_agreements": [{"id": 8, "name": "Partner", "type": "inbound"}], "count": 1}
    )
    dataset = desk.convert()
    assert records(dataset, "tickets")[1]["sharing_agreement_ids"] == [8]
    assert records(dataset, "users")[99]["shared_agent"] is True
    assert records(dataset, "users")[98]["placeholder"] is True
    assert list(records(dataset, "configuration")) == ["sharing_agreements/8"]


def test_case_43_of_equal_keys_the_last_wins_and_it_is_reported(
    desk: Any, finding: Callable[..., Any]
) -> None:
    line = desk.lines(desk.ticket(1)).replace('"body": "text 101"', '"body": "first", "body": "last"')
    dataset = desk.convert(desk.write("t.json", line))
    assert records(dataset, "comments")[101]["body"] == "last"
    assert finding(dataset, "duplicate_keys")["count"] == 1


def test_case_44_bad_bytes_are_replaced_and_counted(desk: Any, finding: Callable[..., Any]) -> None:
    line = desk.lines(desk.ticket(1, subject="A")).encode()
    bad = line.replace(b'"subject": "A"', b'"subject": "n\\u0000ul \\ud83d \xff \x08 ok"')
    dataset = desk.convert(desk.write("t.json", bad))
    assert records(dataset, "tickets")[1]["subject"] == "n\ufffdul \ufffd \ufffd \x08 ok"
    assert finding(dataset, "replaced_characters")["count"] == 3


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_case_44_a_csv_saved_by_a_spreadsheet_keeps_its_letters(desk: Any, encoding: str) -> None:
    text = "Id,Requester id,Subject,Status,Tags,Via\n1,11,Größe “XL”,Open,,Mail\n"
    dataset = desk.convert(desk.write("v.csv", text.encode(encoding)))
    assert records(dataset, "tickets")[1]["subject"] == "Größe “XL”"


def test_case_45_lines_end_at_newlines_only_and_every_character_passes(desk: Any) -> None:
    text = "😀 مرحبا e\u0301 (●ↀ ω ↀ ) ▇ “x” a\u2028b\u2029c\u0085d\x1ce"
    raw = json.dumps(desk.ticket(1, subject=text), ensure_ascii=False).replace("\\u001c", "\x1c")
    dataset = desk.convert(desk.write("t.json", raw + "\n" + desk.lines(desk.ticket(2))))
    assert records(dataset, "tickets")[1]["subject"] == text
    assert list(records(dataset, "tickets")) == [1, 2]


def test_case_46_a_very_long_line_is_streamed(desk: Any) -> None:
    long = desk.ticket(1, comments=[desk.comment(n, body="x" * 65_000) for n in range(1, 141)])
    raw = desk.lines(long)
    assert len(raw) > 8 << 20
    dataset = desk.convert(desk.write("t.json", raw + desk.lines(desk.ticket(2))))
    assert list(records(dataset, "tickets")) == [1, 2]
    assert dataset.manifest["entities"]["comments"]["accepted"] == 142


def test_case_47_framing_by_hand_is_tolerated(desk: Any, rejects: Callable[..., Any]) -> None:
    one, two, three = (json.dumps(desk.ticket(number)) for number in (1, 2, 3))
    desk.write("a.json", f"\ufeff// exported by hand\r\n{one}{two}\r\n{three}\r\n{one[:50]}")
    desk.write("b.json", json.dumps(desk.ticket(4), indent=2))
    desk.write("c.json", f"[{json.dumps(desk.ticket(5))},]")
    desk.write("d.json", json.dumps([{"tickets": [desk.ticket(6)]}, {"tickets": [desk.ticket(7)]}]))
    desk.write("e.json", json.dumps(desk.ticket(8), indent=2) + "\n" + json.dumps(desk.ticket(9), indent=2))
    dataset = desk.convert()
    assert list(records(dataset, "tickets")) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [(reject["source"], reject["entity"]) for reject in rejects(dataset)] == [("a.json", "unknown")]


def test_case_48_values_of_audits_may_be_anything(desk: Any) -> None:
    values: list[Any] = ["22644162812557", ["a", "b"], {"minutes": 5}, None, True, 7]
    events = [
        {"id": 900 + n, "type": "Change", "field_name": "5", "value": value, "previous_value": value}
        for n, value in enumerate(values)
    ]
    audit = {"id": 1, "ticket_id": 1, "created_at": "2024-05-01T10:00:00Z", "events": events}
    dataset = desk.convert(desk.write("audits.json", {"audits": [audit], "count": 1}))
    assert [event["value"] for event in dataset.records("ticket_events")] == values
    assert [event["previous_value"] for event in dataset.records("ticket_events")] == values


def test_case_49_two_accounts_are_refused_by_name(desk: Any) -> None:
    other = desk.ticket(1, url="https://sandbox.zendesk.com/api/v2/tickets/1.json")
    desk.write("a.json", desk.lines(desk.ticket(1)))
    desk.write("b.json", desk.lines(other))
    with pytest.raises(RefusedError, match=r"(?s)acme.*sandbox"):
        desk.convert()
    dataset = desk.convert(account="acme")
    assert records(dataset, "tickets")[1]["url"].startswith("https://acme.")


def test_case_50_absurd_metrics_are_no_error(desk: Any) -> None:
    minutes = {"calendar": 787997, "business": None}
    metrics = {"id": 4, "ticket_id": 1, "reply_time_in_minutes": minutes, "replies": 0, "solved_at": None}
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, metric_set=metrics))))
    (kept,) = dataset.records("ticket_metrics")
    assert kept["reply_time_in_minutes"] == minutes

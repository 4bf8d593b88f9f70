"""Zendesk's XML, old and new: what it says, under the names of the API."""

from collections.abc import Callable
from typing import Any

import pytest

from .tell_xml import HEAD, comment, ids, records, ticket, tickets


def test_an_old_ticket_gets_the_names_and_words_of_the_api(desk: Any) -> None:
    more = (
        '<id type="integer">900005</id><status-id>3</status-id><priority-id type="integer">4</priority-id>'
        '<ticket-type-id type="integer">2</ticket-type-id><via-id type="integer">4</via-id>'
        '<submitter-id type="integer">12</submitter-id><assignee-id type="integer" nil="true"></assignee-id>'
        '<group-id type="integer" nil="true"/><organization-id type="integer">21</organization-id>'
        '<external-id nil="true"/><due-date type="datetime">2012-03-09T12:00:00+02:00</due-date>'
        '<updated-at type="datetime">2012-03-05T00:00:00+01:00</updated-at>'
        '<solved-at type="datetime">2012-03-04T22:00:00Z</solved-at>'
        '<resolution-time type="integer">17</resolution-time>'
        "<current-tags>one two/three</current-tags><score type='integer'>28</score>"
        '<ticket-field-entries type="array"><ticket-field-entry>'
        '<ticket-field-id type="integer">77</ticket-field-id>'
        "<value>gold</value></ticket-field-entry><ticket-field-entry>"
        "<ticket-field-id>78</ticket-field-id><value/>"
        "</ticket-field-entry></ticket-field-entries>"
    )
    text = tickets(ticket(5, more=more)).replace('<status-id type="integer">1</status-id>', "")
    dataset = desk.convert(desk.write("tickets.xml", text))
    assert records(dataset) == [
        {
            "id": 5,
            "subject": "Subject 5",
            "requester_id": 11,
            "submitter_id": 12,
            "assignee_id": None,
            "group_id": None,
            "organization_id": 21,
            "external_id": None,
            "status": "solved",
            "priority": "urgent",
            "type": "incident",
            "via": {"channel": "email", "id": 4},
            "created_at": "2012-03-04T05:06:07.000Z",
            "updated_at": "2012-03-04T23:00:00.000Z",
            "due_at": "2012-03-09T10:00:00.000Z",
            "tags": ["one", "two/three"],
            "custom_fields": {"77": "gold", "78": None},
            "extra": {"internal_id": 900005, "resolution_time": 17, "score": 28},
        }
    ]
    assert records(dataset, "ticket_metrics") == [{"ticket_id": 5, "solved_at": "2012-03-04T22:00:00.000Z"}]
    assert next(dataset.records("tickets"))["source"].endswith(f":{text.index('<ticket>')}")


@pytest.mark.parametrize(
    ("element", "key", "word"),
    [
        *(
            (f"<status-id>{number}</status-id>", "status", word)
            for number, word in enumerate(("new", "open", "pending", "solved", "closed", "deleted", "hold"))
        ),
        ("<status>On-hold</status>", "status", "hold"),
        ("<status>open</status><status-id>1</status-id>", "status", "open"),
        ("<priority-id>0</priority-id>", "priority", None),
        ("<priority-id>1</priority-id>", "priority", "low"),
        ("<ticket-type-id>4</ticket-type-id>", "type", "task"),
        ("<via-id>27</via-id>", "via", {"channel": "closed_ticket", "id": 27}),
        ("<via-id>72</via-id>", "via", {"id": 72}),
        (
            "<custom-status-id type='integer'>22644162812557</custom-status-id>",
            "custom_status_id",
            22644162812557,
        ),
        ("<current-tags></current-tags>", "tags", []),
        ("<tags type='array'><tag>a</tag><tag>b</tag></tags>", "tags", ["a", "b"]),
        (
            "<collaborator-ids type='array'><id type='integer'>4</id></collaborator-ids>",
            "collaborator_ids",
            [4],
        ),
        ("<has-incidents type='boolean'>true</has-incidents>", "has_incidents", True),
        ("<problem-id>3</problem-id>", "problem_id", 3),
        ("<subject>a <b>bold</b> claim</subject>", "subject", "a <b>bold</b> claim"),
        ("<subject><![CDATA[1 < 2 </ticket> & so on]]></subject>", "subject", "1 < 2 </ticket> & so on"),
        ("<subject>twice</subject><subject>two</subject>", "subject", "two"),
    ],
)
def test_numbers_and_types_become_what_the_api_says(desk: Any, element: str, key: str, word: Any) -> None:
    text = tickets(ticket(5, more=element)).replace('<status-id type="integer">1</status-id>', "")
    (record,) = records(desk.convert(desk.write("tickets.xml", text)))
    assert record[key] == word


def test_a_number_nobody_knows_is_kept_and_reported(desk: Any, finding: Callable[..., Any]) -> None:
    text = tickets(
        ticket(5, more="<priority-id>9</priority-id><mood>good</mood>"), ticket(6, more="<mood>bad</mood>")
    )
    dataset = desk.convert(desk.write("tickets.xml", text))
    assert [one["extra"] for one in records(dataset)] == [
        {"priority_id": "9", "mood": "good"},
        {"mood": "bad"},
    ]
    assert finding(dataset, "unknown_keys")["examples"] == ["tickets.mood (2)", "tickets.priority_id (1)"]


def test_comments_get_ids_and_are_private_unless_the_file_says_public(desk: Any) -> None:
    text = tickets(
        ticket(
            5,
            comment("hello"),
            comment("secret", author=12, second=1, public=False),
            comment("who knows", author=12, second=2, public=None),
            more="<description>hello</description>",
        )
    )
    dataset = desk.convert(desk.write("tickets.xml", text))
    said = sorted(records(dataset, "comments"), key=lambda one: int(one["position"]))
    assert [(one["body"], one["public"]) for one in said] == [
        ("hello", True),
        ("secret", False),
        ("who knows", False),
    ]
    assert all(one["id"] < 0 and one["id_made"] for one in said)
    assert [one.get("visibility_unknown") for one in said] == [None, None, True]
    again = desk.convert(desk.write("again.xml", text.replace("\n", "\n\n")))
    assert {one["id"] for one in records(again, "comments")} == {one["id"] for one in said}


def test_a_description_is_a_message_only_where_no_comment_is(desk: Any) -> None:
    text = tickets(ticket(5, comment("hello"), more="<description>hello</description>"))
    text = text.replace("</tickets>", ticket(6, more="<description>alone</description>") + "</tickets>")
    said = records(desk.convert(desk.write("tickets.xml", text)), "comments")
    assert [(one["ticket_id"], one["body"], one.get("reconstructed")) for one in said] == [
        (5, "hello", None),
        (6, "alone", True),
    ]
    assert said[1]["public"] is False


def test_attachments_get_ids_and_one_named_twice_is_one(desk: Any) -> None:
    url = "http://acme.zendesk.com/attachments/token/{0}/?name=image001.jpg"
    files = [
        f"<attachment><url>{url.format(n)}</url><filename>image001.jpg</filename></attachment>" for n in "ab"
    ]
    bare = "<attachment><filename>scan.pdf</filename></attachment>"
    text = tickets(
        ticket(
            5,
            comment("two", more=f'<attachments type="array">{"".join(files)}{bare}{bare}</attachments>'),
            more=f"<attachments>{files[0]}</attachments>",
        )
    )
    dataset = desk.convert(desk.write("tickets.xml", text))
    found = records(dataset, "attachments")
    assert len({one["id"] for one in found}) == len(found) == 4
    assert all(one["id_made"] and one["id"] < 0 and one["comment_id"] for one in found)
    assert sorted(one["file_name"] for one in found) == ["image001.jpg"] * 2 + ["scan.pdf"] * 2
    assert sorted(filter(None, (one.get("content_url") for one in found))) == [
        url.format("a"),
        url.format("b"),
    ]
    counts = dataset.manifest["entities"]["attachments"]
    assert (counts["found"], counts["accepted"], counts["superseded"]) == (5, 4, 1)


def test_people_groups_and_organizations_become_the_apis(desk: Any) -> None:
    desk.write(
        "users.xml",
        f"""{HEAD}<users type="array">
        <user><id type="integer">11</id><name>Ann</name><email>ann@x.test</email>
        <roles type="integer">0</roles>
          <is-active type="boolean">false</is-active><phone nil="true"/><current-tags>vip</current-tags>
          <organization-id type="integer">21</organization-id>
          <created-at type="datetime">2012-01-01T00:00:00Z</created-at>
          <last-login type="datetime">2012-02-01T00:00:00Z</last-login>
          <uses-12-hour-clock>false</uses-12-hour-clock></user>
        <user><id type="integer">12</id><name>Bob</name><roles type="integer">4</roles>
          <groups type="array"><group><id type="integer">3</id><name>Support</name>
          <is-active>true</is-active></group></groups>
          <memberships type="array"><membership><id type="integer">8</id>
          <group-id type="integer">4</group-id></membership></memberships>
        </user><user><id>13</id><name>Eve</name><roles type="integer">2</roles></user></users>""",
    )
    desk.write(
        "organizations.xml",
        f"""{HEAD}<organizations type="array"><organization><id>21</id><name>Nord</name>
        <default>nord.test sud.test</default>
        <is-shared type="boolean">true</is-shared><details/><updated-at>2012-01-01T00:00:00Z</updated-at>
        </organization></organizations>""",
    )
    desk.write(
        "groups.xml",
        f"""{HEAD}<groups type="array"><group><id>4</id><name>Billing</name>
        <is-active type="boolean">false</is-active>
        <users type="array"><user><id>13</id><name>Eve</name></user></users></group></groups>""",
    )
    dataset = desk.convert()
    ann, bob, eve = records(dataset, "users")
    assert ann == {
        "id": 11,
        "name": "Ann",
        "email": "ann@x.test",
        "role": "end-user",
        "roles_seen": ["end-user"],
        "active": False,
        "phone": None,
        "tags": ["vip"],
        "organization_id": 21,
        "created_at": "2012-01-01T00:00:00.000Z",
        "last_login_at": "2012-02-01T00:00:00.000Z",
        "extra": {"uses_12_hour_clock": "false"},
    }
    assert (bob["role"], eve["role"]) == ("agent", "admin")
    assert [(one["id"], one["name"], one["deleted"]) for one in records(dataset, "groups")] == [
        (3, "Support", False),
        (4, "Billing", True),
    ]
    pairs = {(one["user_id"], one["group_id"]): one["id"] for one in records(dataset, "group_memberships")}
    assert pairs.keys() == {(12, 3), (12, 4), (13, 4)}
    assert pairs[12, 4] == 8
    (organization,) = records(dataset, "organizations")
    assert organization["domain_names"] == ["nord.test", "sud.test"]
    assert (organization["shared_tickets"], organization["details"]) == (True, None)
    assert "default" not in organization


def test_the_account_is_named_and_forums_are_kept_raw(desk: Any) -> None:
    members = {
        "accounts.xml": f"{HEAD}<account><name>Acme</name><subdomain>acme</subdomain></account>",
        "tickets.xml": tickets(ticket(5, comment("hello"))),
        "categories.xml": (
            f'{HEAD}<categories type="array"><category><id>1</id><name>News</name></category></categories>'
        ),
        "forums.xml": (
            f'{HEAD}<forums type="array"><forum><id type="integer">2</id><name>FAQ</name></forum></forums>'
        ),
        "entries.xml": f"""{HEAD}<entries type="array"><entry><id>3</id><forum-id>2</forum-id>
        <title>How</title><body>So.</body>
            <posts type="array"><post><id>4</id><body>Thanks</body></post></posts></entry></entries>""",
        "posts.xml": (
            f'{HEAD}<posts type="array"><post><id>4</id><entry-id>3</entry-id><body>Thanks</body>'
            "</post></posts>"
        ),
    }
    dataset = desk.convert(desk.zip("old.zip", members))
    assert dataset.account == "acme"
    assert {one["id"]: one["record"] for one in records(dataset, "configuration")} == {
        "account/Acme": {"name": "Acme", "subdomain": "acme"},
        "categories/1": {"id": "1", "name": "News"},
        "forums/2": {"id": 2, "name": "FAQ"},
        "entries/3": {
            **{"id": "3", "forum_id": "2", "title": "How", "body": "So."},
            "posts": [{"id": "4", "body": "Thanks"}],
        },
        "posts/4": {"id": "4", "entry_id": "3", "body": "Thanks"},
    }


def test_one_file_may_hold_everything(desk: Any) -> None:
    text = f"""{HEAD}<account xmlns:zd="urn:zd"><name>Acme</name><subdomain>acme</subdomain>
      <groups type="array"><group><id>3</id><name>Support</name></group></groups>
      <users type="array"><user><id>11</id><name>Ann</name><roles>0</roles></user></users>
      <tickets type="array">{ticket(5)}{ticket(6)}</tickets></account>"""
    dataset = desk.convert(desk.write("full.xml", text))
    assert (dataset.account, ids(dataset)) == ("acme", [5, 6])
    assert [one["name"] for one in records(dataset, "groups")] == ["Support"]
    assert (
        dataset.manifest["entities"]["unknown"]["found"] == 0
        if "unknown" in dataset.manifest["entities"]
        else True
    )


def test_records_without_a_name_of_their_own_are_known_by_what_they_say(desk: Any) -> None:
    text = ticket(5, comment("hello")).replace("<ticket>", "<record>").replace("</ticket>", "</record>")
    person = "<record><id>11</id><name>Ann</name><roles>0</roles></record>"
    thing = "<record><colour>red</colour></record>"
    dataset = desk.convert(desk.write("old.xml", f"<records>{text}{person}{thing}</records>"))
    assert (ids(dataset), [one["name"] for one in records(dataset, "users")]) == ([5], ["Ann"])
    assert dataset.manifest["entities"]["unknown"]["rejected"] == 1


def test_names_with_a_namespace_are_the_same_names(desk: Any) -> None:
    head = '<zd:tickets xmlns:zd="urn:zd" xmlns:xsi="urn:xsi" type="array">'
    text = head + ticket(5, more='<priority-id xsi:nil="true"/>') + "</zd:tickets>"
    for name in ("ticket", "subject"):
        text = text.replace(f"<{name}>", f"<zd:{name}>").replace(f"</{name}>", f"</zd:{name}>")
    (record,) = records(desk.convert(desk.write("tickets.xml", text)))
    assert (record["id"], record["subject"], record["priority"]) == (5, "Subject 5", None)

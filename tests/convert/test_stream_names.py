import pytest

from deskferry.convert.stream_names import entity_of_stream, field_of_name, named_by_stream, stream_of_name


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("tickets", "tickets"),
        ("ticket_comments", "comments"),
        ("ticket_audits", "audits"),
        ("user_identities", "identities"),
        ("deleted_tickets", "tickets:deleted"),
        ("macros", "configuration:macros"),
        ("ticket_metric_events", "configuration:ticket_metric_events"),
        ("mytest__zendesk__tickets", "tickets"),
        ("zendesk_support_users", "users"),
        ("invoices", None),
    ],
)
def test_streams_name_entities(name: str, entity: str | None) -> None:
    assert entity_of_stream(name) == entity


@pytest.mark.parametrize(
    ("name", "stream"),
    [
        ("tickets.jsonl", "tickets"),
        ("ticket_comments-20240101T000000.jsonl", "ticket_comments"),
        ("out/_airbyte_raw_users.jsonl", "_airbyte_raw_users"),
        ("tickets_page_3.json", "tickets"),
        ("support/macros/inactive/Close.json", "macros"),
        ("users/suspended/12.json", "users"),
        ("12.json", ""),
        ("notes.json", ""),
    ],
)
def test_files_and_folders_name_streams(name: str, stream: str) -> None:
    assert stream_of_name(name) == stream


def test_a_name_is_not_believed_against_the_keys() -> None:
    assert named_by_stream({"id": 1, "login": "x", "node_id": "y", "gists_url": "z"}, "users") is None
    assert named_by_stream({"id": 1, "name": "A", "created_at": "t"}, "users") == "users"
    assert named_by_stream({"name": "vip", "count": 1}, "tags") == "configuration:tags"
    assert named_by_stream({"id": 1}, "ticket_audits") is None


def test_options_find_their_field_by_the_folder() -> None:
    assert field_of_name("ticket_fields/123/options.json") == 123
    assert field_of_name("ticket_fields/options.json") is None

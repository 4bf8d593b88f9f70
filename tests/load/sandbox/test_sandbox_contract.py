"""Every call of the sandbox, held against Intercom's own description by a proxy that knows it.

The proxy is `intercom-contract UPSTREAM PORT`, named by INTERCOM_CONTRACT, on the PATH, or in shared/tools
beside the checkout. Where there is none the test says so and is skipped.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from deskferry.load.sandbox.endpoints import ENDPOINTS, match

BESIDE = Path(__file__).parents[4] / "shared" / "tools" / "intercom-contract"
NOW = 1_750_000_000

# The description takes a contact's id for a number here, so that no real one passes.
UNDESCRIBED = {"POST /contacts/{id}/notes", "GET /contacts/{id}/notes"}


@pytest.fixture
def proxied(sandbox: Any, tmp_path: Path) -> Iterator[Any]:
    """The sandbox, reached through the proxy."""
    tool = os.environ.get("INTERCOM_CONTRACT") or shutil.which("intercom-contract") or str(BESIDE)
    if not Path(tool).is_file():
        pytest.skip("no intercom-contract here to hold the sandbox against Intercom's description")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        (tmp_path / "proxy").open("wb") as log,
        subprocess.Popen(
            [tool, sandbox.url, str(port)], stdout=log, stderr=log, start_new_session=True
        ) as proxy,
    ):
        try:
            if not _listens(proxy, port):
                pytest.skip(f"the proxy did not start: {(tmp_path / 'proxy').read_text()[-500:]}")
            sandbox.url = f"http://127.0.0.1:{port}"
            yield sandbox
        finally:
            if proxy.poll() is None:
                os.killpg(proxy.pid, signal.SIGKILL)


def _listens(proxy: "subprocess.Popen[bytes]", port: int) -> bool:
    for _ in range(300):
        try:
            requests.get(f"http://127.0.0.1:{port}/me", timeout=5)
        except requests.ConnectionError:
            if proxy.poll() is not None:
                return False
            time.sleep(0.1)
        else:
            return True
    return False


class Caller:
    """Makes calls that the proxy must let through both ways, and remembers which endpoints they were."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.seen: set[str] = set()

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        endpoint, _ = match(method, path.partition("?")[0])
        self.seen.add(str(endpoint))
        answer = self.sandbox.call(method, path, body)
        # A violation is an answer of the proxy's own that names it, or a header of it.
        broken = answer.headers.get("sl-violations", "" if answer.status_code == 200 else answer.text)
        assert broken == "", f"{method} {path}"
        return answer.json()


def people_and_companies(call: Caller, admin: str) -> str:
    """The id of a contact with an e-mail."""
    call("POST", "/data_attributes", {"name": "zendesk_id", "model": "contact", "data_type": "string"})
    call("GET", "/data_attributes?model=contact")
    who = call(
        "POST",
        "/contacts",
        {
            "role": "user",
            "email": "ann@example.org",
            "external_id": "a-1",
            "name": "Ann <A>",
            "unsubscribed_from_emails": True,
            "custom_attributes": {"zendesk_id": "1"},
        },
    )["id"]
    lead = call("POST", "/contacts", {"role": "lead", "name": "Lea"})["id"]
    call("GET", "/contacts/find_by_external_id/a-1")
    call("GET", f"/contacts/{who}")
    call("PUT", f"/contacts/{who}", {"phone": "+4930123456", "signed_up_at": NOW - 9})
    query = {"query": {"field": "email", "operator": "=", "value": "ann@example.org"}}
    call("POST", "/contacts/search", query)
    call("POST", "/contacts/merge", {"from": lead, "into": who, "skip_duplicate_validation": True})
    company = call("POST", "/companies", {"company_id": "c-1", "name": "Acme", "plan": "gold", "size": 7})[
        "id"
    ]
    call("POST", f"/contacts/{who}/companies", {"id": company})
    call("GET", f"/contacts/{who}/companies")
    for path in (f"/companies/{company}", "/companies?company_id=c-1", f"/companies/{company}/contacts"):
        call("GET", path)
    call("POST", "/companies/list")
    call("PUT", f"/companies/{company}", {"industry": "Bikes"})
    call("POST", f"/companies/{company}/notes", {"body": "<p>Big</p>", "admin_id": admin})
    call("GET", f"/companies/{company}/notes")
    tag = call("POST", "/tags", {"name": "vip"})["id"]
    call("GET", "/tags")
    call("POST", f"/contacts/{who}/tags", {"id": tag})
    call("GET", f"/contacts/{who}/tags")
    call("DELETE", f"/contacts/{who}/tags/{tag}")
    call("DELETE", f"/contacts/{who}/companies/{company}")
    call("DELETE", f"/companies/{company}")
    other = call("POST", "/contacts", {"email": "old@example.org"})["id"]
    call("POST", f"/contacts/{other}/archive")
    call("POST", f"/contacts/{other}/unarchive")
    call("DELETE", f"/contacts/{other}")
    return str(who)


def conversations(call: Caller, admin: str, who: str) -> None:
    kinds = "/conversations/attributes"
    call("POST", kinds, {"name": "zendesk_id", "data_type": "string"})
    one = call("POST", kinds, {"name": "brand", "data_type": "list", "options": [{"label": "A"}]})["id"]
    call("GET", kinds)
    call("GET", f"{kinds}/{one}")
    call("PUT", f"{kinds}/{one}", {"description": "Of the shop"})
    call("POST", f"{kinds}/{one}/options", {"label": "B"})
    start = {"from": {"type": "user", "id": who}, "body": "Hello", "created_at": NOW - 100}
    made, into, gone = (call("POST", "/conversations", start)["conversation_id"] for _ in range(3))
    note = {
        "type": "admin",
        "message_type": "note",
        "admin_id": admin,
        "body": "<p>x</p>",
        "created_at": NOW - 90,
    }
    file = {"content_type": "text/plain", "name": "a.txt", "data": "aGk="}
    call("POST", f"/conversations/{made}/reply", {**note, "attachment_files": [file]})
    comment = {"type": "user", "message_type": "comment", "intercom_user_id": who, "body": "y"}
    call("POST", f"/conversations/{made}/reply", {**comment, "attachment_urls": ["https://x.test/a.png"]})
    call(
        "PUT",
        f"/conversations/{made}",
        {"title": "T", "custom_attributes": {"zendesk_id": "7"}, "read": True},
    )
    tag = call("POST", "/tags", {"name": "vip"})["id"]
    call("POST", f"/conversations/{made}/tags", {"id": tag, "admin_id": admin})
    assign = {"message_type": "assignment", "type": "admin", "admin_id": admin, "assignee_id": admin}
    call("POST", f"/conversations/{made}/parts", assign)
    snooze = {"message_type": "snoozed", "admin_id": admin, "snoozed_until": NOW + 999}
    call("POST", f"/conversations/{made}/parts", snooze)
    call("POST", f"/conversations/{made}/parts", {"message_type": "open", "admin_id": admin})
    call(
        "POST", f"/conversations/{made}/parts", {"message_type": "close", "type": "admin", "admin_id": admin}
    )
    guest = {"admin_id": admin, "customer": {"email": "guest@example.org"}}
    people = call("POST", f"/conversations/{made}/customers", guest)["contacts"]["contacts"]
    call("DELETE", f"/conversations/{made}/customers/{people[-1]['id']}", {"admin_id": admin})
    part = call("GET", f"/conversations/{made}?display_as=plaintext")["conversation_parts"][
        "conversation_parts"
    ][0]
    redacted = {"type": "conversation_part", "conversation_id": made, "conversation_part_id": part["id"]}
    call("POST", "/conversations/redact", redacted)
    call("GET", "/conversations?per_page=1")
    call("POST", "/conversations/search", {"query": {"field": "contact_ids", "operator": "=", "value": who}})
    call("DELETE", f"/conversations/{made}/tags/{tag}", {"admin_id": admin})
    call("POST", f"/conversations/{made}/merge", {"merge_into_conversation_id": int(into)})
    call("DELETE", f"/conversations/{gone}?retain_metrics=false")
    call("GET", "/conversations/deleted")
    call("DELETE", f"{kinds}/{one}")
    customer = call("GET", "/ticket_types")["data"][0]["id"]
    call("POST", f"/conversations/{into}/convert", {"ticket_type_id": customer})


def tickets(call: Caller, admin: str, who: str) -> None:
    kind = call("POST", "/ticket_types", {"name": "Return", "category": "Customer", "icon": "🎟️"})
    kinds = f"/ticket_types/{kind['id']}"
    wanted = {"name": "zendesk_id", "description": "Old number", "data_type": "string"}
    number = call("POST", f"{kinds}/attributes", wanted)["id"]
    listed = {"name": "Size", "description": "", "data_type": "list", "list_items": "Low,High"}
    call("POST", f"{kinds}/attributes", listed)
    call("PUT", f"{kinds}/attributes/{number}", {"visible_to_contacts": False})
    call("PUT", kinds, {"description": "Goods that come back"})
    call("GET", kinds)
    call("GET", "/ticket_states")
    start = {
        "ticket_type_id": kind["id"],
        "contacts": [{"id": who}],
        "ticket_attributes": {"_default_title_": "T", "zendesk_id": "7"},
        "created_at": NOW - 100,
        "skip_notifications": True,
    }
    made = call("POST", "/tickets", start)["id"]
    job = call("POST", "/tickets/enqueue", start)["id"]
    call("GET", f"/jobs/status/{job}")
    note = {
        "type": "admin",
        "message_type": "note",
        "admin_id": admin,
        "body": "<p>x</p>",
        "created_at": NOW - 90,
    }
    call("POST", f"/tickets/{made}/reply", note)
    comment = {"type": "user", "message_type": "comment", "intercom_user_id": who, "body": "y"}
    call("POST", f"/tickets/{made}/reply", comment)
    resolved = kind["ticket_states"]["data"][-1]["id"]
    update = {"ticket_state_id": resolved, "open": False, "admin_id": int(admin), "assignee_id": admin}
    call(
        "PUT",
        f"/tickets/{made}",
        {**update, "ticket_attributes": {"zendesk_id": "8"}, "skip_notifications": True},
    )
    call("PUT", f"/tickets/{made}", {"snoozed_until": NOW + 999})
    tag = call("POST", "/tags", {"name": "vip"})["id"]
    call("POST", f"/tickets/{made}/tags", {"id": tag, "admin_id": admin})
    call("DELETE", f"/tickets/{made}/tags/{tag}", {"admin_id": admin})
    call("GET", f"/tickets/{made}")
    query = {"field": f"ticket_attribute.{number}", "operator": "=", "value": "8"}
    assert call("POST", "/tickets/search", {"query": query}).get("total_count") == 1
    call("DELETE", f"/tickets/{made}")


def test_every_call_and_every_answer_fits_intercoms_own_description(proxied: Any) -> None:
    call = Caller(proxied)
    admin = str(call("GET", "/me")["id"])
    call("GET", "/admins")
    call("GET", "/teams")
    who = people_and_companies(call, admin)
    conversations(call, admin, who)
    tickets(call, admin, who)
    assert ENDPOINTS.keys() - UNDESCRIBED - call.seen == set()

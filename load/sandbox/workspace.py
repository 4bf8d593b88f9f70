"""Who and what is there before anything is loaded: the workspace, its admins, teams and tags."""

import secrets
from collections.abc import Callable
from typing import Any

import orjson

from deskferry.schemas.errors import InputError

from . import attributes, ticket_type_store
from .answers import Json, Problem, invalid, not_found
from .call import Call
from .state import Row, State

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def seed(
    snapshot: Json | None, *, now: int, choose: Callable[[str], str] = secrets.choice
) -> Callable[[State], None]:
    """What fills a new state. snapshot: as workspace.json has it; None: one seated admin, two ticket types.

    The id is always new: a rehearsal must never pass for the workspace it rehearses.
    """

    def fill(state: State) -> None:
        wanted = snapshot or _bare()
        state.run(
            "insert_workspace",
            id="".join(choose(_ALPHABET) for _ in range(8)),
            name=wanted["name"],
            region="sandbox",
            created_at=now,
            identity_verification=int(bool(wanted.get("identity_verification"))),
            me=wanted["me"]["id"],
        )
        admins = {admin["id"]: admin for admin in [{**wanted["me"], "seat": True}, *wanted["admins"]]}
        for admin in admins.values():
            state.run("insert_admin", **{**admin, "id": _number(admin["id"], "admin")})
        for team in wanted["teams"]:
            members = [_number(member, "admin") for member in team.get("admin_ids", [])]
            state.run(
                "insert_team",
                id=_number(team["id"], "team"),
                name=team["name"],
                admin_ids=orjson.dumps(members).decode(),
                distributes=int(bool(team.get("distributes"))),
            )
        for tag in wanted["tags"]:
            state.run(
                "insert_tag",
                id=_number(tag["id"], "tag"),
                name=tag["name"],
                name_key=tag["name"].casefold(),
            )
        attributes.seed(state, wanted, now=now)
        ticket_type_store.seed(state, wanted, now=now)

    return fill


def _bare() -> Json:
    me = {"id": "7410001", "email": "migration@sandbox.test", "name": "Migration Admin"}
    return {
        "name": "Sandbox",
        "me": me,
        "admins": [],
        "teams": [],
        "tags": [],
        "contact_attributes": [],
        "conversation_attributes": [],
    }


def _number(text: str, kind: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise InputError(f"the id of {kind} {text!r} in the workspace file is not a number")
    return int(text)


def me(state: State, _call: Call) -> Json:
    """GET /me."""
    workspace = _workspace(state)
    admin = state.one("admin", id=workspace["me"])
    if admin is None:
        raise Problem(401, "unauthorized", "Access Token Invalid")
    return {
        **_admin_shape(admin, state.all("teams")),
        "email_verified": True,
        "avatar": {"type": "avatar", "image_url": None},
        "app": {
            "type": "app",
            "id_code": workspace["id"],
            "name": workspace["name"],
            "region": workspace["region"],
            "timezone": "Etc/UTC",
            "created_at": workspace["created_at"],
            "identity_verification": bool(workspace["identity_verification"]),
        },
    }


def list_admins(state: State, _call: Call) -> Json:
    """GET /admins."""
    teams = state.all("teams")
    return {"type": "admin.list", "admins": [_admin_shape(row, teams) for row in state.all("admins")]}


def list_teams(state: State, _call: Call) -> Json:
    """GET /teams."""
    teams = [
        {
            "type": "team",
            "id": str(row["id"]),
            "name": row["name"],
            "admin_ids": orjson.loads(row["admin_ids"]),
            "distribution_method": "round_robin" if row["distributes"] else None,
        }
        for row in state.all("teams")
    ]
    return {"type": "team.list", "teams": teams}


def list_tags(state: State, _call: Call) -> Json:
    """GET /tags."""
    return {"type": "list", "data": [tag_shape(row) for row in state.all("tags")]}


def create_tag(state: State, call: Call) -> Json:
    """POST /tags: makes the tag, or finds it whatever its case; with an id, renames it."""
    name = call.body["name"].strip()
    key = name.casefold()
    same = state.one("tag_by_name", name_key=key)
    if "id" in call.body:
        known = state.one("tag", id=call.body["id"])
        if known is None:
            raise not_found("Tag not found", code="tag_not_found")
        if same is not None and same["id"] != known["id"]:
            raise invalid(f"A tag named '{name}' already exists", field="name")
        state.run("rename_tag", id=known["id"], name=name, name_key=key)
        return tag_shape({**known, "name": name})
    if same is None:
        same = {"id": state.run("insert_tag", id=None, name=name, name_key=key), "name": name}
    return tag_shape(same)


def seated_admin(state: State, admin_id: Any) -> Row:
    """The admin who acts. Raises Problem: unknown, or without the seat that acting takes."""
    admin = state.one("admin", id=admin_id)
    if admin is None:
        raise not_found("Admin not found")
    if not admin["seat"]:
        raise Problem(403, "forbidden", "Admin does not have an Inbox seat")
    return admin


def tag_shape(row: Row) -> Json:
    """A tag as lists show it."""
    return {"type": "tag", "id": str(row["id"]), "name": row["name"]}


def _workspace(state: State) -> Row:
    row = state.one("workspace")
    if row is None:
        raise InputError("the sandbox state holds no workspace", todo="Name another --state")
    return row


def workspace_id(state: State) -> str:
    """app.id_code, which contacts repeat."""
    return str(_workspace(state)["id"])


def _admin_shape(row: Row, teams: list[Row]) -> Json:
    return {
        "type": "admin",
        "id": str(row["id"]),
        "name": row["name"],
        "email": row["email"],
        "away_mode_enabled": False,
        "away_mode_reassign": False,
        "has_inbox_seat": bool(row["seat"]),
        "team_ids": [team["id"] for team in teams if row["id"] in orjson.loads(team["admin_ids"])],
    }

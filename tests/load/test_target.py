"""What --to may name."""

from pathlib import Path

import pytest

from deskferry.load.plan_file import open_plan
from deskferry.load.right_workspace import require_allowed
from deskferry.load.target import TargetKind, open_target
from deskferry.schemas.errors import InputError, RefusedError

from .conftest import Desk

TOKEN = {"INTERCOM_ACCESS_TOKEN": "tok"}


def opened(spec: str, folder: Path, name: str | None = None, **environ: str) -> object:
    with open_target(spec, beside=folder, workspace_name=name, environ=environ) as target:
        return target


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("http://example.org", "another machine"),
        ("https://10.0.0.1:8080", "another machine"),
        ("http://127.0.0.1.evil.test", "another machine"),
        ("http://u:p@127.0.0.1:1", "more than host and port"),
        ("http://127.0.0.1:1/v1", "more than host and port"),
        ("mars", "is no target"),
        ("", "is no target"),
        ("http://127.0.0.1:99999", "is no target"),
        ("eu", "no token for Intercom"),
    ],
)
def test_a_spec_that_is_none_is_one_line(tmp_path: Path, spec: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        opened(spec, tmp_path)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "schlüssel"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(tmp_path: Path, token: str) -> None:
    with pytest.raises(InputError, match="characters that no token has") as caught:
        opened("eu", tmp_path, INTERCOM_ACCESS_TOKEN=token)
    assert token not in str(caught.value)


def test_opening_starts_no_process_and_makes_no_call(tmp_path: Path) -> None:
    with open_target("sandbox", beside=tmp_path, workspace_name=None, environ={}) as target:
        assert target.calls == 0
    assert list(tmp_path.iterdir()) == []


def test_a_state_file_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no sandbox")
    spec = f"sandbox:{tmp_path / 'notes.txt'}"
    with (
        open_target(spec, beside=tmp_path, workspace_name=None, environ={}) as target,
        pytest.raises(InputError, match=r"notes\.txt: the sandbox does not start"),
    ):
        target.client()


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        ({"region": "us", "name": "Acme"}, "in region us, not eu"),
        ({"region": "eu", "name": "Acme TEST"}, 'workspace "Acme TEST", not "Acme"'),
    ],
)
def test_another_region_or_workspace_than_named_is_refused(
    tmp_path: Path, snapshot: dict[str, str], words: str
) -> None:
    with open_target("eu", beside=tmp_path, workspace_name="Acme", environ=TOKEN) as target:
        assert target.kind is TargetKind.INTERCOM
        assert target.settle == 300
        with pytest.raises(RefusedError, match=words):
            target.require_workspace(snapshot)
        target.require_workspace({"region": "eu", "name": "Acme"})


def test_a_real_workspace_must_be_named(desk: Desk, tmp_path: Path) -> None:
    desk.plan(workspace={**desk.snapshot(), "region": "eu"})
    with open_plan(desk.folder / "try.plan") as plan:
        for spec in ("eu", desk.url):
            with (
                open_target(spec, beside=tmp_path, workspace_name=None, environ=TOKEN) as nameless,
                pytest.raises(RefusedError, match='Add --workspace "Rehearsal"'),
            ):
                require_allowed(plan, nameless)
            with open_target(spec, beside=tmp_path, workspace_name="Rehearsal", environ=TOKEN) as target:
                require_allowed(plan, target)


@pytest.mark.parametrize(
    ("region", "spec", "workspace_name", "words"),
    [
        (
            "sandbox",
            "eu",
            "Rehearsal",
            r"for workspace \"Rehearsal\" \(sandbox\), not for \"Rehearsal\" \(eu\)",
        ),
        ("eu", "us", "Rehearsal", r"\(eu\), not for \"Rehearsal\" \(us\)"),
        ("eu", "eu", "Somebody Else", r"not for \"Somebody Else\" \(eu\)"),
        ("eu", "sandbox", None, "not for a sandbox"),
    ],
)
def test_a_plan_that_is_done_is_not_called_done_for_another_target(
    desk: Desk, tmp_path: Path, region: str, spec: str, workspace_name: str | None, words: str
) -> None:
    desk.plan(workspace={**desk.snapshot(), "region": region})
    with (
        open_plan(desk.folder / "try.plan") as plan,
        open_target(spec, beside=tmp_path, workspace_name=workspace_name, environ=TOKEN) as target,
    ):
        with pytest.raises(RefusedError, match=words):
            require_allowed(plan, target)
        assert target.calls == 0

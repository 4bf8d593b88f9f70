import re
from pathlib import Path

import pytest

from deskferry.cli.main import VERBS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_tree_in_the_readme_is_the_tree_on_disk() -> None:
    tree = README.split("## How it is built")[1].split("```")[1]
    named = {line.split()[0].rstrip("/") for line in tree.strip().splitlines()}
    kept_out = {".git", ".ci", ".dev", ".venv", "build", "dist"}
    on_disk = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and path.name not in kept_out and any(path.rglob("*.*"))
    }
    on_disk = {
        name for name in on_disk if not name.startswith((".", "deskferry-demo")) and "egg-info" not in name
    }
    assert named - {"load/sandbox"} == on_disk
    assert (ROOT / "load" / "sandbox").is_dir()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_of_ours_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_the_readme_has_one_command_to_run_it_and_one_to_test_it() -> None:
    commands = re.findall(r"^python3 .*$", README, flags=re.MULTILINE)
    assert [command.split("/")[-1] for command in commands] == ["deskferry demo", "pytest -n auto"]


def test_every_verb_the_readme_uses_exists() -> None:
    used = set(re.findall(r"^deskferry (\w+)", README, flags=re.MULTILINE))
    assert used <= set(VERBS)
    assert len(used) >= 8

"""The README of the samples: its words stand in readme.txt, its table comes from the stories."""

from importlib.resources import files
from pathlib import Path

from .company import ACCOUNT, SECRET, ZONE
from .tell import STORIES


def write_readme(folder: Path) -> None:
    """Write README.md into the folder."""
    words = files("deskferry.sample_exports").joinpath("readme.txt").read_text(encoding="utf-8")
    rows = "".join(f"| {story.id} | {story.shows} |\n" for story in STORIES if story.shows)
    text = words.format(account=ACCOUNT, zone=ZONE, secret=SECRET, tickets=len(STORIES), rows=rows)
    (folder / "README.md").write_bytes(text.encode())

"""docs/mapping.md says what the schema says today, and its example is a mapping."""

from importlib.resources import files
from pathlib import Path

from deskferry.cli.mapping_page import page
from deskferry.schemas.mapping import parse_mapping, shape_at
from deskferry.schemas.signature import signatures
from deskferry.schemas.unsupported import unsupported

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_page_in_docs_is_what_the_schema_says_today() -> None:
    written = (DOCS / "mapping.md").read_text(encoding="utf-8")
    assert written == page(), "python -m deskferry.cli.mapping_page > docs/mapping.md"


def test_every_block_and_every_setting_is_on_it() -> None:
    text = page()
    for name, shape in shape_at()["properties"].items():
        assert name in ("decided_by", "date") or f"\n### {name}\n" in text
        for key in shape.get("properties", {}):
            assert key in ("decided_by", "date", "values") or f"| `{key}` |" in text


def test_the_worked_example_is_a_mapping_that_this_version_carries_out() -> None:
    text = files("deskferry.cli").joinpath("mapping_example.yaml").read_text(encoding="utf-8")
    mapping = parse_mapping(text, path=Path("acme.mapping.yaml"))
    assert unsupported(mapping) == []
    blocks = signatures(mapping)
    said = f"Signed: {sum(block.signed for block in blocks)} of {len(blocks)} blocks"
    assert said in page()
    assert mapping.where("custom_statuses", "values") + "  no entry" in page()
    assert mapping.where("custom_fields", "values", "360016965152", "options") + "  no entry" in page()

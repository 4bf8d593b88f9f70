"""The Help Center, dumped once for each language, as scripts do."""

import json
from pathlib import Path
from typing import Any

from .company import ACCOUNT, SECRET, Record
from .people import person_id

_FIRST = 360_001_200_000
_SECTION, _CATEGORY = _FIRST + 90, _FIRST + 95


def write_help_center(folder: Path) -> None:
    """Write a file for each list; articles once for each language."""
    for locale in ("en-us", "nb"):
        _write(folder / f"articles_{locale}.json", "articles", _articles(locale))
    lists: dict[str, list[Record]] = {
        "sections": [_named(_SECTION, "sections", "Brakes", category_id=_CATEGORY)],
        "categories": [_named(_CATEGORY, "categories", "Repairs")],
        "comments": [
            {
                **{"id": _FIRST + 70, "url": _address(f"articles/{_FIRST + 1}/comments/{_FIRST + 70}")},
                **{"author_id": person_id("anna"), "body": "<p>That helped, thanks!</p>", "locale": "en-us"},
                **{"source_id": _FIRST + 1, "source_type": "Article", "vote_sum": 1, "vote_count": 1},
                **{"created_at": "2026-04-02T09:00:00Z", "updated_at": "2026-04-02T09:00:00Z"},
            }
        ],
        "article_attachments": [
            {
                **{"id": _FIRST + 60, "url": _address(f"articles/attachments/{_FIRST + 60}")},
                **{
                    "article_id": _FIRST + 1,
                    "file_name": "brake.png",
                    "content_type": "image/png",
                    "size": 9120,
                },
                **{
                    "inline": True,
                    "created_at": "2026-04-01T09:00:00Z",
                    "updated_at": "2026-04-01T09:00:00Z",
                },
            }
        ],
    }
    for name, records in lists.items():
        _write(folder / f"{name}.json", name, records)


def _articles(locale: str) -> list[Record]:
    """One in both languages, and a draft that only its author sees."""
    norwegian = locale == "nb"
    noise = _article(
        _FIRST + 1,
        locale,
        title="Bremsene hyler" if norwegian else "The brakes squeal",
        body="<p>Rengjør felgen.</p>" if norwegian else "<p>Clean the rim. <b>Twice.</b></p>",
        label_names=["brakes"],
        updated_at="2026-05-02T09:00:00Z" if norwegian else "2026-04-01T09:00:00Z",
    )
    draft = _article(
        _FIRST + 2,
        locale,
        title="Recall (draft)",
        body=f"<p>{SECRET} Which frames may break</p>",
        draft=True,
        user_segment_id=_FIRST + 80,
    )
    return [noise] if norwegian else [noise, draft]


def _article(number: int, locale: str, **more: Any) -> Record:
    page = f"{locale}/articles/{number}"
    return {
        "id": number,
        "url": _address(page),
        "html_url": f"https://{ACCOUNT}.zendesk.com/hc/{page}",
        "author_id": person_id("ingrid"),
        "comments_disabled": False,
        "draft": False,
        "promoted": False,
        "position": 0,
        "vote_sum": 3,
        "vote_count": 5,
        "section_id": _SECTION,
        "created_at": "2026-03-01T09:00:00Z",
        "updated_at": "2026-03-01T09:00:00Z",
        "name": more["title"],
        "title": more["title"],
        "source_locale": "en-us",
        "locale": locale,
        "outdated": False,
        "outdated_locales": [],
        "edited_at": "2026-03-01T09:00:00Z",
        "user_segment_id": None,
        "permission_group_id": _FIRST + 81,
        "content_tag_ids": [],
        "label_names": [],
        "body": "",
        **more,
    }


def _named(number: int, kind: str, name: str, **more: Any) -> Record:
    return {
        "id": number,
        "url": _address(f"en-us/{kind}/{number}"),
        "name": name,
        "locale": "en-us",
        "updated_at": "2026-03-01T09:00:00Z",
        **more,
    }


def _address(path: str) -> str:
    return f"https://{ACCOUNT}.zendesk.com/api/v2/help_center/{path}.json"


def _write(path: Path, name: str, records: list[Record]) -> None:
    page = {"count": len(records), "next_page": None, "page": 1, "page_count": 1, name: records}
    path.write_bytes(json.dumps(page, ensure_ascii=False, indent=1).encode() + b"\n")

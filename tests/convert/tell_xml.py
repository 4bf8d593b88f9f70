"""Small XML exports, as the old Zendesk wrote them."""

from typing import Any
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def comment(
    text: str, *, author: int = 11, second: int = 0, public: bool | None = True, more: str = ""
) -> str:
    said = "" if public is None else f'<is-public type="boolean">{str(public).lower()}</is-public>'
    return (
        f'<comment><author-id type="integer">{author}</author-id><value>{escape(text)}</value>{said}'
        f'<created-at type="datetime">2012-03-04T05:06:{second:02}Z</created-at>'
        f'<via-id type="integer">4</via-id>{more}</comment>'
    )


def ticket(number: int, *comments: str, more: str = "") -> str:
    listed = f'<comments type="array">{"".join(comments)}</comments>' if comments else ""
    return (
        f'<ticket><nice-id type="integer">{number}</nice-id><subject>Subject {number}</subject>'
        '<requester-id type="integer">11</requester-id><status-id type="integer">1</status-id>'
        f'<created-at type="datetime">2012-03-04T05:06:07Z</created-at>{more}{listed}</ticket>\n'
    )


def tickets(*some: str, head: str = HEAD) -> str:
    return f'{head}<tickets type="array">\n{"".join(some)}</tickets>\n'


def records(dataset: Any, entity: str = "tickets") -> list[dict[str, Any]]:
    return [{key: value for key, value in one.items() if key != "source"} for one in dataset.records(entity)]


def ids(dataset: Any) -> list[int]:
    return [one["id"] for one in dataset.records("tickets")]

"""The gate about fields of people and organizations: names, types, and what the values really are."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.build import build
from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.mapping import parse_mapping

from .conftest import write


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records: dict[str, Any] = {
        "tickets": [{"id": 1, "status": "closed", "requester_id": 5, "organization_id": 9, "subject": "Hi"}],
        "comments": [{"id": 1, "ticket_id": 1, "author_id": 5, "public": True, "body": "Hi", "position": 1}],
        "users": [
            {
                "id": 5,
                "name": "Ana",
                "email": "ana@x.test",
                "role": "end-user",
                "user_fields": {"plan": "pro", "seats": "many", "tier": "gold"},
            }
        ],
        "organizations": [{"id": 9, "name": "X", "organization_fields": {"tier": "1"}}],
    }
    return build(write(tmp_path_factory.mktemp("people") / "acme.dataset", records))


def gaps(archive: Path, user_fields: dict[str, str], organization_fields: dict[str, str]) -> set[str]:
    text = default_mapping(archive)
    for block, answers in (("user_fields", user_fields), ("organization_fields", organization_fields)):
        for field, answer in answers.items():
            start = text.index(f'    "{field}": ', text.index(f"\n{block}:"))
            text = f'{text[:start]}    "{field}": {answer}{text[text.index(chr(10), start) :]}'
    found = coverage(archive, parse_mapping(text, path=Path("m.yaml")))
    return {f"{gap.block} {gap.value}: {gap.why}" for gap in found.unmapped}


@pytest.mark.parametrize(
    ("user_fields", "organization_fields", "expected"),
    [
        (
            {"plan": "{attribute: Plan}", "seats": "{attribute: Seats}"},
            {"tier": "{attribute: Tier, type: integer}"},
            set(),
        ),
        ({"plan": "{attribute: Email}"}, {}, {"user_fields plan: attribute Email holds something else"}),
        (
            {"plan": "{attribute: Imported_From}"},
            {},
            {"user_fields plan: attribute Imported_From holds something else"},
        ),
        (
            {"plan": "{attribute: 'Plan/now'}"},
            {},
            {'user_fields plan: "Plan/now": Intercom takes letters, digits, blanks, _, - and currencies'},
        ),
        (
            {"tier": "{attribute: Tier}"},
            {"tier": "{attribute: tier}"},
            {'user_fields tier: attribute "Tier" is one of companies; a name is given once for both'},
        ),
        (
            {"plan": "{attribute: One}", "tier": "{attribute: One, type: integer}"},
            {},
            {
                'user_fields tier: attribute "One" is another for field plan',
                'user_fields tier: no value is of type integer, such as "gold"',
            },
        ),
        (
            {"seats": "{attribute: Seats, type: integer}"},
            {},
            {'user_fields seats: no value is of type integer, such as "many"'},
        ),
    ],
)
def test_fields_of_people_need_a_free_name_and_a_type_that_fits(
    people: Path, user_fields: dict[str, str], organization_fields: dict[str, str], expected: set[str]
) -> None:
    assert gaps(people, user_fields, organization_fields) == expected

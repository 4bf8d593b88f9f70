"""Types of attributes by the names that Intercom takes and shows."""

import pytest

from deskferry.schemas.attribute_value import same_type


@pytest.mark.parametrize(
    ("made", "shown"),
    [("datetime", "date"), ("decimal", "float"), ("options", "string"), ("integer", "integer")],
)
def test_a_type_is_known_by_the_name_it_is_shown_under(made: str, shown: str) -> None:
    assert same_type(made, shown)
    assert same_type(shown, made)


@pytest.mark.parametrize(
    ("one", "other"), [("datetime", "string"), ("integer", "decimal"), ("list", "string")]
)
def test_different_types_are_not_the_same(one: str, other: str) -> None:
    assert not same_type(one, other)

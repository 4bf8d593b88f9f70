"""Files that hold nothing, or more than their name says."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("nothing", ["[]", " [ ]\r\n", "{}\n"])
def test_an_empty_list_is_an_empty_file_and_no_unknown_one(
    desk: Any, finding: Callable[..., Any], nothing: str
) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("tickets/8/comments.json", nothing)
    dataset = desk.convert()
    assert finding(dataset, "unknown_file") is None
    assert finding(dataset, "empty_file")["count"] == 1

"""The file of product ids: read as people write it, wrong lines named."""

from pathlib import Path

import pytest

from deskferry.schemas.errors import InputError
from deskferry.schemas.product_ids import read_product_ids


def read(folder: Path, text: str) -> dict[str, str]:
    (folder / "ids.csv").write_bytes(text.encode())
    return read_product_ids(folder / "ids.csv", where="m.yaml:3")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("email,id\nAna@X.test, P-1 \n12,P-2\n", {"ana@x.test": "P-1", "12": "P-2"}),
        ("\ufeffana@x.test,P-1\r\n\r\n,\r\n", {"ana@x.test": "P-1"}),
        ('12,"P,2",more\n12,"P,2"\n', {"12": "P,2"}),
        ("", {}),
    ],
)
def test_each_line_is_a_person_and_his_product_id(tmp_path: Path, text: str, found: dict[str, str]) -> None:
    assert read(tmp_path, text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("email,id\nana,P-1\n", r"ids.csv:2: says of nobody what his product id is: ana,P-1"),
        ("12,\n", r"ids.csv:1: says of nobody"),
        ("12\n", r"ids.csv:1: says of nobody"),
        ("12,a\n13,b\n12,c\n", r"ids.csv:3: 12 has another product id above: a"),
        ("12," + "x" * 256, r"ids.csv:1: a product id has at most 255 characters"),
        ('12,"a\n', r"m.yaml:3: .*ids.csv cannot be read"),
    ],
)
def test_a_line_that_says_nothing_or_another_thing_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_named_with_the_line_that_wants_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"m.yaml:3: .*ids.csv cannot be read \(No such file"):
        read_product_ids(tmp_path / "ids.csv", where="m.yaml:3")

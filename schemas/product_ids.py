"""The file of `people.ids`: which person of Zendesk has which id in the company's product.

CSV, UTF-8: an e-mail or a Zendesk user id, then the product's id. A first line that is neither is a heading.
"""

import csv
import re
from pathlib import Path

from .errors import InputError

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST = 255  # characters Intercom takes for an external id


def read_product_ids(path: Path, *, where: str) -> dict[str, str]:
    """Product id by e-mail in lower case, or by Zendesk id. where: the line that names the file.

    Raises InputError for a file that cannot be read, and for the first line that says nothing or
    something else than an earlier one.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{path} cannot be read ({reason})", where=where) from error
    found: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and not _is_key(cells[0])):
            continue
        key, product_id = _line(cells, where=f"{path}:{number}")
        if found.setdefault(key, product_id) != product_id:
            raise InputError(f"{key} has another product id above: {found[key]}", where=f"{path}:{number}")
    return found


def _line(cells: list[str], *, where: str) -> tuple[str, str]:
    todo = "Write an e-mail or a Zendesk user id, a comma, and the product's id"
    if len(cells) < 2 or not _is_key(cells[0]) or not cells[1]:
        raise InputError(
            f"says of nobody what his product id is: {','.join(cells)[:60]}", where=where, todo=todo
        )
    if len(cells[1]) > _LONGEST:
        raise InputError(f"a product id has at most {_LONGEST} characters", where=where)
    return cells[0].lower(), cells[1]


def _is_key(cell: str) -> bool:
    return bool(_EMAIL.fullmatch(cell)) or (cell.isascii() and cell.isdigit())

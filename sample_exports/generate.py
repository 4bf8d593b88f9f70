"""Write every sample: `python -m deskferry.sample_exports.generate [FOLDER]`; no folder: in place."""

import sys
from collections.abc import Sequence
from pathlib import Path

from .write_airbyte import write_airbyte
from .write_api import write_api
from .write_chat import write_chat
from .write_csv import write_csv
from .write_csv_view import write_csv_view
from .write_dlt import write_dlt
from .write_exporters import write_exporters
from .write_files import write_files
from .write_fivetran import write_fivetran
from .write_help_center import write_help_center
from .write_hostile import write_hostile
from .write_official import write_official
from .write_pandas import write_pandas
from .write_readme import write_readme
from .write_singer import write_singer
from .write_xml import write_xml_archive, write_xml_full


def generate(into: Path) -> None:
    """Write all exports and their tables below the folder; the same bytes on every machine."""
    for name, write in (
        ("official", write_official),
        ("api", write_api),
        ("singer", write_singer),
        ("airbyte", write_airbyte),
        ("exporters", write_exporters),
        ("csv", write_csv),
        ("csv_view", write_csv_view),
        ("fivetran", write_fivetran),
        ("dlt", write_dlt),
        ("pandas", write_pandas),
        ("chat", write_chat),
        ("help_center", write_help_center),
        ("files", write_files),
        ("xml_full", write_xml_full),
        ("xml_archive", write_xml_archive),
        ("hostile", write_hostile),
    ):
        folder = into / name
        folder.mkdir(parents=True, exist_ok=True)
        write(folder)
    write_readme(into)


def main(arguments: Sequence[str]) -> None:
    """Take the folder from the command line."""
    generate(Path(arguments[0]) if arguments else Path(__file__).parent)


if __name__ == "__main__":
    main(sys.argv[1:])

"""XML that is not UTF-8, into a UTF-8 copy that is read instead.

Positions in such a file count bytes of the UTF-8 text; its digest and size stay those of the file.
"""

import codecs
from dataclasses import replace
from pathlib import Path

from .sniff_xml import encoding_of_xml
from .source_bytes import opened
from .sources import Source

_BLOCK = 1 << 20
_HEAD = 1024


def decoded_xml(source: Source, *, work: Path) -> Source:
    """`source`, read from a copy in `work` if it is XML in another encoding than UTF-8. OSError passes."""
    if source.form or not source.size:
        return source
    with opened(source) as file:
        head = file.read(_HEAD)
        encoding = encoding_of_xml(head)
        if encoding is None or b"<" not in head[:8].replace(b"\0", b""):
            return source
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        path = work / f"utf-8-{source.index}"
        with path.open("wb") as target:
            while block := file.read(_BLOCK):
                target.write(decoder.decode(block).encode("utf-8", "replace"))
            target.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
    return replace(source, path=path, offset=0, size=path.stat().st_size, undecoded=source.size)

"""JSON and CSV in UTF-16, as Windows tools save it, into a UTF-8 copy that every reader takes.

Positions in such a file then count bytes of the UTF-8 text; its digest and size stay those of the file.
"""

import codecs
from dataclasses import replace
from pathlib import Path

from .source_bytes import opened
from .sources import Source

_BLOCK = 1 << 20
_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decoded(source: Source, *, work: Path) -> Source:
    """`source`, read from a copy in `work` if it is text in UTF-16. OSError passes.

    XML is left as it is: its own reader decodes it.

    What is no character (half a pair, an odd last byte) stays invalid: the readers replace and count it.
    """
    with opened(source) as file:
        head = file.read(512)
        text = head[2:].decode("utf-16-le" if head[:2] == _MARKS[0] else "utf-16-be", "replace")
        if head[:2] not in _MARKS or text.lstrip()[:1] in ("", "<"):
            return source
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
        path = work / f"utf-8-{source.index}"
        with path.open("wb") as target:
            while block := file.read(_BLOCK):
                target.write(decoder.decode(block).encode("utf-8", "surrogatepass"))
            target.write(b"\xff" if decoder.getstate()[0] else b"")
    return replace(source, path=path, offset=0, size=path.stat().st_size, undecoded=source.size)

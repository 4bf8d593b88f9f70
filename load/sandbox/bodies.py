"""What Intercom makes of a text: plain text becomes paragraphs, HTML is cleaned and wrapped."""

import html
import re
from html.parser import HTMLParser

import nh3

BLOCKS = frozenset({"p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "hr"})
INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "s", "code", "br", "img", "li"})
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
# Their text survives, so must the line it stood on.
_LINE_ENDS = re.compile(r"</(?:div|section|article|table|tr)\s*>", re.IGNORECASE)
_CELL_ENDS = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
# An open table without its end would swallow, and move, whatever follows it.
_TABLE_STARTS = re.compile(r"<(?:table|thead|tbody|tfoot|tr|td|th)(?:\s[^<>]*)?>", re.IGNORECASE)
_HAS_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(BLOCKS))})[\s>/]")


def from_text(text: str) -> str:
    """HTML of a body that is plain text: markup in it arrives as the characters it is made of."""
    paragraphs = re.split(r"\n{2,}", html.escape(text, quote=False).replace("\r\n", "\n"))
    return "\n".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


def from_html(body: str) -> str:
    """HTML of a body that may be HTML: harmless tags only, inside at least one paragraph."""
    tableless = _TABLE_STARTS.sub("", body.replace("\r\n", "\n"))
    marked = _CELL_ENDS.sub(" ", _LINE_ENDS.sub("<br>", tableless))
    cleaned = nh3.clean(
        marked,
        tags=set(BLOCKS | INLINE),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
    )
    if _HAS_BLOCK.search(cleaned):
        return cleaned
    return "\n".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in re.split(r"\n{2,}", cleaned))


def to_text(body: str) -> str:
    """HTML read with `display_as=plaintext`: links become `label (url)`."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.pieces)).strip()


class _Reader(HTMLParser):
    """Collects the text of one body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag == "li":
            self.pieces.append("- ")
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
        elif tag == "img":
            self.pieces.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self.pieces.append(f" ({self._links.pop()})")
        elif tag in BLOCKS:
            self.pieces.append("\n\n")
        elif tag == "li":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append("" if data == "\n" else data)


def escaped(value: str | None) -> str | None:
    """A name, e-mail or external id as answers show it: `" ' & < >` are HTML entities."""
    return None if value is None else html.escape(value).replace("&#x27;", "&#39;")

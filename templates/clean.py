"""HTML made harmless, readable or comparable.

In: HTML as a mail program or Zendesk wrote it, which may be hostile, broken or enormous. Out: HTML without
scripts, remote images and odd links; or its text; or a form of it in which two texts can be compared.
"""

import html as entities
import re
import unicodedata
from functools import cache
from html.entities import html5
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

import nh3

_BLOCKS = frozenset(
    ["p", "div", "blockquote", "pre", "ul", "ol", "li", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6"]
)
_INLINE = frozenset(["br", "b", "strong", "i", "em", "u", "s", "code", "a", "thead", "tbody", "th", "td"])
_SCHEMES = frozenset({"http", "https", "mailto"})
_UNSEEN = frozenset({"script", "style"})  # their content is no text anybody wrote
_IMAGE = re.compile(r'<img((?:\s+[a-z]+="[^"]*")*)\s*/?>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>")
_LIKE_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_LIKE_ENTITY = re.compile(
    rf"&(?=#[0-9xX]|[a-zA-Z0-9]+;|{'|'.join(name for name in sorted(html5) if name[-1] != ';')})"
)
_OPENED_OR_CLOSED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_WORDS = re.compile(r"(?:^|>)[^<>&]*\w")  # before any entity, which may be a blank
_DEEPEST = 400  # nested elements; parsing takes time with the square of the depth, and no mail has more


def clean_html(html: str) -> str:
    """`html` with a few harmless tags, links to http, https and mailto, and no image.

    An image becomes `[image: its alternative text or file name]`; a tracking pixel disappears. All other
    text stays. Cleaning twice changes nothing more.
    """
    if _too_deep(html):
        html = entities.escape(entities.unescape(_TAG.sub(" ", html)), quote=False)
    return _IMAGE.sub(_image_as_text, _cleaner().clean(html))


def shows_text(cleaned: str) -> bool:
    """Whether what clean_html made says anything to its reader."""
    return _WORDS.search(cleaned) is not None or bool(text_of(cleaned).strip())


def text_of(html: str) -> str:
    """What a reader of `html` sees, as plain text: quotes behind `> `, links spelled out."""
    reader = _Reader()
    reader.feed(clean_html(html))
    reader.close()
    return reader.text()


def canonical_text(text: str) -> str:
    """Plain text without its blanks, in one Unicode form: the same for two that differ in nothing else.

    For comparing only; it is no text to show.
    """
    return "".join(unicodedata.normalize("NFC", text).split())


def canonical_html(html: str) -> str:
    """The canonical text of what HTML shows: without tags, with its entities resolved once."""
    return canonical_text(entities.unescape(_TAG.sub("", html)))


def literal(text: str) -> str:
    """Plain text for a place of which nobody says whether it reads HTML.

    What would be taken for a tag or an entity is written with entities, all else stays. Read as HTML it
    shows the same; read as text, all but those few characters do.
    """
    return _LIKE_TAG.sub("&lt;", _LIKE_ENTITY.sub("&amp;", text))


def escape_text(text: str) -> str:
    """Plain text as HTML that shows the same, line by line."""
    escaped = entities.escape(_lines(text), quote=False)
    return escaped.replace("\n", "<br>")


def file_name(url: str) -> str:
    """The file a URL names; Zendesk says it in ?name=, mail as cid:name@where, others in the path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    named = parse_qs(parts.query).get("name")
    name = named[0] if named else PurePosixPath(unquote(parts.path)).name
    if parts.scheme == "cid":
        name = name.partition("@")[0]
    return " ".join(name.split())[:100]


@cache
def _cleaner() -> nh3.Cleaner:
    """Made once: making it takes longer than cleaning a mail."""
    return nh3.Cleaner(
        tags=_BLOCKS | _INLINE | {"img"},
        attributes={"a": {"href"}, "img": {"alt", "src", "width", "height"}},
        attribute_filter=_absolute_links,
        clean_content_tags=_UNSEEN,
        url_schemes=_SCHEMES | {"cid"},  # of images, for their names; links lose it in the filter
        link_rel="noopener noreferrer",
    )


def _too_deep(html: str) -> bool:
    if html.count("<") <= _DEEPEST:
        return False
    depth = deepest = 0
    for closing, name in _OPENED_OR_CLOSED.findall(html):
        if name.lower() not in _VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _absolute_links(tag: str, name: str, value: str) -> str | None:
    """A link without a host would lead into Intercom; nobody wrote it to do that."""
    if (tag, name) == ("a", "href") and value.partition(":")[0].strip().lower() not in _SCHEMES:
        return None
    return value


def _image_as_text(match: re.Match[str]) -> str:
    found = {name: entities.unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
    label = found.get("alt", "").strip() or file_name(found.get("src", ""))
    tiny = {found.get("width"), found.get("height")} & {"0", "1", "0px", "1px"}
    if tiny and not found.get("alt", "").strip():
        return ""  # a tracking pixel: it shows nothing and only tells somebody that it was shown
    return entities.escape(f"[image: {label}]" if label else "[image]", quote=False)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Reader(HTMLParser):
    """Walks HTML that clean_html made (so it is well formed) and keeps the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[tuple[int, str]] = []  # how deep in quotations, and the line
        self.line: list[str] = []
        self.quoted = 0
        self.preformatted = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "br":
            self.end_line(blank=tag in {"p", "blockquote", "pre", "table"}, forced=tag == "br")
        if tag == "blockquote":
            self.quoted += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "li":
            self.line.append("- ")
        elif tag in {"td", "th"} and self.line:
            self.line.append(" | ")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.line)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            href, start = self.links.pop()
            shown = "".join(self.line[start:]).strip()
            if href and shown not in {href, href.removeprefix("mailto:")}:
                self.line.append(f" ({href})" if shown else href)
        if tag in _BLOCKS:
            self.end_line()
        if tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        if tag in {"p", "blockquote", "pre", "table"}:
            self.end_line(blank=True)

    def handle_data(self, data: str) -> None:
        if self.preformatted:
            first, *rest = data.split("\n")
            self.line.append(first)
            for line in rest:
                self.end_line(forced=True)
                self.line.append(line)
            return
        self.line.append(re.sub(r"[ \t\n\r\f\v]+", " ", data))

    def end_line(self, *, blank: bool = False, forced: bool = False) -> None:
        """Finish the line begun. blank: an empty one stands between blocks. forced: also when it is empty."""
        text = "".join(self.line)
        text = text.rstrip() if self.preformatted else re.sub(" {2,}", " ", text).strip(" ")
        if text or forced:
            self.done.append((self.quoted, text))
        if blank and self.done:
            depth, last = self.done[-1]
            if last:
                self.done.append((self.quoted, ""))
            else:
                self.done[-1] = (min(depth, self.quoted), "")
        self.line = []
        self.links = [(href, 0) for href, _ in self.links]

    def text(self) -> str:
        """Everything read so far."""
        self.end_line()
        return "\n".join(f"{'> ' * depth}{text}".rstrip(" ") for depth, text in self.done).strip("\n")

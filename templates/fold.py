"""Quoted mail, marked and set apart, so that a long thread reads as what each one added.

Nothing is taken away: a customer may have answered between the quoted lines.
"""

import re

from .clean import escape_text

MARK = "[quoted mail]"
_BLOCKQUOTE = re.compile(r"</?blockquote>")
# The rest of a mail after such a line is what it answers. Outlook's wordings, and Zendesk's own.
_FROM_HERE = re.compile(
    r"^\s*(?:-{3,}\s*(?:original message|original appointment|forwarded message|"
    r"ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré|"
    r"mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht)\s*-{3,}"
    r"|_{20,}|##-.{5,200}-##)\s*$",
    re.IGNORECASE,
)


def fold_html(cleaned: str) -> str:
    """HTML that clean_html made, with a mark before each outermost quotation."""
    out, at, depth = [], 0, 0
    for match in _BLOCKQUOTE.finditer(cleaned):
        out.append(cleaned[at : match.start()])
        at = match.end()
        opening = match[0] == "<blockquote>"
        if opening and depth == 0:
            out.append(f"<p>{MARK}</p>")
        depth = depth + 1 if opening else max(0, depth - 1)
        out.append(match[0])
    out.append(cleaned[at:])
    return "".join(out)


def fold_text(text: str) -> str:
    """Plain text with a mark before each run of quoted lines, which stand behind `> `."""
    out: list[str] = []
    for quoted, lines in _runs(text):
        if quoted:
            out.append(MARK)
            out.extend(line if line.lstrip().startswith(">") else f"> {line}".rstrip() for line in lines)
        else:
            out.extend(lines)
    return "\n".join(out)


def text_as_html(text: str) -> str:
    """Plain text as HTML, quoted lines marked and set apart."""
    out = []
    for quoted, lines in _runs(text):
        shown = escape_text("\n".join(lines))
        if quoted:
            out.append(f"<p>{MARK}</p><blockquote>{shown}</blockquote>")
        else:
            out.append(f"<p>{shown}</p>")
    return "".join(out)


def _runs(text: str) -> list[tuple[bool, list[str]]]:
    """The lines of a text in runs that are quoted or not."""
    runs: list[tuple[bool, list[str]]] = []
    to_the_end = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        to_the_end = to_the_end or bool(_FROM_HERE.match(line))
        quoted = to_the_end or line.lstrip().startswith(">")
        if not runs or runs[-1][0] != quoted:
            runs.append((quoted, []))
        runs[-1][1].append(line)
    return runs

"""The findings of a conversion, worded: from what parts noted and what the merge learned."""

from collections.abc import Mapping, Sequence

from .finding import Finding
from .notes import EXAMPLES, Notes
from .sniff import Form
from .sources import Source
from .unfinished import unfinished

_JSON = frozenset((Form.LINES, Form.MESSAGES, Form.DOCUMENT))
_NOTED = {
    "replaced_characters": "characters that are no text (NUL, half emoji, invalid UTF-8) were replaced",
    "mended_references": "& stood alone, or before a name XML does not know; it was read as meant",
    "duplicate_keys": "keys stood twice in one object; the last one was taken",
    "no_numbers": "numbers no computer can hold (NaN, Infinity, 1e999) were kept as text",
    "skipped_lines": "lines that start with // were skipped",
    "log_lines": "log lines stood between the messages of a pipeline and were skipped",
    "concatenated": "values stood on one line with others; all were read",
    "fields_differ": "tickets whose fields differ from their custom_fields; both are kept",
    "windows_1252": "CSV files are Windows-1252, as Excel saves them",
    "damaged_cells": "cells do not fit their column (a damaged id, an unreadable time); they are in extra",
    "ambiguous_names": "names in a CSV are borne by more than one in the export; they stay names, in extra",
    "repeated_headers": "header rows stood in the middle of a CSV and were skipped",
    "zoneless_times": "times carry no zone; they were read in the zone given with --timezone",
    "ambiguous_times": "local times occurred twice when the clocks went back; the first was taken",
    "nonexistent_times": "local times never were (the clocks went forward); they were moved by the gap",
}
_LEARNED = {
    "placeholder_users": "users are only known by their id; they have no row in the export",
    "comments_without_ticket": "comments belong to tickets that are not in the export",
    "id_gaps": "ticket ids are absent: deleted for good, or outside the export",
    "redacted_comments": "comments hold redacted text (▇); it is kept as it is",
    "erased_people": "people were erased as --erased says; their rows keep the id alone",
    "erased_values": "values that named erased people were taken out of other records",
    "erased_text": "comments still name an erased person (e-mail or full name) in their text, which stays",
    "erased_unmet": "names of the --erased list met nobody",
    "partial_tickets": "tickets are known from a CSV, a search or a list of deleted ones only",
    "newer_partials": "partial records (CSV, search) are newer than the whole one, which was kept",
}
_FORMS = {
    Form.UNKNOWN: (
        "unknown_file",
        "files look like data and are nothing known of Zendesk; they were not read",
    ),
    Form.NOT_READ: ("form_not_read", "files are of a form that is not read yet"),
    Form.OTHER: ("other_file", "files are not data and were not read"),
    Form.ATTACHMENT: ("attachment_files", "files of attachments match none of the export and were left out"),
    Form.EMPTY: ("empty_file", "files are empty"),
    Form.DAMAGED: ("damaged_file", "files cannot be unpacked"),
    Form.OTHER_ACCOUNT: (
        "other_account",
        "files are of another account than the chosen one and were not read",
    ),
}


def findings(
    notes: Notes,
    facts: Mapping[str, tuple[int, list[str]]],
    sources: Sequence[Source],
    *,
    missing: tuple[int, int],
) -> list[Finding]:
    """What the user should know, in a fixed order. missing: number and bytes of links to attachments."""
    found = [*_from_files(sources), *_unknown_keys(notes)]
    for kind, text in _NOTED.items():
        if notes.counts[kind]:
            examples = tuple(sorted(set(notes.examples.get(kind, [])))[:EXAMPLES])
            found.append(Finding(kind, text, notes.counts[kind], examples))
    for kind, text in _LEARNED.items():
        count, shown = facts.get(kind, (0, []))
        if count:
            found.append(Finding(kind, text, count, tuple(shown)))
    for kind, (count, shown) in sorted(facts.items()):
        name, _, why = kind.partition(": ")
        if name == "tickets_without_comments" and count:
            found.append(Finding(name, f"tickets have no comments: {why}", count, tuple(shown)))
    found += unfinished(notes)
    if missing[0]:
        text = f"attachments are links only ({missing[1]:,} bytes); they die with the Zendesk account"
        found.append(Finding("attachments_missing", text, missing[0]))
    return found


def _from_files(sources: Sequence[Source]) -> list[Finding]:
    found = []
    for form, (kind, text) in _FORMS.items():
        of_form = [source for source in sources if source.form == form]
        if form == Form.ATTACHMENT:  # those that were stored carry no note
            of_form = [source for source in of_form if source.note]
        if of_form:
            examples = tuple(source.sha256[:16] for source in of_form[:EXAMPLES])
            found.append(Finding(kind, text, len(of_form), examples))
    wide = [source for source in sources if source.undecoded is not None and source.form in _JSON]
    recoded = [source for source in sources if source.undecoded is not None and source.form == Form.XML]
    if recoded:
        text = "XML files are not UTF-8; positions in them count bytes of their UTF-8 text"
        shown = tuple(one.sha256[:16] for one in recoded[:EXAMPLES])
        found.append(Finding("recoded_xml", text, len(recoded), shown))
    if wide:
        text = "JSON files are UTF-16; positions in them count bytes of their UTF-8 text"
        found.append(Finding("utf_16", text, len(wide), tuple(one.sha256[:16] for one in wide[:EXAMPLES])))
    return found


def _unknown_keys(notes: Notes) -> list[Finding]:
    keys = {
        kind.removeprefix("unknown_keys "): count
        for kind, count in notes.counts.items()
        if kind.startswith("unknown_keys ") and count
    }
    if not keys:
        return []
    order = sorted(keys, key=lambda key: (-keys[key], key))
    shown = tuple(f"{key} ({keys[key]})" for key in order[:50])
    text = f"values stood under {len(keys)} keys no schema knows; they are kept in extra"
    return [Finding("unknown_keys", text, sum(keys.values()), shown)]

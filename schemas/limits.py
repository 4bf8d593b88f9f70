"""What Intercom takes at most, where that is known. Everything that warns of a limit reads it here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of the target. meaning: what it limits, and who says so."""

    name: str
    value: int
    meaning: str


LIMITS = (
    Limit("parts", 500, "Parts of one conversation that can be read back; Intercom's API description."),
    Limit("files_per_part", 10, "Files of one part; Intercom's API description."),
    Limit("file_bytes", 100_000_000, "Bytes of one file; Intercom's help says 100 MB for the Messenger."),
    Limit(
        "part_bytes",
        50_000_000,
        "Bytes of the files of one part; none is documented, more go with further ones.",
    ),
    Limit("attributes", 250, "Attributes of one kind in a workspace; Intercom's help, for contacts."),
    Limit("attribute_name", 190, "Characters of an attribute's name."),
    Limit("attribute_text", 255, "Characters of a text attribute; said of contacts, kept for all."),
    Limit("companies_per_contact", 1_000, "Companies of one contact; Intercom's API description."),
    Limit("note", 50_000, "Characters of one note; none is documented, longer transcripts are split."),
    Limit("structures", 3, "Ticket types a team can keep apart; more are a sign of old forms carried along."),
)


def value_of(name: str) -> int:
    """The limit of this name."""
    return next(limit.value for limit in LIMITS if limit.name == name)

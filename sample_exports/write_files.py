"""Bytes of attachments, as scripts save them: by attachment, by ticket, and two that are none."""

from pathlib import Path

from .tell import tell_all
from .zip_members import write_zip

# Attachment of a ticket -> how a script named its file.
_SAVED = {
    (3, 0): "{id}.pdf",  # of a private comment
    (6, 0): "{ticket}_{name}",
    (18, 0): "{id}.jpg",  # three of one name in one ticket
    (18, 1): "{id}/{name}",
    (18, 3): "{id}.jpg",
    (26, 0): "{ticket}/{name}",  # a zip, which nobody may open
}
_LOGIN = (18, 4)
_PAGE = b"<!DOCTYPE html><html><title>Sign in to Zendesk</title></html>\n"


def write_files(folder: Path) -> None:
    """Write attachments.zip."""
    members: dict[str, bytes] = {}
    for told in tell_all():
        files = [file for comment in told.comments for file in comment["attachments"]]
        for index, file in enumerate(files):
            place = (told.story.id, index)
            values = {"id": file["id"], "ticket": told.story.id, "name": file["file_name"]}
            if place in _SAVED:
                members[_SAVED[place].format(**values)] = content_of(file["id"], file["size"])
            elif place == _LOGIN:
                members[f"{file['id']}.pdf"] = _PAGE
    members["25000000000000.png"] = content_of(0, 400)
    write_zip(folder / "attachments.zip", dict(sorted(members.items())))


def content_of(attachment: int, size: int) -> bytes:
    """Bytes that only this attachment has; what they look like does not matter."""
    line = f"bytes of {attachment}\n".encode()
    return (line * (size // len(line) + 1))[:size]

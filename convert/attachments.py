"""What becomes of each attachment that stays: its bytes are stored, or it is listed as missing."""

import orjson

from .attachment_files import AttachmentFiles
from .write_entities import MissingAttachments


class Attachments:
    """Takes attachments as the merge decides on them."""

    def __init__(self, missing: MissingAttachments, files: AttachmentFiles) -> None:
        self._missing, self._files = missing, files

    @property
    def may_store(self) -> bool:
        """True if files came along that may be attachments."""
        return self._files.any

    def listed(self, line: bytes, *, opened: bool) -> None:
        """An attachment as it was written, whose bytes did not come along."""
        self._missing.note(orjson.loads(line), opened=opened)

    def take(self, body: bytes, *, opened: bool) -> bytes:
        """The body of an attachment, with the digest of its bytes if they came along. opened: its ticket."""
        attachment = orjson.loads(body)
        digest = self._files.store(attachment)
        if digest is not None:
            attachment["sha256"] = digest
            body = orjson.dumps(attachment, option=orjson.OPT_SORT_KEYS)
        self._missing.note(attachment, opened=opened)
        return body

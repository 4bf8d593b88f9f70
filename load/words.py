"""Whether what stands in Intercom are the words that were sent."""

from deskferry.templates.clean import canonical_html, canonical_text

from .action import Action, Step


def same_words(action: Action, found: str) -> bool:
    """HTML comes back, whatever was sent: an opening as plain text, everything else as HTML."""
    return sent_words(action) in (canonical_html(found), canonical_text(found))


def sent_words(action: Action) -> str:
    """The text of a call in canonical form."""
    sent = str(action.payload.get("body", ""))
    return canonical_text(sent) if action.step is Step.CREATE else canonical_html(sent)

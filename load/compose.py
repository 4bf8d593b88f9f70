"""Composing: what a ticket, a person and a mapping become as calls. Pure; nothing is sent from here."""

from .compose_contact import compose_contact
from .compose_conversation import compose_conversation
from .compose_notes import snapshot_time
from .compose_setup import compose_setup

__all__ = ["compose_contact", "compose_conversation", "compose_setup", "snapshot_time"]

"""The group of verbs that say what becomes what."""

from .main import root


@root.group("map")
def map_group() -> None:
    """Say what becomes what, and check that nothing was left out."""

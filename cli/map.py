"""`deskferry map`: what becomes what. Importing it registers every verb of the group."""

from .map_check import check
from .map_diff import diff
from .map_init import init
from .map_show import show_mapping

__all__ = ["check", "diff", "init", "show_mapping"]

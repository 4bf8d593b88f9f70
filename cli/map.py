"""`deskferry map`: what becomes what. Importing it registers every verb of the group."""

from .map_check import check
from .map_init import init

__all__ = ["check", "init"]

"""Bytes of attachments, as a script saved them."""

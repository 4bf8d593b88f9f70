"""The words of every document deskferry writes, and the sandbox they are rendered in."""

"""The `deskferry` command."""

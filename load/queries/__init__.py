"""The questions the loader asks the archive, as SQL."""

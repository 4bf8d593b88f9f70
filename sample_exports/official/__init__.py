"""Sample export files (official)."""

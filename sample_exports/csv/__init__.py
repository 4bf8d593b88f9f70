"""Sample export files (csv)."""

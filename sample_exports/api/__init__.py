"""Sample export files (api)."""

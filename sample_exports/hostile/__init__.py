"""Sample export files (hostile)."""

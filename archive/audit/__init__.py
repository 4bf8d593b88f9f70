"""The questions of the audit, one SQL file each; dropping a file here adds it."""

"""Pages of the API dump: comments."""

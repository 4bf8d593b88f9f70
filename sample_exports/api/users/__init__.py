"""Pages of the API dump: users."""

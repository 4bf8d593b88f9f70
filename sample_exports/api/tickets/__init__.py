"""Pages of the API dump: tickets."""

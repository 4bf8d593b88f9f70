"""JSON Schemas (2020-12) of the requests Intercom accepts, as far as they are used here."""

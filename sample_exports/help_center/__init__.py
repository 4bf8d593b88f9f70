"""The Help Center: articles in two languages, sections, comments."""

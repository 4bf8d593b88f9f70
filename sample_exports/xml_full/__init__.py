"""The sample's exports in this form: generated, see generate.py above."""

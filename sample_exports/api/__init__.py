"""The API dump of the sample: generated, see generate.py above."""

"""Damaged files, one thing wrong in each: generated, see write_hostile.py above."""

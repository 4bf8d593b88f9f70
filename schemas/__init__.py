"""The contract the stages meet in: JSON Schemas, the entity table, readers of the artefacts, errors.

Imports nothing else of deskferry.
"""

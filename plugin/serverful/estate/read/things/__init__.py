"""Blocks in, things of the estate out; one small file per kind."""

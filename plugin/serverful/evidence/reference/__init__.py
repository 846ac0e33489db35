"""Dated reference data: value, source, as_of."""

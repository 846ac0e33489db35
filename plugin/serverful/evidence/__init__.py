"""Why we think so: evidence, recorded reasons, dated reference data."""

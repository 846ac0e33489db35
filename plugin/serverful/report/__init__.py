"""Run in, text out; one file per format. Never judges."""

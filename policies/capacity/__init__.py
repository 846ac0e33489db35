"""Policies about capacity that waits for calls."""

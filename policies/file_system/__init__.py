"""Policies about file systems that functions mount, and about the events that replace them."""

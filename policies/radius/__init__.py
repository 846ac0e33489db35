"""Policies about how far a serverful feature reaches, and about recorded reasons."""

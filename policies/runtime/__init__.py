"""Policies about the language that a function runs on, and who patches it."""

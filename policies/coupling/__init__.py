"""Policies about how functions are coupled: who waits for whom, and what becomes of what fails."""

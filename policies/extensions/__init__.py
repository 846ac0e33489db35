"""Policies about what runs beside a function, and about layers."""

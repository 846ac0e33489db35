"""Policies about who may do what: identity carries what the network no longer does."""

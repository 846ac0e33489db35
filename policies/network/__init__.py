"""Policies about functions that are attached to a VPC."""

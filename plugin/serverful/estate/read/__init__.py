"""Terraform in, estates out: source, evaluation and following."""

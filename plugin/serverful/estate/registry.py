"""How the source of a registry module may be written: with the registry's host or without, as a regular expression to build on."""

from __future__ import annotations

REGISTRY = r"^(?:registry\.(?:terraform\.io|opentofu\.org)/)?"
TERRAFORM_AWS_MODULES = REGISTRY + "terraform-aws-modules/"

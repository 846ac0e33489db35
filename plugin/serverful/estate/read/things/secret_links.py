"""From a term to the secrets and parameters its value is kept in."""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.model import Link
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.term import Ref, Term, references

SECRETS = ("aws_secretsmanager_secret", "aws_ssm_parameter")
_VERSIONS = ("aws_secretsmanager_secret_version", "aws_secretsmanager_secret_rotation")


def secrets_behind(term: Term, place: Place) -> Iterator[Link]:
    """Links to the secrets and parameters that a term refers to, through their versions too, also inside `jsondecode(…)["password"]`."""
    for ref in references(term):
        for found in _secret_of(ref):
            link = convert.link_to(found, place)
            if isinstance(link, Link):
                yield link


def _secret_of(ref: Ref) -> Iterator[Ref]:
    if ref.block.type in SECRETS:
        yield ref
    elif ref.block.type in _VERSIONS:
        yield from (inner for inner in references(ref.block.term("secret_id")) if inner.block.type in SECRETS)

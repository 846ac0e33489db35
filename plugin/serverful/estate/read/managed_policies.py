"""Policies that AWS owns: recognised by ARN, or by name where a data source looks them up. Their content is known by their name."""

from __future__ import annotations

from serverful.estate.model import ManagedPolicy
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.term import NULL, Ref, Term, shown
from serverful.estate.value import Known

_AWS_OWNED = "iam::aws:policy/"  # in every partition: arn:aws:, arn:aws-cn:, arn:aws-us-gov:
# `data.aws_iam_policy` by name finds AWS's own and the account's policies; these names are AWS's (AWS Managed Policy Reference Guide).
_PREFIXES = ("AWS", "Amazon", "CloudWatch")
_NAMES = frozenset(
    {"AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "SecretsManagerReadWrite", "SecurityAudit", "ViewOnlyAccess"}
)


def is_looked_up(term: Term) -> bool:
    """Whether a term refers to a policy that a data source looks up."""
    return isinstance(term, Ref) and term.block.mode == "data" and term.block.type == "aws_iam_policy"


def managed_policy(term: Term, place: Place) -> ManagedPolicy | None:
    """The AWS managed policy a term names: `arn:aws:iam::aws:policy/…`, or the data source that looks it up. None for any other."""
    if isinstance(term, Ref) and is_looked_up(term):
        if term.block.term("arn") != NULL:
            return managed_policy(term.block.term("arn"), place)
        name = convert.optional_text(term.block, "name")
        known = name.value if isinstance(name, Known) else None
        return ManagedPolicy(known, place) if known and (known.startswith(_PREFIXES) or known in _NAMES) else None
    arn = shown(convert.settled(term)).strip('"')
    name_of_arn = arn.rpartition(_AWS_OWNED)[2].rpartition("/")[2] if _AWS_OWNED in arn else ""
    return ManagedPolicy(name_of_arn, place) if name_of_arn and "$" not in name_of_arn else None

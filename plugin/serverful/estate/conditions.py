"""Questions over conditions of statements: whom does one let in, whom does it shut out, and does it ask who comes or only from where?

Keys are compared whatever their letter case. Absent keys, `...IfExists`, `ForAnyValue:`, `ForAllValues:` and `Null`: IAM User Guide, "IAM
JSON policy elements: Condition operators" and "Conditions with multiple context keys or values"; what each key tells: "AWS global condition
context keys" (both 2026-08).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from serverful.estate.model import Condition, Statement
from serverful.estate.value import Known

# Where a request comes from: by the ids of a VPC or an endpoint, or by the private address behind one; by a public address.
NETWORK_KEYS = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"})
ADDRESS_KEYS = frozenset({"aws:sourceip"})
# How, when and with what somebody comes: a client says some of it of itself.
REQUEST_KEYS = frozenset({"aws:useragent", "aws:referer", "aws:requestedregion", "aws:securetransport", "aws:currenttime", "aws:epochtime"})
# What says neither who comes nor from where, and on whose behalf a service of AWS comes: beside a network condition it leaves everybody
# else as they were.
_BESIDE = REQUEST_KEYS | {"aws:viaawsservice", "aws:calledvia", "aws:principalisawsservice"}
_OPERATOR = re.compile(r"^(?:(?P<many>forallvalues|foranyvalue):)?(?P<test>\w+?)(?P<lenient>ifexists)?$")
_KEY = re.compile(r"^[a-z0-9\-]+:[\w/${}.:\- ]+$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operator does: whether it asks for the opposite (`StringNotEquals`), and whether an absent key meets it."""

    is_negated: bool
    meets_absent: bool


def asked_by(condition: Condition) -> Asked:
    """`ForAllValues:StringEqualsIfExists` taken apart."""
    match = _OPERATOR.match(condition.operator.strip().lower())
    if match is None:
        return Asked(is_negated=False, meets_absent=True)  # no operator that we know lets anybody conclude anything
    if match["test"] == "null":
        is_absent = any(value.strip().lower() == "true" for value in condition.values)
        return Asked(is_negated=is_absent, meets_absent=is_absent)
    is_negated = "not" in match["test"]
    if match["many"] == "foranyvalue":
        return Asked(is_negated, meets_absent=False)
    return Asked(is_negated, meets_absent=is_negated or bool(match["lenient"]) or match["many"] == "forallvalues")


def key_of(condition: Condition) -> str:
    """The key in lower case: `aws:sourcevpce`."""
    return condition.key.strip().lower()


def values_of(conditions: Iterable[Condition]) -> list[str]:
    """What conditions compare with, each known value once, then what stands for the others."""
    conditions = tuple(conditions)
    values = list(dict.fromkeys(value for condition in conditions for value in condition.values))
    return [*values, *(part.expression for condition in conditions for part in condition.values.unknown)]


def is_readable(condition: Condition) -> bool:
    """Whether the key is one, and no expression that stands for it."""
    return _KEY.match(key_of(condition)) is not None


def is_denial(statement: Statement) -> bool:
    """Whether it certainly denies."""
    return isinstance(statement.effect, Known) and statement.effect.value.strip().lower() == "deny"


def limits(statement: Statement, keys: frozenset[str]) -> tuple[Condition, ...]:
    """The conditions on these keys by which a statement lets in only those from somewhere, or denies everybody from elsewhere.

    An `Allow` that an absent key meets lets in the rest of the world as well. A `Deny` on a positive test shuts out those from there only.
    """
    found = [condition for condition in statement.conditions if key_of(condition) in keys]
    if is_denial(statement):
        return tuple(condition for condition in found if (test := asked_by(condition)).is_negated and test.meets_absent)
    return tuple(condition for condition in found if not (test := asked_by(condition)).is_negated and not test.meets_absent)


def others(statement: Statement, keys: frozenset[str]) -> Iterator[Condition]:
    """What a statement asks beside these keys, TLS, the time and AWS's own services left out: identities, organisations, tags, a secret."""
    for condition in statement.conditions:
        if key_of(condition) not in keys | _BESIDE:
            yield condition


def is_anybody(statement: Statement) -> bool:
    """Whether it speaks of everybody, the anonymous among them."""
    return any(principal.is_anybody for principal in statement.principals)

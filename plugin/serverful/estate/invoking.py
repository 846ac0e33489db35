"""Whom a role may invoke: statements about functions, by reference, by ARN and by pattern.

Source: AWS Lambda Developer Guide, "Identity-based IAM policies for Lambda"; Service Authorization Reference, "Actions, resources, and
condition keys for AWS Lambda" (the resource of `lambda:InvokeFunction` is the function, its alias or its version).
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.globs import is_match
from serverful.estate.identity import allow_statements, covers
from serverful.estate.model import Alias, Function, Link, Role
from serverful.estate.place import Place
from serverful.estate.value import Unknown

INVOKE, INVOKE_URL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"
# AWS managed policies that let everything be invoked: one about nothing else, and some about everything (aws/managedpolicies of the public
# copies of AWS's documents, 2026-08-22).
INVOKING, ALLOWING_ALL = frozenset({"AWSLambdaRole"}), frozenset({"AWSLambda_FullAccess", "AdministratorAccess", "PowerUserAccess"})


@dataclass(frozen=True, slots=True)
class Permitted:
    """That a role may invoke a function, where it says so. `is_named` says that this function is meant, and not every one.

    `is_wide` says that it may do much else with it as well, so that invoking may not be what it is for.
    """

    place: Place
    is_named: bool
    is_wide: bool


def may_invoke(role: Role, function: Function, estate: Estate, action: str = INVOKE) -> Permitted | Unknown | None:
    """The statement that says most clearly that a role may invoke a function; what decides elsewhere; None where it certainly may not."""
    found: list[Permitted] = []
    unknown: list[Unknown] = []
    for statement in allow_statements(role):
        patterns = [pattern.strip() for pattern in statement.actions if covers(pattern.strip(), action)]
        if not patterns:
            continue
        is_wide = all(not pattern.lower().startswith("lambda:invoke") for pattern in patterns)
        for link in statement.resources:
            meant = _means(link, function, estate)
            if isinstance(meant, Unknown):
                unknown.append(meant)
            elif meant is not None:
                found.append(Permitted(statement.place, meant, is_wide))
        unknown += statement.resources.unknown
    known = (policy for policy in role.managed if policy.name in INVOKING | ALLOWING_ALL)
    found += [Permitted(policy.place, False, policy.name in ALLOWING_ALL) for policy in known]
    if found:
        return min(found, key=lambda permitted: (permitted.is_wide, not permitted.is_named))
    unknown += role.unknown
    return unknown[0] if unknown else None


def _means(link: Link, function: Function, estate: Estate) -> bool | Unknown | None:
    """Whether a resource is this function by name (True), every function (False), perhaps this one, or another (None)."""
    target = estate.thing(link.target)
    if isinstance(target, Alias):
        return True if target.callee.target == function.address else None
    if target is not None:
        return True if target.address == function.address else None
    written = link.expression
    if written == "*":
        return False
    name = written.rpartition(":function:")[2].partition(":")[0] if ":function:" in written else ""
    if not name or "${" in name or link.origin != "literal":
        return Unknown(written, link.place)
    if set(name) <= {"*"}:
        return False
    if isinstance(function.name, Unknown):
        return Unknown(written, link.place) if "*" in name else None
    return True if is_match(name, function.name.value) else None

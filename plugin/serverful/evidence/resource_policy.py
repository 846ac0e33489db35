"""Whom the policy of a resource lets do something: everybody, or those it names.

Decisions (catalogue, rulings 13):
- A policy that allows only named principals excludes the anonymous, and so does one that only denies.
- `*` with a condition on who asks or through what counts as asked. TLS, addresses, VPCs, endpoints, and what a client says of itself are no
  such conditions: they say how and from where somebody comes.
- A denial of everybody but some identities guards what another statement lets everybody do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from serverful.estate.conditions import ADDRESS_KEYS, NETWORK_KEYS, REQUEST_KEYS, is_anybody
from serverful.estate.identity import covers
from serverful.estate.model import Condition, Document, Statement
from serverful.estate.value import Known, Unknown

# They tell how and from where a client comes, not who it is (IAM User Guide, "AWS global condition context keys", 2026).
NO_IDENTITY = REQUEST_KEYS | NETWORK_KEYS | ADDRESS_KEYS | {"aws:sourcevpcarn"}


@dataclass(frozen=True, slots=True)
class LetIn:
    """`open_at` are the statements that let everybody in, `unknown` what may, `named` who else is let in.

    `conditions` are the keys under which everybody is let in.
    """

    open_at: tuple[Statement, ...]
    unknown: tuple[Unknown, ...]
    named: tuple[str, ...]
    conditions: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether it certainly asks who comes."""
        return not self.open_at and not self.unknown


def let_in(documents: Iterable[Document], action: str) -> LetIn:
    """Whom these documents, together the policy of one resource, let do an action."""
    documents = tuple(documents)
    unknown: dict[Unknown, None] = dict.fromkeys(part for document in documents for part in document.unknown)
    open_at, named, conditions = [], [], []
    guards: list[Statement] = []
    for statement in (statement for document in documents for statement in document.statements):
        is_meant = _is_meant(statement, action)
        if is_meant is False:
            continue
        is_denied = isinstance(statement.effect, Known) and statement.effect.value.lower() == "deny"
        if is_denied:
            guards.append(statement)
            continue
        if not is_anybody(statement):
            unknown.update(dict.fromkeys(statement.principals.unknown))
            named += [principal.link.target or principal.link.expression for principal in statement.principals]
            continue
        asked = [condition for condition in statement.conditions if condition.key.lower() not in NO_IDENTITY]
        doubts = [part for part in (statement.effect, is_meant) if isinstance(part, Unknown)]
        if asked:
            conditions += [condition.key for condition in asked]
        elif doubts or statement.conditions_unknown:
            unknown.update(dict.fromkeys((*doubts, *statement.conditions_unknown)))
        else:
            open_at.append(statement)
    if open_at and any(_is_guard(statement) for statement in guards):
        conditions += [condition.key for statement in guards for condition in statement.conditions if _is_identity(condition)]
        open_at = []
    elif open_at:
        unknown.update(dict.fromkeys(part for statement in guards for part in statement.conditions_unknown))
    return LetIn(tuple(open_at), tuple(unknown), tuple(dict.fromkeys(named)), tuple(dict.fromkeys(conditions)))


def _is_meant(statement: Statement, action: str) -> bool | Unknown:
    if any(covers(pattern.strip(), action) for pattern in statement.actions):
        return True
    if statement.not_actions.items and not statement.actions.items:
        return not any(covers(pattern.strip(), action) for pattern in statement.not_actions)
    unknown = (*statement.actions.unknown, *statement.not_actions.unknown)
    return unknown[0] if unknown else False


def _is_guard(statement: Statement) -> bool:
    """A denial of everybody but some identities."""
    return is_anybody(statement) and any(_is_identity(condition) for condition in statement.conditions)


def _is_identity(condition: Condition) -> bool:
    return bool(re.match(r"aws:(principal|userid|username)", condition.key.lower()))

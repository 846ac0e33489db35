"""Which permissions of a role are wide: they hold every action of a service, or speak of no thing in particular.

Decisions (what the catalogue's "wildcard action or resource" means):
- An action is wide as `*` and `dynamodb:*`, also on one named table: reading it and deleting it are not the same. `dynamodb:Get*` and
  `s3:*Object` are families, and are not.
- A resource is wide as `*` and `table/*`. `arn:aws:s3:::orders/*` is the inside of one bucket, `orders-*` a family of names, and a region
  or account that is left open still leaves the name.
- What no policy can hold to a resource, and what only lists or describes things, may say `*` (`reference/scoping.yaml`).
- A condition narrows a statement, whatever it asks of resources, tags, accounts or organisations. Those that only say from where, when or
  by whom it is asked do not: the function itself meets them.
- An AWS managed policy is wide where its document was read and is (`reference/managed_policies.yaml`). Those that Lambda's guides ask for
  are not held against anybody, though they speak of every queue or stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from serverful.estate.arns import names_something
from serverful.estate.estate import Estate
from serverful.estate.identity import Allowed, allowed
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Condition, Link, Role, Statement
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.scoping import scoping
from serverful.evidence.services import managed_policies
from serverful.wording import shortened

_SHOWN = 3
_HOLE = re.compile(r"\$\{[^{}]*\}")  # an expression inside of an ARN is long, and tells nothing of what is wide
# They ask how, from where, when and by whom, which is the function itself whenever its role is used.
_NARROWS_NOTHING = re.compile(
    r"aws:(securetransport|sourceip|sourcevpc|sourcevpce|vpcsourceip|currenttime|epochtime|tokenissuetime|requestedregion|useragent"
    r"|referer|multifactorauth\w+|userid|username|principal\w+(/.*)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wide:
    """One wide permission. `says` completes "the role …"; `services` are IAM prefixes; `doubt` keeps it from being certain.

    `is_everything` tells that nothing is left that it does not allow.
    """

    says: str
    services: tuple[str, ...]
    is_everything: bool
    evidence: Evidence
    doubt: Unknown | None = None


@once_per_estate
def wide_permissions(estate: Estate, address: str) -> tuple[Wide, ...]:
    """The wide permissions of the role with that address, the certain ones first, in the order in which they are written."""
    role = estate.thing(address)
    if not isinstance(role, Role):
        return ()
    return tuple(sorted((*_stated(role), *_managed(role)), key=lambda wide: wide.doubt is not None))


def _stated(role: Role) -> Iterator[Wide]:
    exists = {id(statement): document.exists for document in role.documents for statement in document.statements}
    by_statement: dict[int, tuple[Statement, list[Allowed]]] = {}
    for item in allowed(role):
        by_statement.setdefault(id(item.statement), (item.statement, []))[1].append(item)
    for key, (statement, items) in by_statement.items():
        wide = _of_statement(role, statement, items, exists[key])
        if wide is not None:
            yield wide


def _of_statement(role: Role, statement: Statement, items: list[Allowed], exists: Unknown | None) -> Wide | None:
    if any(_narrows(condition) for condition in statement.conditions):
        return None
    asked = [item for item in items if not scoping().is_upkeep(item)]
    open_ = [link for link in statement.resources if _is_open(link)]
    every = [item for item in asked if scoping().is_every_action(item)]
    anywhere = [item for item in asked if item in every or scoping().knows_resources(item)] if open_ else []
    shown = anywhere or every
    if not shown:
        return None
    resources = open_ or list(statement.resources)
    on = _listed([_HOLE.sub("${…}", link.expression) for link in resources]) or "what is decided elsewhere"
    says = f"allows {_listed([item.action for item in shown])} on {on}"
    effect = statement.effect if isinstance(statement.effect, Unknown) else None
    doubts = (exists, effect, *statement.conditions_unknown)
    return Wide(
        says,
        tuple(dict.fromkeys(item.service for item in shown)),
        is_everything=bool(open_) and any(item.action.strip("*:") == "" for item in shown) and not statement.not_actions.items,
        evidence=Evidence(f"{role.address} {says}", statement.place, as_of=_date(open_, every)),
        doubt=next((doubt for doubt in doubts if doubt is not None), None),
    )


def _date(open_: list[Link], every: list[Allowed]) -> date | None:
    """What can be held to a resource is reference data; that an action is a wildcard is not."""
    return scoping().as_of if open_ and not every else None


def _managed(role: Role) -> Iterator[Wide]:
    known = managed_policies()
    for policy in role.managed:
        if policy.name in known.wide:
            yield Wide(
                f"carries {policy.name}",
                tuple(known.prefixes.get(policy.name, ())),
                is_everything=policy.name == "AdministratorAccess",
                evidence=Evidence(f"{role.address} carries {policy.name}", policy.place, as_of=known.as_of),
                doubt=policy.exists,
            )


def _is_open(link: Link) -> bool:
    return link.origin == "literal" and not names_something(link.expression)


def _narrows(condition: Condition) -> bool:
    return not _NARROWS_NOTHING.fullmatch(condition.key.strip())


def _listed(names: list[str]) -> str:
    return shortened(list(dict.fromkeys(names)), _SHOWN)

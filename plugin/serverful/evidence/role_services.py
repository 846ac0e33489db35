"""What a role lets its functions reach: services that check identity, or something that cannot be told.

Positive evidence is wanted here, so every doubt counts against it:
- An action of a service that is not known to check identity says nothing, and neither does a managed policy that is not known.
- `*`, and every action of a service that may be private (`rds:*`), may hold anything: whoever wrote it decides what it is for.
- Reading a secret or parameter is checked by IAM, but a secret is a login, and what it logs in to does not know IAM: a database, a partner.
  It counts only where this root shows that it holds nothing of the kind, or that the Data API asks for it. A name is not enough: even
  "an API key" is the key to somebody else's HTTPS API, and the function may need an address for it. The same holds for assuming a role.
- What only Lambda's pollers use, and what sends failed events away, is no work of the function's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from serverful.estate.estate import Estate
from serverful.estate.identity import Allowed, allowed
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Link, ManagedPolicy, Role, Secret, Statement
from serverful.estate.value import Known, Unknown
from serverful.evidence.aws_apis import AwsApi, is_called
from serverful.evidence.evidence import Evidence
from serverful.evidence.identity_services import identity_services
from serverful.evidence.references import calls_data_api, stores_behind_secret
from serverful.evidence.services import managed_policies
from serverful.evidence.words import words
from serverful.wording import shortened

_FAILURES = frozenset({"DEAD", "DEADLETTER", "DEADLETTERS", "DLQ", "FAILED", "FAILURE", "FAILURES"})
_FAILURE_ACTIONS = frozenset({"sqs:sendmessage", "sns:publish"})
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RoleServices:
    """`names` are the services that the role certainly allows the function's own code, `path` where it says so.

    `wide` names what may allow anything. `lacking` says why the role is no positive evidence, and is empty where it is.
    """

    names: tuple[str, ...] = ()
    path: tuple[Evidence, ...] = ()
    wide: tuple[Unknown, ...] = ()
    lacking: str = ""


@dataclass(slots=True)
class _Found:
    names: dict[str, None] = field(default_factory=dict)
    path: list[Evidence] = field(default_factory=list)
    wide: list[Unknown] = field(default_factory=list)


@once_per_estate
def role_services(estate: Estate, address: str) -> RoleServices:
    """What the role with that address lets its functions reach."""
    role = estate.thing(address)
    if not isinstance(role, Role):
        return RoleServices(lacking="its role is not in this root")
    found = _Found()
    for statement, items in _by_statement(role):
        doubt = _of_statement(role, statement, items, found, estate)
        if doubt:
            return RoleServices(lacking=f"{role.address} {doubt}")
    for policy in role.managed:
        doubt = _of_managed(policy, found)
        if doubt:
            return RoleServices(lacking=f"{role.address} {doubt}")
    if not found.names and not found.wide:
        return RoleServices(lacking=f"{role.address} allows nothing that the function's own code would call")
    return RoleServices(tuple(found.names), tuple(found.path), tuple(found.wide))


def _by_statement(role: Role) -> Iterator[tuple[Statement, list[Allowed]]]:
    found: dict[int, tuple[Statement, list[Allowed]]] = {}
    for item in allowed(role):
        found.setdefault(id(item.statement), (item.statement, []))[1].append(item)
    yield from found.values()


def _of_statement(role: Role, statement: Statement, items: list[Allowed], found: _Found, estate: Estate) -> str:
    """Adds what a statement tells; says what speaks against it."""
    known = identity_services()
    calls: list[str] = []
    for item in items:
        if known.is_upkeep(item.action):
            continue
        if _is_wide(item):
            found.wide.append(Unknown(f"what {item.action} is meant for", statement.place))
        elif item.service not in known.prefixes:
            return f"allows {item.action}, which is not known to be an API that identity protects from anywhere"
        elif known.hides(item.action):
            resources = statement.resources
            if resources.unknown or not resources.items or not all(_is_seen_through(link, role, estate) for link in resources):
                return f"allows {item.action}, and what it leads to is not seen"
        elif is_called(item.service, item.action) and not _is_failure_route(item):
            calls.append(item.action)
            if isinstance(statement.effect, Known):
                found.names.setdefault(AwsApi(item.service).name)
    if calls:
        found.path.append(Evidence(f"{role.address} allows {shortened(calls, _SHOWN)}", statement.place))
    return ""


def _is_wide(item: Allowed) -> bool:
    """`*`, `*:Get*`, and `rds:*` of a service that is not known to check identity."""
    rest = item.action.partition(":")[2]
    is_open = any(sign in item.service for sign in "*?") or not item.service
    return is_open or (rest.strip("*") == "" and item.service not in identity_services().prefixes)


def _is_seen_through(link: Link, role: Role, estate: Estate) -> bool:
    """Whether this root shows that a secret or parameter leads to nothing private: it holds names of things that identity protects, or
    the login to a cluster whose Data API the role may call."""
    thing = estate.thing(link.target)
    if calls_data_api(estate, role.address):
        return (thing is not None and thing.address in stores_behind_secret(estate)) or link.attribute.startswith("master_user_secret")
    return isinstance(thing, Secret) and holds_names_only(thing, estate)


def holds_names_only(secret: Secret, estate: Estate) -> bool:
    """Whether a parameter holds nothing but names of things that identity protects, as far as its value refers to anything.

    Only of a parameter is that said. What a secret refers to is rarely all of it, and a login is what people keep in one.
    """
    held = [estate.thing(link.target) for link in secret.holds]
    is_parameter = secret.type == "aws_ssm_parameter"
    return is_parameter and bool(held) and all(thing is not None and identity_services().holds(thing.type) for thing in held)


def _is_failure_route(item: Allowed) -> bool:
    """Sending to a dead-letter queue or an on-failure destination, which Lambda does for the function."""
    resources = item.statement.resources
    names = [*(link.expression for link in resources), *(part.expression for part in resources.unknown)]
    return item.action.lower() in _FAILURE_ACTIONS and bool(names) and all(_FAILURES.intersection(words(name)) for name in names)


def _of_managed(policy: ManagedPolicy, found: _Found) -> str:
    """The same of an AWS managed policy, which is known by name."""
    known, of_aws = identity_services(), managed_policies()
    if policy.name in known.upkeep_policies:
        return ""
    listed = of_aws.prefixes.get(policy.name)
    if listed is None:
        return f"carries {policy.name}, whose actions are not known"
    prefixes = set(listed) - known.in_passing.get(policy.name, frozenset())
    if "*" in prefixes:
        found.wide.append(Unknown(f"what {policy.name} is meant for", policy.place))
        return ""
    other = next((prefix for prefix in sorted(prefixes) if prefix not in known.prefixes or known.hides_by_prefix(prefix)), None)
    if other is not None:
        return f"carries {policy.name}, which allows actions of {other}"
    if prefixes - known.upkeep_services:
        found.names.setdefault(f"what {policy.name} allows")
        found.path.append(Evidence(f"{policy.name} is about services that check identity", policy.place, as_of=of_aws.as_of))
    return ""

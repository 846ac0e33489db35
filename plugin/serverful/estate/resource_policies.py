"""Which policies of resources a block holds, and which functions of the root reach the resource that one guards.

A function reaches what a statement of its role names, by reference or by its ARN, with an action of that service, and what its environment
refers to. `*` names nothing. A VPC endpoint is reached by what certainly stands behind it and may call its service.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.attached import attachment_of
from serverful.estate.endpoints import endpoints_on
from serverful.estate.estate import Estate
from serverful.estate.globs import is_match
from serverful.estate.identity import allow_statements, functions_by_role, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Endpoint, Function, Link, ResourcePolicy, Role, Source, Statement, Thing
from serverful.estate.network import ways_out
from serverful.estate.place import Place
from serverful.estate.value import Known


@dataclass(frozen=True, slots=True)
class Reach:
    """That a function reaches a resource, and what shows it: `says` is a phrase ("may s3:GetObject on it"), `actions` what it may do there
    as its role writes it; () where only the environment speaks of it."""

    function: Function
    says: str
    place: Place
    actions: tuple[str, ...] = ()


def policies_held(holder: Thing, estate: Estate) -> tuple[ResourcePolicy, ...]:
    """The policies of resources that stand in a block."""
    return _by_holder(estate).get(holder.address, ())


@once_per_estate
def _by_holder(estate: Estate) -> dict[str, tuple[ResourcePolicy, ...]]:
    found: dict[str, list[ResourcePolicy]] = {}
    for policy in estate.resource_policies:
        found.setdefault(policy.by, []).append(policy)
    return {by: tuple(policies) for by, policies in found.items()}


def reaching(policy: ResourcePolicy, estate: Estate) -> tuple[Reach, ...]:
    """The functions that certainly reach what a policy guards, in order of address, each once."""
    target = policy.guarded.target
    if target is None or policy.guarded.origin not in ("resource", "data"):
        return ()
    endpoint = estate.find(policy.guarded, Endpoint)
    found = _behind(estate, endpoint.address) if endpoint is not None else _by_name(estate, target, policy.service)
    return tuple({reach.function.address: reach for reach in reversed(found)}.values())[::-1]


@once_per_estate
def _by_name(estate: Estate, target: str, service: str) -> tuple[Reach, ...]:
    thing = estate.thing(target)
    arn = thing.arn if isinstance(thing, Source) else ""
    by_role = [
        Reach(function, f"may {named[0]} on it", statement.place, named)
        for role, statement in (*_speaking_of(estate).get(target, ()), *(_speaking_of(estate).get(arn, ()) if arn else ()))
        if (named := _actions_of(statement, service))
        for function in functions_by_role(estate).get(role.address, ())
    ]
    seen = {reach.function.address for reach in by_role}
    by_environment = [reach for reach in _referring(estate).get(target, ()) if reach.function.address not in seen]
    return tuple(sorted((*by_role, *by_environment), key=lambda reach: reach.function.address))


def _actions_of(statement: Statement, service: str) -> tuple[str, ...]:
    return tuple(action.strip() for action in statement.actions if action.strip().lower().startswith((f"{service}:", "*")))


@once_per_estate
def _speaking_of(estate: Estate) -> dict[str, list[tuple[Role, Statement]]]:
    """The statements of roles that certainly allow something, by what their resources name: the address of a block, or an ARN."""
    found: dict[str, list[tuple[Role, Statement]]] = {}
    for role in estate.all(Role):
        for statement in allow_statements(role):
            if isinstance(statement.effect, Known):
                for name in dict.fromkeys(_name_of(link) for link in statement.resources):
                    found.setdefault(name, []).append((role, statement))
    return found


def _name_of(link: Link) -> str:
    if link.target is not None:
        return link.target
    return link.expression.partition("/")[0] if ":s3:::" in link.expression else link.expression


@once_per_estate
def _referring(estate: Estate) -> dict[str, list[Reach]]:
    found: dict[str, list[Reach]] = {}
    for function in estate.all(Function):
        for variable in function.environment.variables:
            for link in variable.links:
                if link.target is not None:
                    reach = Reach(function, f"is told of it by environment variable {variable.name}", variable.place)
                    found.setdefault(link.target, []).append(reach)
    return found


@once_per_estate
def _behind(estate: Estate, address: str) -> tuple[Reach, ...]:
    """The functions that stand behind an endpoint in all their subnets and may call its service."""
    endpoint = estate.thing(address)
    if not isinstance(endpoint, Endpoint) or not isinstance(endpoint.service, Known):
        return ()
    service = endpoint.service.value
    return tuple(reach for function in estate.all(Function) for reach in _through(function, endpoint, service, estate))


def _through(function: Function, endpoint: Endpoint, service: str, estate: Estate) -> Iterator[Reach]:
    attachment, role = attachment_of(function), role_of(function, estate)
    if attachment is None or role is None:
        return
    ways = ways_out(attachment, estate)
    if not ways or any(endpoint not in endpoints_on(way, estate).standing for way in ways):
        return
    for statement in allow_statements(role):
        named = tuple(action.strip() for action in statement.actions if action.strip().lower().startswith(f"{service}:"))
        if named and isinstance(statement.effect, Known):
            yield Reach(function, f"may {named[0]} through it", statement.place, named)
            return


def concerns(statement: Statement, reach: Reach) -> bool:
    """Whether a statement of the resource's policy speaks of what the function may do there, as far as both say."""
    if not reach.actions or not statement.actions.is_complete or not statement.actions.items:
        return True
    patterns = [(action.strip().lower(), mine.lower()) for action in statement.actions for mine in reach.actions]
    return any(is_match(theirs, mine) or is_match(mine, theirs) for theirs, mine in patterns)

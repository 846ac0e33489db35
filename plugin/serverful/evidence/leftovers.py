"""Permissions for network interfaces that no function of a role needs any more: what is left over after leaving a VPC.

Decisions:
- AWS managed policies made for an attachment count, and statements that name `ec2:CreateNetworkInterface` or a pattern of network
  interfaces. `ec2:*` is wide and no leftover; beside other work on EC2, making interfaces may be that work.
- A function that is polled for in a VPC (MSK, Amazon MQ, DocumentDB, Kafka of one's own) needs them without any attachment of its own.
- A role that services other than Lambda may take is theirs as well. One that other roots are told of may have functions that are not
  seen: then the finding is a question (INFO). A module that is given the role, or an attached function whose role is not known, leaves
  it open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from serverful.estate.estate import Estate
from serverful.estate.identity import Allowed, allowed, functions_by_role
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Role
from serverful.estate.unread_modules import calls_given
from serverful.estate.unseen import unread
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.leaving import NETWORK_POLICIES, VPC_ACCESS, needs_interfaces, writes_logs_by_vpc_access_alone
from serverful.evidence.services import managed_policies

CREATE = "ec2:CreateNetworkInterface"
_LAMBDA = frozenset({"lambda.amazonaws.com", "edgelambda.amazonaws.com"})
_MANY = 20  # functions of unknown roles that one verdict names
MADE_BY_MODULE = "the role that "
_WORD = "networkinterface"
# What else stands beside it in the policies that AWS and its guides give for an attachment.
_BESIDE = ("privateipaddresses", "securitygroups", "subnets", "vpcs")


@dataclass(frozen=True, slots=True)
class Leftover:
    """One permission for network interfaces: what it is, where, and what decides elsewhere whether the role has it."""

    says: str
    evidence: Evidence
    exists: Unknown | None


def network_permissions(role: Role) -> tuple[Leftover, ...]:
    """The permissions of a role that are for network interfaces and nothing else."""
    return (*_managed(role), *_stated(role))


def _managed(role: Role) -> Iterator[Leftover]:
    for policy in role.managed:
        if policy.name in NETWORK_POLICIES:
            seen = Evidence(f"{role.address} carries {policy.name}", policy.place, as_of=managed_policies().as_of)
            yield Leftover(f"{policy.name} ({policy.place.where})", seen, policy.exists)


def _stated(role: Role) -> Iterator[Leftover]:
    actions = [item for item in allowed(role) if item.service == "ec2"]
    if not all(is_for_interfaces(item) for item in actions):
        return
    doubts = {id(statement): document.exists for document in role.documents for statement in document.statements}
    statements = {id(item.statement): item.statement for item in actions if item.covers(CREATE)}
    for key, statement in statements.items():
        seen = Evidence(f"{role.address} allows {CREATE}", statement.place)
        yield Leftover(f"the permission to make network interfaces ({statement.place.where})", seen, doubts[key])


def is_for_interfaces(item: Allowed) -> bool:
    """`ec2:CreateNetworkInterface`, `ec2:*NetworkInterface*`, `ec2:DescribeSubnets`; not `ec2:*`, not `ec2:Describe*`."""
    action = item.action.partition(":")[2].lower()
    return _WORD in action or any(action.removesuffix("*").endswith(word) for word in _BESIDE)


def wearing(role: Role, estate: Estate) -> tuple[Function, ...]:
    """The functions of this root that certainly have the role."""
    return functions_by_role(estate).get(role.address, ())


def taken_by_others(role: Role) -> bool:
    """Whether the trust policy lets somebody besides Lambda take the role; where it cannot be read, the functions are its only takers."""
    return any(
        principal.kind != "Service" or principal.link.expression not in _LAMBDA
        for statement in role.trust.statements
        for principal in statement.principals
    )


def may_be_used(role: Role, estate: Estate) -> tuple[Unknown, ...]:
    """What may need the permission and cannot be told: functions that may be attached, and attached ones whose role may be this one."""
    own = [function.attachment for function in wearing(role, estate) if isinstance(function.attachment, Unknown)]
    modules = [Unknown(call.address, call.place) for call in calls_given(role.address, estate)]
    return (*own, *_of_unknown_roles(estate, True), *modules, *unread(estate, role.place))


def may_wear(role: Role, estate: Estate) -> tuple[Unknown, ...]:
    """What decides elsewhere whether some function has a role that no function certainly has; nothing where Lambda may not take it."""
    is_for_functions = any(principal.link.expression in _LAMBDA for s in role.trust.statements for principal in s.principals)
    return _of_unknown_roles(estate, False) if is_for_functions else ()


@once_per_estate
def _of_unknown_roles(estate: Estate, in_need: bool) -> tuple[Unknown, ...]:
    """What decides elsewhere which role functions have, of those in need of interfaces only or of all; the first of them are enough."""
    roles = (
        Unknown(function.role.expression, function.role.place)
        for function in estate.all(Function)
        if function.role is not None and function.role.origin == "unknown" and not _has_its_own(function)
        if not in_need or needs_interfaces(function, estate)
    )
    return tuple(islice(roles, _MANY))


def _has_its_own(function: Function) -> bool:
    """Whether a registry module that is not here makes the function's role as well."""
    return function.type == "module" and function.role is not None and function.role.expression.startswith(MADE_BY_MODULE)


def is_handed_on(role: Role, estate: Estate) -> bool:
    """Whether other roots are told of the role, or this one is a module of others."""
    return estate.is_child or role.address in _told(estate)


@once_per_estate
def _told(estate: Estate) -> frozenset[str]:
    return frozenset(link.target for output in estate.outputs for link in output.links if link.target)


def take_away(role: Role, leftovers: tuple[Leftover, ...]) -> str:
    """What to write instead."""
    names = {policy.name for policy in role.managed}
    logs = (
        " That policy lets the functions write their logs too: attach AWSLambdaBasicExecutionRole in its place."
        if VPC_ACCESS in names and writes_logs_by_vpc_access_alone(role)
        else ""
    )
    return f"Take {' and '.join(leftover.says for leftover in leftovers)} from {role.address}.{logs}"

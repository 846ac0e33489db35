"""What module calls that are not loaded may add to the network.

A module that is given a thing of this root may do something with it: associate a subnet, add a route to a table, start an instance in it.
That makes the *absence* of such a thing unknown; what is visible stays decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import ModuleCall
from serverful.estate.naming import without_index
from serverful.estate.registry import TERRAFORM_AWS_MODULES, registry_name
from serverful.estate.value import Unknown

# Registry modules whose resources are known (their main.tf, major versions of 2025 and 2026): they take subnets, but write no route, no
# route table and no association. A module that is not listed may.
_WRITES_NO_ROUTES = re.compile(
    TERRAFORM_AWS_MODULES
    + r"(alb|autoscaling|ec2-instance|ecs|efs|eks|elasticache|lambda|rds|rds-aurora|rds-proxy|security-group)/aws(//|$)"
)
# Of these, the ones that start neither instances nor containers.
_STARTS_NOTHING = re.compile(TERRAFORM_AWS_MODULES + r"(alb|efs|elasticache|lambda|rds|rds-aurora|rds-proxy|security-group)/aws(//|$)")


def may_associate(subnet: str, estate: Estate) -> tuple[Unknown, ...]:
    """Calls that may associate this subnet with a route table of their own."""
    return _named(call for call in calls_given(subnet, estate) if not _WRITES_NO_ROUTES.match(registry_name(call.source)))


def may_add_routes(table: str, estate: Estate) -> tuple[Unknown, ...]:
    """Calls that may add a route to this table (or to the main table of this VPC)."""
    return _named(call for call in calls_given(table, estate) if not _WRITES_NO_ROUTES.match(registry_name(call.source)))


def may_start_instances(subnet: str, estate: Estate) -> tuple[Unknown, ...]:
    """Calls that may start instances or containers in this subnet."""
    return _named(call for call in calls_given(subnet, estate) if not _STARTS_NOTHING.match(registry_name(call.source)))


@once_per_estate
def may_add_endpoints(estate: Estate) -> tuple[Unknown, ...]:
    """Calls that speak of endpoints, by their source or an input."""
    return _named(c for c in estate.unread_modules if "endpoint" in c.source or any("endpoint" in name for name in c.inputs))


def may_scale(address: str, estate: Estate) -> tuple[Unknown, ...]:
    """Calls that may scale what is kept ready on this function or alias. No module of terraform-aws-modules does."""
    return _named(call for call in calls_given(address, estate) if not re.match(TERRAFORM_AWS_MODULES, registry_name(call.source)))


def calls_given(address: str, estate: Estate) -> tuple[ModuleCall, ...]:
    """The calls, not loaded, one of whose arguments refers to the thing: to itself, or to all instances of its block."""
    calls = _by_thing(estate)
    found = (*calls.get(address, ()), *calls.get(without_index(address), ()))
    return tuple({call.address: call for call in found}.values())


@once_per_estate
def _by_thing(estate: Estate) -> dict[str, list[ModuleCall]]:
    found: dict[str, list[ModuleCall]] = {}
    for call in estate.unread_modules:
        for target in dict.fromkeys(link.target for link in call.links if link.target):
            found.setdefault(target, []).append(call)
    return found


def _named(calls: Iterable[ModuleCall]) -> tuple[Unknown, ...]:
    return tuple(Unknown(call.address, call.place) for call in calls)

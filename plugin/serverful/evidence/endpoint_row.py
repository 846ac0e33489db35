"""Interface endpoints that a VPC holds for functions alone, which could reach the same APIs without VPC: what SLS_IP_4 asks of endpoints.

An interface endpoint is paid by the hour in each zone it stands in, and by the gigabyte; outside a VPC a function calls the same API with
the same signature for nothing (AWS PrivateLink pricing; AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an
Amazon VPC"; both 2026-08).

Decisions:
- Endpoints are what SLS_IP_1 recommends to a function that needs its VPC, so they are asked about only where none of the functions does.
- Counted are the endpoints of services of which a function's role speaks. Others (of registries, of Systems Manager) are there for
  somebody who is not seen, and `execute-api` is the way in to a private API.
- Whoever is told the VPC or a subnet may stand in it: another root by an output, a module that is not loaded.
- The first endpoint of a row, by address, speaks for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.attached import attachment_of, everything_attached
from serverful.estate.estate import Estate
from serverful.estate.identity import allowed, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import CapacityProvider, Endpoint, Function, Link, Other, Store, Subnet, Vpc
from serverful.estate.nat import ALWAYS_IN_SUBNETS, CALLING, PERHAPS_IN_SUBNETS
from serverful.estate.unread_modules import calls_given, may_start_instances
from serverful.estate.unseen import unseen
from serverful.estate.value import Known, Unknown
from serverful.evidence.attachment import explained
from serverful.evidence.aws_apis import AwsApi
from serverful.evidence.groups import is_private_endpoint
from serverful.evidence.services import managed_policies
from serverful.evidence.staying import why_it_stays
from serverful.natural import natural
from serverful.verdict import Outcome, Verdict

ROW = 3
"""How many are a row (catalogue, SLS_IP_4)."""

_WAYS_IN = frozenset({"execute-api"})
# Containers whose tasks may be started in any subnet, by somebody else.
_STARTED_ANYWHERE = frozenset({"aws_ecs_cluster", "aws_ecs_task_definition", "aws_codebuild_project"})


@dataclass(frozen=True, slots=True)
class Row:
    """The interface endpoints of one VPC that serve its functions. `needed_by` is what a function needs the VPC for, where one does.

    `unknown` names who else may use them, or what may need the VPC.
    """

    vpc: str
    endpoints: tuple[Endpoint, ...]
    functions: tuple[Function, ...]
    needed_by: tuple[tuple[Function, Verdict], ...] = ()
    others: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()


def row_of(endpoint: Endpoint, estate: Estate) -> Row | None:
    """The row that an endpoint speaks for; None for another, and for one that stands in no row."""
    return _rows(estate).get(endpoint.address)


@once_per_estate
def _rows(estate: Estate) -> dict[str, Row]:
    found: dict[str, Row] = {}
    by_vpc: dict[str, list[Endpoint]] = {}
    for endpoint in estate.all(Endpoint):
        vpc = estate.find(endpoint.vpc, Vpc)
        if vpc is not None and _is_counted(endpoint):
            by_vpc.setdefault(vpc.address, []).append(endpoint)
    for address, endpoints in by_vpc.items():
        row = _row(address, endpoints, estate) if len(endpoints) >= ROW else None
        if row is not None:
            found[row.endpoints[0].address] = row
    return found


def _is_counted(endpoint: Endpoint) -> bool:
    is_interface = isinstance(endpoint.kind, Known) and endpoint.kind.value == "Interface"
    is_known = isinstance(endpoint.service, Known) and endpoint.service.value not in _WAYS_IN
    return is_interface and is_known and isinstance(endpoint.exists, Known) and not is_private_endpoint(endpoint)


def _row(vpc: str, endpoints: list[Endpoint], estate: Estate) -> Row | None:
    subnets = frozenset(subnet.address for subnet in estate.all(Subnet) if subnet.vpc is not None and subnet.vpc.target == vpc)
    standing = [s for s in everything_attached(estate) if (a := attachment_of(s)) and _stands_in(a.subnets.items, subnets)]
    functions = tuple(subject for subject in standing if isinstance(subject, Function))
    spoken = {service for function in functions for service in _services(function, estate)}
    counted = [e for e in endpoints if isinstance(e.service, Known) and e.service.value in spoken]
    if len(counted) < ROW or any(isinstance(subject, CapacityProvider) for subject in standing):
        return None  # who runs on a capacity provider cannot leave the VPC
    needed, unknown = _needs(functions, estate)
    others = [s for s in estate.all(Store) if s.kind in CALLING and _stands_in(s.subnets.items, subnets)]
    doubtful = [*unknown, *_hidden(vpc, subnets, estate)] if not others else unknown
    return Row(
        vpc=vpc,
        endpoints=tuple(sorted(counted, key=lambda one: natural(one.address))),
        functions=functions,
        needed_by=tuple(needed),
        others=tuple(store.address for store in others),
        unknown=tuple(dict.fromkeys(doubtful)),
    )


def _stands_in(links: tuple[Link, ...], subnets: frozenset[str]) -> bool:
    return any(link.target in subnets for link in links)


def _needs(functions: tuple[Function, ...], estate: Estate) -> tuple[list[tuple[Function, Verdict]], list[Unknown]]:
    """The functions that need the VPC, by evidence or a recorded reason, and what may need it."""
    needed: list[tuple[Function, Verdict]] = []
    unknown: list[Unknown] = []
    for function in functions:
        kept = why_it_stays(function, estate)
        if kept is not None:
            needed.append((function, kept))
            continue
        verdict = explained(function, estate)
        if verdict.outcome is Outcome.UNDECIDED:
            unknown += verdict.unknown or (Unknown(f"what {function.address} needs the VPC for", function.place),)
    return needed, unknown


def _services(function: Function, estate: Estate) -> Iterator[str]:
    """What the endpoints are called of the services that its role speaks of."""
    role = role_of(function, estate)
    if role is None:
        return
    prefixes = {action.service for action in allowed(role)}
    prefixes.update(prefix for policy in role.managed for prefix in managed_policies().prefixes.get(policy.name, ()))
    for prefix in prefixes:
        yield from AwsApi(prefix).endpoint_services


def _hidden(vpc: str, subnets: frozenset[str], estate: Estate) -> Iterator[Unknown]:
    """Who else may stand in the VPC."""
    places = {vpc, *subnets}
    for output in estate.outputs:
        if any(link.target in places for link in output.links):
            yield Unknown(f"who reads the output {output.name}", output.place)
    for other in estate.all(Other):
        if other.type in ALWAYS_IN_SUBNETS | PERHAPS_IN_SUBNETS | _STARTED_ANYWHERE or not other.security_groups.is_empty:
            yield Unknown(other.address, other.place)
    for store in estate.all(Store):
        if store.kind in CALLING and not store.subnets.is_complete:
            yield Unknown(store.address, store.place)
    for call in calls_given(vpc, estate):
        yield Unknown(call.address, call.place)
    for subnet in subnets:
        yield from may_start_instances(subnet, estate)
    thing = estate.thing(vpc)
    if thing is not None:
        yield from unseen(estate, thing.place, "who calls this module")

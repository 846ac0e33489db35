"""Who uses a NAT gateway: the functions and capacity providers, and the instances and containers that would need it without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from serverful.estate.attached import attachment_of, everything_attached
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, CapacityProvider, Function, NatGateway, Other, Store, Thing
from serverful.estate.network import SubnetWay, way_out, ways_out
from serverful.estate.unread_modules import may_start_instances
from serverful.estate.value import Unknown

# What begins connections of its own. A database or a file system in the same subnets answers; it does not call out.
CALLING = frozenset({"instance", "container service"})

# Blocks that always stand in subnets and begin connections, but whose subnets the model does not hold.
ALWAYS_IN_SUBNETS = frozenset(
    {
        "aws_batch_compute_environment",
        "aws_eks_cluster",
        "aws_eks_fargate_profile",
        "aws_eks_node_group",
        "aws_elastic_beanstalk_environment",
        "aws_emr_cluster",
        "aws_mwaa_environment",
        "aws_workspaces_directory",
    }
)


@dataclass(frozen=True, slots=True)
class NatUsers:
    """Whose way to the internet a NAT gateway is.

    `functions`, capacity `providers` that functions run on, and `others` (instances, container services) certainly use it; `unknown` names
    what may use it as well.
    """

    functions: tuple[Function, ...] = ()
    others: tuple[Thing, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    providers: tuple[CapacityProvider, ...] = ()

    @property
    def attached(self) -> tuple[Attached, ...]:
        """Everything of Lambda's that uses it, functions first."""
        return (*self.functions, *self.providers)

    @property
    def is_functions_only(self) -> bool:
        """Whether nothing but functions, alone or on managed instances, uses it, as far as this root tells all."""
        return not self.others and not self.unknown


def users_of(nats: Iterable[NatGateway], estate: Estate) -> NatUsers:
    """Who uses any of these NAT gateways, each user once."""
    return users_at(estate, tuple(nat.address for nat in nats))


@once_per_estate  # all functions behind the same gateways share one answer; it may be 5,000 names long
def users_at(estate: Estate, nats: tuple[str, ...]) -> NatUsers:
    """The same, of gateways by their addresses."""
    users = [_users(estate, nat) for nat in nats]
    return NatUsers(
        functions=tuple({f.address: f for u in users for f in u.functions}.values()),
        others=tuple({o.address: o for u in users for o in u.others}.values()),
        unknown=tuple(dict.fromkeys(part for u in users for part in u.unknown)),
        providers=tuple({p.address: p for u in users for p in u.providers}.values()),
    )


@once_per_estate
def _users(estate: Estate, nat: str) -> NatUsers:
    attached = _attached_through(estate).get(nat, ())
    others: list[Thing] = []
    doubtful: list[Unknown] = []
    for store in estate.all(Store):
        if store.kind in CALLING:
            ways = [way_out(link, estate) for link in store.subnets]
            if any(_passes(way, nat) for way in ways):
                (doubtful.append(store.exists) if isinstance(store.exists, Unknown) else others.append(store))
            elif any(not _is_outside(part) for part in store.subnets.unknown):
                doubtful.append(Unknown(store.address, store.place))
    doubtful += [Unknown(other.address, other.place) for other in estate.all(Other) if other.type in ALWAYS_IN_SUBNETS]
    for standing in _subnets_through(estate).get(nat, ()):
        doubtful += may_start_instances(standing, estate)
    functions = tuple(subject for subject in attached if isinstance(subject, Function))
    providers = tuple(subject for subject in attached if isinstance(subject, CapacityProvider))
    return NatUsers(functions, tuple(others), tuple(dict.fromkeys(doubtful)), providers)


def _is_outside(part: Unknown) -> bool:
    """A list that comes from outside whole names no subnet of this root; any other expression may."""
    return part.expression.startswith(("var.", "data.")) and not part.mentions


@once_per_estate
def _attached_through(estate: Estate) -> dict[str, tuple[Attached, ...]]:
    """The functions and capacity providers by each NAT gateway that their traffic certainly passes."""
    found: dict[str, dict[str, Attached]] = {}
    for subject in everything_attached(estate):
        for _, nat in _passages(subject, estate):
            found.setdefault(nat.address, {})[subject.address] = subject
    return {nat: tuple(subjects.values()) for nat, subjects in found.items()}


@once_per_estate
def _subnets_through(estate: Estate) -> dict[str, tuple[str, ...]]:
    """The subnets of this root, and the known modules that make subnets, by the NAT gateway on their way, as far as functions or capacity
    providers stand in them."""
    found: dict[str, dict[str, None]] = {}
    for subject in everything_attached(estate):
        for way, nat in _passages(subject, estate):
            standing = way.subnet.address if way.subnet else way.link.target if way.link else None
            if standing:
                found.setdefault(nat.address, {})[standing] = None
    return {nat: tuple(standing) for nat, standing in found.items()}


def _passages(subject: Attached, estate: Estate) -> Iterator[tuple[SubnetWay, NatGateway]]:
    attachment = attachment_of(subject)
    for way in ways_out(attachment, estate) if attachment else ():
        for passage in way.exits:
            if passage.nat:
                yield way, passage.nat


def _passes(way: SubnetWay, nat: str) -> bool:
    return any(passage.nat is not None and passage.nat.address == nat for passage in way.exits)

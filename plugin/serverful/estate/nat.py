"""Who uses a NAT gateway: the functions, and the instances and containers that would need it without them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, NatGateway, Other, Store, Subnet, Thing
from serverful.estate.network import SubnetWay, way_out
from serverful.estate.unread_modules import may_start_instances
from serverful.estate.value import Known, Unknown

# What begins connections of its own. A database or a file system in the same subnets answers; it does not call out.
_CALLING = frozenset({"instance", "container service"})

# Blocks that always stand in subnets and begin connections, but whose subnets the model does not hold.
_ALWAYS_IN_SUBNETS = frozenset(
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

    `functions` and `others` (instances, container services) certainly use it; `unknown` names what may use it as well.
    """

    functions: tuple[Function, ...] = ()
    others: tuple[Thing, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def is_functions_only(self) -> bool:
        """Whether nothing but functions uses it, as far as this root tells all."""
        return not self.others and not self.unknown


def users_of(nats: Iterable[NatGateway], estate: Estate) -> NatUsers:
    """Who uses any of these NAT gateways, each user once."""
    return _users_of_all(estate, tuple(nat.address for nat in nats))


@once_per_estate  # all functions behind the same gateways share one answer; it may be 5,000 names long
def _users_of_all(estate: Estate, nats: tuple[str, ...]) -> NatUsers:
    users = [_users(estate, nat) for nat in nats]
    return NatUsers(
        functions=tuple({f.address: f for u in users for f in u.functions}.values()),
        others=tuple({o.address: o for u in users for o in u.others}.values()),
        unknown=tuple(dict.fromkeys(part for u in users for part in u.unknown)),
    )


@once_per_estate
def _users(estate: Estate, nat: str) -> NatUsers:
    functions = tuple(f for f in estate.all(Function) if nat in _nats_of_function(estate, f.address))
    others: list[Thing] = []
    doubtful: list[Unknown] = []
    for store in estate.all(Store):
        if store.kind in _CALLING:
            ways = [way_out(link, estate) for link in store.subnets]
            if any(_passes(way, nat) for way in ways):
                (doubtful.append(store.exists) if isinstance(store.exists, Unknown) else others.append(store))
            elif any(not _is_outside(part) for part in store.subnets.unknown):
                doubtful.append(Unknown(store.address, store.place))
    doubtful += [Unknown(other.address, other.place) for other in estate.all(Other) if other.type in _ALWAYS_IN_SUBNETS]
    for subnet in _subnets_through(estate).get(nat, ()):
        doubtful += may_start_instances(subnet.address, estate)
    return NatUsers(functions, tuple(others), tuple(dict.fromkeys(doubtful)))


def _is_outside(part: Unknown) -> bool:
    """A list that comes from outside whole names no subnet of this root; any other expression may."""
    return part.expression.startswith(("var.", "data.")) and not part.mentions


@once_per_estate
def _nats_of_function(estate: Estate, address: str) -> frozenset[str]:
    function = estate.thing(address)
    if not isinstance(function, Function) or not isinstance(function.attachment, Known) or function.attachment.value is None:
        return frozenset()
    ways = (way_out(link, estate) for link in function.attachment.value.subnets)
    return frozenset(passage.nat.address for way in ways for passage in way.exits if passage.nat)


@once_per_estate
def _subnets_through(estate: Estate) -> dict[str, list[Subnet]]:
    """The subnets of this root by the NAT gateway on their way, as far as links to them are written somewhere: those of functions."""
    found: dict[str, list[Subnet]] = {}
    for function in estate.all(Function):
        if isinstance(function.attachment, Known) and function.attachment.value is not None:
            for way in (way_out(link, estate) for link in function.attachment.value.subnets):
                for passage in way.exits:
                    if passage.nat and way.subnet and way.subnet not in found.setdefault(passage.nat.address, []):
                        found[passage.nat.address].append(way.subnet)
    return found


def _passes(way: SubnetWay, nat: str) -> bool:
    return any(passage.nat is not None and passage.nat.address == nat for passage in way.exits)

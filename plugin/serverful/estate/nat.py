"""Who uses a NAT gateway: the functions and capacity providers, and the instances and containers that would need it without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from serverful.estate.attached import attachment_of, everything_attached
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, CapacityProvider, Function, NatGateway, Other, Store, Thing
from serverful.estate.network import SubnetWay, way_out, ways_out
from serverful.estate.unread_modules import may_start_instances
from serverful.estate.value import Unknown

# What begins connections of its own. A database or a file system in the same subnets answers; it does not call out.
CALLING = frozenset({"instance", "container service"})

# Blocks that always stand in subnets and begin connections, by arguments of many names.
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
# Blocks that begin connections, from subnets if they are given any: builds, jobs and what leads out of services that run elsewhere.
PERHAPS_IN_SUBNETS = frozenset(
    {
        "aws_apprunner_vpc_connector",
        "aws_codebuild_fleet",
        "aws_codebuild_project",
        "aws_glue_connection",
        "aws_sagemaker_notebook_instance",
    }
)


@dataclass(frozen=True, slots=True)
class NatUsers:
    """Whose way to the internet a NAT gateway is.

    `functions`, capacity `providers` that functions run on, and `others` (instances, container services, builds) certainly use it;
    `unknown` names what may use it as well.
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
    calling = _calling(estate)
    users = [store for store in calling.through.get(nat, ()) if not isinstance(store.exists, Unknown)]
    doubtful = [store.exists for store in calling.through.get(nat, ()) if isinstance(store.exists, Unknown)]
    passing = {store.address for store in calling.through.get(nat, ())}
    doubtful += [part for store, part in calling.anywhere if store not in passing]
    for standing in _subnets_through(estate).get(nat, ()):
        doubtful += may_start_instances(standing, estate)
    functions = tuple(subject for subject in attached if isinstance(subject, Function))
    providers = tuple(subject for subject in attached if isinstance(subject, CapacityProvider))
    return NatUsers(functions, tuple(users), tuple(dict.fromkeys(doubtful)), providers)


@dataclass(slots=True)
class _Calling:
    """What begins connections of its own: by the NAT gateway that it passes; and, by address, what may stand anywhere."""

    through: dict[str, list[Store | Other]] = field(default_factory=dict)
    anywhere: list[tuple[str, Unknown]] = field(default_factory=list)


@once_per_estate
def _calling(estate: Estate) -> _Calling:
    found = _Calling()
    things: list[Store | Other] = [store for store in estate.all(Store) if store.kind in CALLING]
    things += [other for other in estate.all(Other) if other.type in PERHAPS_IN_SUBNETS]
    for thing in things:
        for nat in {passage.nat.address for link in thing.subnets for passage in way_out(link, estate).exits if passage.nat is not None}:
            found.through.setdefault(nat, []).append(thing)
        if any(not _is_outside(part) for part in thing.subnets.unknown):
            found.anywhere.append((thing.address, Unknown(thing.address, thing.place)))
    found.anywhere += [
        (other.address, Unknown(other.address, other.place)) for other in estate.all(Other) if other.type in ALWAYS_IN_SUBNETS
    ]
    return found


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

"""What a NAT gateway on the way of a function or capacity provider can be accounted for.

Internet destinations; and failing that, what was looked at instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serverful.estate.attached import functions_on, noun
from serverful.estate.estate import Estate
from serverful.estate.identity import role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, CapacityProvider, ModuleCall, NatGateway, RouteTable
from serverful.estate.nat import NatUsers, users_at, users_of
from serverful.estate.registry import registry_name
from serverful.estate.value import Unknown
from serverful.evidence.attachment import needs_its_vpc
from serverful.evidence.aws_apis import AwsApi
from serverful.evidence.closure import Opening, opened_by
from serverful.evidence.destinations import Destination, destinations
from serverful.evidence.egress import Egress, apis_through_nat
from serverful.wording import joined

_SHOWN = 4  # names in one sentence before "and 7 more"


@dataclass(frozen=True, slots=True)
class NatAccount:
    """The reasons for a NAT gateway that were found and looked for.

    `destinations` are hosts on the internet that the environment names; `openings` what could name one and comes from outside; `users`
    whoever else needs it. `who` is the noun for the one who is asked. The texts are sentences for people.
    """

    destinations: tuple[Destination, ...]
    openings: tuple[Opening, ...]
    users: NatUsers
    who: str
    gateways: str
    them: str
    missed: tuple[str, ...]
    instead: str

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        return tuple(opening.unknown for opening in self.openings)

    @property
    def serves(self) -> str:
        return f"The way to the internet through {self.gateways} serves {named([d.host for d in self.destinations])}."

    @property
    def undecided(self) -> str:
        what = named([f"{opening.says} ({opening.unknown.expression})" for opening in self.openings])
        return f"The {self.who}'s way to the internet leads through {self.gateways}. What for may be decided outside this root: {what}."

    @property
    def unexplained(self) -> str:
        return f"The {self.who}'s way to the internet leads through {self.gateways}, and nothing says what for. {self._carries}"

    @property
    def _carries(self) -> str:
        if self.users.others:
            return f"Others need {self.them} as well: {named([other.address for other in self.users.others])}."
        if self.users.unknown:
            return f"Who else needs {self.them} cannot be seen: {named([part.expression for part in self.users.unknown])}."
        attached = self.users.attached  # may be thousands, the same for each of them
        what = "Functions" if not self.users.providers else "Functions and their capacity providers"
        return f"{what} alone use {self.them}: {named([subject.address for subject in attached[:_SHOWN]], len(attached))}."


def nat_account(subject: Attached, egress: Egress, estate: Estate) -> NatAccount:
    """The account of the NAT gateways on the way of a function or capacity provider; asked only where there is one."""
    apis = apis_through_nat(subject, egress, estate)
    users = users_of(egress.nats, estate)
    return NatAccount(
        destinations=destinations(subject, estate),
        openings=opened_by(subject, estate),
        users=users,
        who=noun(subject),
        gateways=_gateways(egress.nats),
        them="it" if len(egress.nats) == 1 else "them",
        missed=(_environment(subject, estate), _role(subject, apis, estate), _REASONS),
        instead=_instead(subject, egress, apis, users, estate),
    )


def named(names: Sequence[str], total: int = 0) -> str:
    """`a`, `a and b`, `a, b, c and 4 more`. `total` is how many there are where `names` holds only the first of them."""
    shown = list(dict.fromkeys(names))
    count = total or len(shown)
    if count > _SHOWN:
        shown = [*shown[: _SHOWN - 1], f"{count - _SHOWN + 1} more"]
    return joined(shown)


def _gateways(nats: Sequence[NatGateway]) -> str:
    return f"the NAT gateway{'s' if len(nats) > 1 else ''} {named([nat.address for nat in nats])}"


_REASONS = "recorded reasons: none in date under serverful:fixed-ip, and none of category fixed-ip or private-service under serverful:vpc"


def _environment(subject: Attached, estate: Estate) -> str:
    functions = functions_on(subject, estate)
    names = [variable.name for function in functions for variable in function.environment.variables]
    whose = "environment" if functions == (subject,) else f"environment of {named([function.address for function in functions])}"
    if not names:
        return f"{whose}: no variables, so no host on the internet is named there"
    return f"{whose}: no host on the internet outside AWS in {named(names)}"


def _role(subject: Attached, apis: Sequence[AwsApi], estate: Estate) -> str:
    roles = dict.fromkeys(role.address for f in functions_on(subject, estate) if (role := role_of(f, estate)))
    if not roles:
        return "role: not in this root"
    whose, their = (f"role {next(iter(roles))}", "its") if len(roles) == 1 else (f"roles {named(list(roles))}", "their")
    if not apis:
        return f"{whose}: {their} actions name no AWS API for which the NAT gateway is seen to stand in"
    names = named([api.name for api in apis])
    return f"{whose}: {names} without an endpoint on this way; an AWS API is no reason for a NAT gateway"


@once_per_estate
def _rightful(estate: Estate, nats: tuple[str, ...]) -> tuple[str, ...]:
    """Who on these gateways names a host on the internet, or may: for them the gateway stays."""
    return tuple(
        subject.address for subject in users_at(estate, nats).attached if destinations(subject, estate) or opened_by(subject, estate)
    )


def _maker(table: RouteTable, estate: Estate) -> ModuleCall | None:
    """The call that makes a table of which only the outline is here: nobody can write the table's own address."""
    call = estate.thing(table.place.address)
    return call if isinstance(call, ModuleCall) and table.address != call.address else None


def _has_intra(call: ModuleCall) -> bool:
    return registry_name(call.source) == "terraform-aws-modules/vpc/aws"


def _output(table: RouteTable, call: ModuleCall) -> str:
    """`module.net.aws_route_table.private[0]` is one of `module.net.private_route_table_ids`, as every module with an outline calls it."""
    name = table.address.removeprefix(f"{call.address}.aws_route_table.").partition("[")[0]
    return f"{call.address}.{name}_route_table_ids"


def table_ids(tables: Sequence[RouteTable], estate: Estate) -> str:
    """The tables as they are written in Terraform: by address, or by the output of the module that makes them."""
    own = [f"{table.address}.id" for table in tables if _maker(table, estate) is None]
    made = dict.fromkeys(_output(table, call) for table in tables if (call := _maker(table, estate)) is not None)
    lists = [f"[{', '.join(own)}]"] if own else []
    return f"concat({', '.join([*lists, *made])})" if len(lists) + len(made) > 1 else "".join([*lists, *made])


def _instead(subject: Attached, egress: Egress, apis: Sequence[AwsApi], users: NatUsers, estate: Estate) -> str:
    """What to write in Terraform: leave, or stay without a way to the internet, or split."""
    rightful = _rightful(estate, tuple(nat.address for nat in egress.nats))
    tables = {way.table.address: way.table for way, _ in egress.through_nat if way.table}
    gateway = [api.name for api in apis if api.has_gateway_endpoint]
    interface = [api.name for api in apis if not api.has_gateway_endpoint]
    ids = table_ids(list(tables.values()), estate)
    reached = [f"{named(gateway)} by aws_vpc_endpoint (Gateway, route_table_ids = {ids})"] if gateway and tables else []
    reached += [f"{named(interface)} by aws_vpc_endpoint (Interface, private_dns_enabled = true)"] if interface else []
    endpoints = f", and reach {' and '.join(reached)}" if reached else ""
    default = "remove the default route and the NAT gateway"
    modules = dict.fromkeys(call.address for table in tables.values() if (call := _maker(table, estate)) is not None and _has_intra(call))
    if modules:
        default = f"attach the {noun(subject)} to intra_subnets of {named(list(modules))}, which have no default route"
    elif rightful or not users.is_functions_only:
        default = f"attach the {noun(subject)} to subnets whose aws_route_table has no default route"
    if rightful:
        default += f" (the gateway stays for {named(rightful[:_SHOWN], len(rightful))})"
    if isinstance(subject, CapacityProvider):
        return (
            f"A capacity provider cannot leave the VPC; {default}{endpoints}. Its instances send the functions' logs through the same "
            "network: CloudWatch Logs by aws_vpc_endpoint (Interface, service logs). "
            "If a host on the internet is called, let a function without capacity_provider_config do that, with an aws_sqs_queue between."
        )
    leave = "If nothing private is reached, remove vpc_config: outside the VPC the function reaches AWS APIs and the internet by itself. "
    stay = f"If something private is, {default}{endpoints}. "
    if needs_its_vpc(subject, estate):
        leave, stay = "", f"Keep the VPC for what is private in it: {default}{endpoints}. "
    return (
        f"{leave}{stay}"
        "If a host on the internet is called as well, let a second function without vpc_config do that, with an aws_sqs_queue between them."
    )

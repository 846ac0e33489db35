"""The account of a fixed address in words: what is, how we know, what was looked at, what would be better."""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.addresses import PinnedWay
from serverful.estate.attached import functions_on
from serverful.estate.estate import Estate
from serverful.estate.model import Attached, CapacityProvider, NatGateway, Store, Thing
from serverful.estate.nat import users_of
from serverful.estate.value import Unknown
from serverful.evidence.address_account import AddressAccount
from serverful.evidence.closure import opened_by
from serverful.evidence.egress import egress_of
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.nat_account import named
from serverful.wording import counted

_IDENTITY = "check who calls, not where from: mutual TLS, OAuth or JWT, SigV4, or PrivateLink (aws_vpc_endpoint) where both are on AWS."
_ASK = f"Ask the other side to {_IDENTITY}"
_REASONS = "none in date under serverful:fixed-ip, and none of category fixed-ip or private-service under serverful:vpc"
_LEAVE = "without vpc_config, or in subnets whose aws_route_table has no default route"
_ENOUGH = 8  # pieces of evidence of one sort
_ASKED = 4  # functions of which is told what each of them leaves open


# --- what is ----------------------------------------------------------------------------------------------------------------------


def explained(account: AddressAccount) -> str:
    """Everybody who leaves from it says why."""
    hosts = named([destination.host for _, destination in account.served])
    calls = f" to call {hosts}" if account.served else ""
    said = f"; a reason is recorded at {_addresses([user for user, _ in account.recorded])}" if account.recorded else ""
    way = account.way
    return f"{_what(way)} {_is(way)} kept for {_addresses(way.users)}{calls}{said}.{_faults(account)}"


def undecided_because(account: AddressAccount) -> str:
    """Whether functions leave from it is decided elsewhere."""
    way = account.way
    if way.doubts:
        says = f"Whether functions leave from a fixed address here is decided outside this root: {_names(way.doubts)}."
    elif way.perhaps:
        says = f"{_what(way)} may be what functions leave from; it is decided outside this root: {_names(way.perhaps)}."
    else:
        whom = f", and the way out of {_addresses(account.in_hands)}," if account.in_hands else ", said here to be for functions,"
        hold = "are" if account.in_hands else _is(way)
        says = f"{_what(way)}{whom} {hold} in the hands of {_names(way.handed)}, which is not read."
    return says + _faults(account)


def unexplained(account: AddressAccount) -> str:
    """Nobody says why it is kept, or not everybody who leaves from it."""
    way = account.way
    asks = f"and nothing says who asks for {_it(way)}, and until when"
    if way.lookup:
        whose = f" for {_addresses(way.users)}" if way.users else ""
        says = (
            f"{_what(way)} {_is(way)} put on a network interface that Lambda made{whose}. Lambda takes idle interfaces back and makes "
            f"others, and the address does not go with them. Nothing says who asks for {_it(way)}, and until when."
        )
    elif not way.users:
        says = f"{_what(way)} {_is(way)} kept for functions, none of which stands in this root, {asks}."
    else:
        leave = "leaves" if len(account.unexplained) == 1 else "leave"
        fixed = "the fixed address" if _count(way) == 1 else "fixed addresses"
        says = f"{_what(way)} {_is(way)} kept as {fixed} from which {_addresses(account.unexplained)} {leave} for the internet, {asks}."
        says += _shared(account)
    return says + _faults(account)


def _shared(account: AddressAccount) -> str:
    users = account.way.users
    if len(users) == 1:
        return ""
    accounted = [user for user, _ in (*account.served, *account.recorded)]
    only = f"; only {_addresses(accounted)} {'says' if len(accounted) == 1 else 'say'} why" if accounted else ""
    providers = sum(isinstance(user, CapacityProvider) for user in users)
    functions = [counted(len(users) - providers, "function")] if len(users) > providers else []
    total = " and ".join([*functions, *([counted(providers, "capacity provider")] if providers else [])])
    return f" {total} share {_it(account.way)}{only}."


def _faults(account: AddressAccount) -> str:
    return "".join(
        f" The recorded reason serverful:{fault.key} at {thing.address} is {fault.problem.value}: {fault.says}."
        for thing, fault in account.faulty
    )


# --- how we know ------------------------------------------------------------------------------------------------------------------


def path(account: AddressAccount, estate: Estate) -> tuple[Evidence, ...]:
    """How the first of its users gets there, what holds it, and what is said of it."""
    way = account.way
    steps = list(_route((account.unexplained or way.users)[:1], way, estate))
    seen = {step.place for step in steps}
    if way.lookup is not None:
        steps.append(Evidence("looks for network interfaces that Lambda makes", way.lookup.place))
    for gateway in way.gateways:
        if isinstance(gateway, Store):
            steps.append(Evidence("passes on what is not addressed to it, as a NAT instance does", gateway.place))
        elif gateway.place not in seen:
            steps.append(Evidence("NAT gateway", gateway.place))
    for address in way.addresses:
        if address.place not in seen:
            steps.append(Evidence("Elastic IP", address.place))
        if address.pool is not None:
            steps.append(Evidence(f"taken from a range of the owner's own: {address.pool.expression}", address.pool.place))
    steps += [Evidence(f"takes an Elastic IP from {_names(way.taken)}", joined.place) for joined in way.associations]
    own = {thing.place for thing in way.things}
    said = [one for one in account.published if one.is_for_others and one.evidence.place not in own] if way.users else account.said
    steps += list({one.evidence.says: one.evidence for one in reversed(said)}.values())[::-1][:_ENOUGH]  # many may say the same
    return tuple(dict.fromkeys(steps))


def explained_by(account: AddressAccount, estate: Estate) -> tuple[Evidence, ...]:
    """The hosts and recorded reasons, then the path."""
    hosts = [destination.evidence for _, destination in account.served[:_ENOUGH]]
    reasons = [reason for _, reason in account.recorded[:_ENOUGH]]
    recorded = [Evidence(f"{reason.source} serverful:{reason.key} = {reason}", reason.place, grade=Grade.E5) for reason in reasons]
    return (*hosts, *recorded, *path(account, estate))


def _route(users: Sequence[Attached], way: PinnedWay, estate: Estate) -> tuple[Evidence, ...]:
    egress = egress_of(users[0], estate) if users else None
    return egress.path_through({gateway.address for gateway in way.gateways}) if egress else ()


def missed(account: AddressAccount, estate: Estate) -> tuple[str, ...]:
    """What was looked at, and says nothing."""
    lines = [f"recorded reasons at {_addresses((*account.way.things, *account.unexplained))}: {_REASONS}"]
    if account.unexplained and not account.way.lookup:
        functions = [function for user in account.unexplained for function in functions_on(user, estate)]
        lines.append(f"environment of {_addresses(functions)}: no host on the internet outside AWS that can be seen in this root")
        openings = [opening for user in account.unexplained[:_ASKED] for opening in opened_by(user, estate)]
        if openings:
            what = named([f"{opening.says} ({opening.unknown.expression})" for opening in openings])
            lines.append(f"decided outside this root, where nobody who looks at the address sees it: {what}")
    if not any(one.is_for_others for one in account.published):
        lines.append("names, tags and outputs of this root: none says that somebody admits the address")
    return tuple(lines)


# --- what would be better ---------------------------------------------------------------------------------------------------------


def instead(account: AddressAccount, estate: Estate) -> str:
    """What to write in Terraform."""
    way, users = account.way, account.way.users
    if way.lookup:
        return (
            f"Take the address off the interface. {_ASK} If only an address will do, give it to an aws_nat_gateway, and let one small "
            "function behind an aws_sqs_queue make these calls from private subnets with a default route to it."
        )
    if account.served or account.recorded:
        it = "it" if len(account.unexplained) == 1 else "them"
        return f"Take {_addresses(account.unexplained)} off {_it(way)}: let {it} run {_LEAVE}. {_ASK}"
    nats = [gateway for gateway in way.gateways if isinstance(gateway, NatGateway)]
    # Most addresses are there because a NAT gateway wants one (SLS_IP_1 asks for that), and nobody has ever asked for them.
    nobody = f"If nobody asks for {_it(way)}{' any more' if account.faulty else ''}, let the functions run {_LEAVE}"
    if users and len(nats) == len(way.gateways) and users_of(nats, estate).is_functions_only:
        gone = _addresses((*way.addresses, *way.associations, *nats))
        nobody = f"If nobody asks for {_it(way)}{' any more' if account.faulty else ''}, remove {gone} and the default route"
    only = "If only an address will do, keep that radius small: one small function behind an aws_sqs_queue makes these calls from it"
    others = f", and all others run {_LEAVE}" if len(users) > 1 else " and does nothing else"
    return f"{nobody}. If somebody does, ask them to {_IDENTITY} {only}{others}."


# --- words ------------------------------------------------------------------------------------------------------------------------


def _what(way: PinnedWay) -> str:
    """The address or addresses, as the beginning of a sentence."""
    if way.addresses:
        more = f" and what comes from {_names(way.taken)}" if way.taken else ""
        return f"The Elastic IP{'s' if len(way.addresses) > 1 else ''} {_addresses(way.addresses)}{more}"
    takers = [thing for thing in way.things if not isinstance(thing, Store)]
    take = "takes" if len(takers) == 1 else "take"
    return f"The Elastic IP{'s' if len(way.taken) > 1 else ''} that {_addresses(takers)} {take} from {_names(way.taken)}"


def _count(way: PinnedWay) -> int:
    return len(way.addresses) + len(way.taken)


def _is(way: PinnedWay) -> str:
    return "is" if _count(way) == 1 else "are"


def _it(way: PinnedWay) -> str:
    return "it" if _count(way) == 1 else "them"


def _addresses(things: Sequence[Thing]) -> str:
    return named([thing.address for thing in things])


def _names(parts: Sequence[Unknown]) -> str:
    return named([part.expression for part in parts])

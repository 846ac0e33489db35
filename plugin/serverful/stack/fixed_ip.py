"""Why a function leaves from a fixed address, if it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from serverful.estate.addresses import PinnedWay, pinned_ways
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, Function, Thing
from serverful.estate.value import Known, Unknown
from serverful.evidence.address_account import AddressAccount, address_account
from serverful.evidence.closure import opened_by
from serverful.evidence.egress import Egress, egress_of
from serverful.evidence.reasons import RecordedReason
from serverful.stack.answers import Answer, Answers, answer_of, cell_of, has_failed
from serverful.stack.cell import Cell, Layer, Standing
from serverful.stack.features import provider_of
from serverful.verdict import Outcome
from serverful.wording import joined, shortened

_WAY, _ADDRESS, _DETOUR = "SLS_IP_1", "SLS_IP_2", "SLS_IP_4"
_SHOWN = 3


def cell_of_fixed_ip(function: Function, answers: Answers, estate: Estate) -> Cell:
    """The cell of fixed addresses: whose address is it from which the function calls the internet?"""
    attachment, provider = function.attachment, provider_of(function, estate)
    subject: Attached = provider if provider is not None else function
    egress = egress_of(subject, estate)
    if egress is not None:
        found = tuple(_on_its_way(subject, egress, answers, estate))
        ways = _ways_by_user(estate).get(subject.address, ())
        asked: list[Thing] = [way.table for way in egress.ways if way.table is not None] if found else []
        beside = answers.questions((*asked, *(way.carrier for way in ways)), (_ADDRESS, _DETOUR))
        without = "No NAT gateway and no Elastic IP is on its way out." if egress.ways else "It stands in no subnet."
        return cell_of(Layer.FIXED_IP, found, without, beside)
    elsewhere = [part for part in (attachment, subject.attachment, function.capacity_provider) if isinstance(part, Unknown)]
    if not elsewhere and isinstance(function.capacity_provider, Known) and function.capacity_provider.value and provider is None:
        link = function.capacity_provider.value
        elsewhere = [Unknown(link.expression, link.place)]
    return cell_of(Layer.FIXED_IP, (_open(elsewhere),) if elsewhere else (), "It is in no VPC, so it has no address of its own.")


def _open(unknown: list[Unknown]) -> Answer:
    names = shortened(list(dict.fromkeys(part.expression for part in unknown)), _SHOWN)
    return Answer(Standing.UNDECIDED, f"Whether it leaves from a fixed address is decided outside this root: {names}.")


def _on_its_way(subject: Attached, egress: Egress, answers: Answers, estate: Estate) -> Iterator[Answer]:
    """The answers about the gateways and addresses on a way out; none where there are certainly none."""
    ways, lookups = _ways_by_user(estate).get(subject.address, ()), _anybodys(estate)
    at_way = answers.of(_WAY, subject)
    at_addresses = [answer for way in ways if (answer := _at_address(way, subject, answers, estate)) is not None]
    if at_way is not None:
        yield answer_of(at_way)
        at_addresses = [answer for answer in at_addresses if answer.standing in (Standing.UNEXPLAINED, Standing.JUSTIFIED)]
    if at_addresses or at_way is not None:
        yield from at_addresses
    elif egress.nats or ways:
        yield answers.silence(f"leaves through {_named(egress, ways)}", (_WAY, _ADDRESS))
    elif egress.nat_unknown:
        yield _open(list(egress.nat_unknown))
    elif lookups:
        yield _open([Unknown(f"whose interface {way.lookup.address} finds", way.lookup.place) for way in lookups if way.lookup])


def _named(egress: Egress, ways: tuple[PinnedWay, ...]) -> str:
    names = dict.fromkeys((*(nat.address for nat in egress.nats), *(way.carrier.address for way in ways if not egress.nats)))
    return joined([shortened(list(names), _SHOWN)])


def _at_address(way: PinnedWay, subject: Attached, answers: Answers, estate: Estate) -> Answer | None:
    """What SLS_IP_2 has found, as far as it speaks of this function: it asks the address, for all that leave from it."""
    finding = answers.of(_ADDRESS, way.carrier)
    if finding is None or finding.verdict.outcome not in (Outcome.FAILED, Outcome.JUSTIFIED):
        return answer_of(finding) if finding is not None else None
    served, recorded = _by_user(estate, way.carrier.address)
    if subject.address in served:
        return Answer(Standing.EVIDENCE, f"The address serves {served[subject.address]}.", (_ADDRESS,))
    if subject.address in recorded:
        reason = recorded[subject.address]
        return Answer(Standing.JUSTIFIED, f"{reason}", (_ADDRESS,), reason)
    if way.lookup is not None or not has_failed(finding):
        return answer_of(finding)
    opened = _open_to(subject, answers, estate)
    if opened is not None:
        return Answer(Standing.UNDECIDED, opened)
    says = f"It leaves from the fixed address of {way.carrier.address}, and nothing says who asks for that."
    return replace(answer_of(finding), says=says)


def _open_to(subject: Attached, answers: Answers, estate: Estate) -> str | None:
    """What may explain the address for this one and lies elsewhere: the address does not wait for that, since others leave from it too."""
    at_way = answers.of(_WAY, subject)
    if at_way is not None:
        return at_way.verdict.says if at_way.verdict.outcome is Outcome.UNDECIDED else None
    openings = opened_by(subject, estate)
    names = shortened([opening.unknown.expression for opening in openings], _SHOWN)
    return f"What its fixed address is for may be decided outside this root: {names}." if openings else None


@once_per_estate
def _accounts(estate: Estate) -> dict[str, AddressAccount]:
    return {way.carrier.address: address_account(way, estate) for way in pinned_ways(estate)}


@once_per_estate
def _by_user(estate: Estate, carrier: str) -> tuple[dict[str, str], dict[str, RecordedReason]]:
    """Of those that leave from an address the hosts that they call, and the reasons that are recorded at them."""
    account = _accounts(estate)[carrier]
    served = {user.address: destination.host for user, destination in account.served}
    return served, {user.address: reason for user, reason in account.recorded}


@once_per_estate
def _ways_by_user(estate: Estate) -> dict[str, tuple[PinnedWay, ...]]:
    found: dict[str, list[PinnedWay]] = {}
    for way in pinned_ways(estate):
        for user in way.users:
            found.setdefault(user.address, []).append(way)
    return {address: tuple(ways) for address, ways in found.items()}


@once_per_estate
def _anybodys(estate: Estate) -> tuple[PinnedWay, ...]:
    """The addresses on an interface of Lambda's of which nothing tells whose it is."""
    return tuple(way for way in pinned_ways(estate) if way.lookup is not None and not way.users)

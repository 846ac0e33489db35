"""Reasons that the settings state by address: what they match, and which of them explain nothing.

Decisions:
- A glob is written once and matches many. One that has ended is held against those of its functions only that have what it explains.
- It is idle when no function that it matches, in any root, has what it explains; then it is told once, on the first of these functions.
- Where a part only was read, one for many roots may be needed in the rest, and is not called idle; nor is one whose roots have files that
  could not be read, or were not evaluated.
- Whatever else than a function it matches keeps it from being idle where the key may speak of that: a gateway's fixed address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from serverful.estate.estate import Estate
from serverful.estate.features import lacks
from serverful.estate.globs import Names, is_glob, is_match
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Address, CapacityProvider, Function, NatGateway, Poller, Provisioned, RuntimeUpdates, Thing
from serverful.estate.settings import StatedReason
from serverful.evidence.categories import FEATURES, features_of
from serverful.natural import natural

_NO_FUNCTIONS: Mapping[str, tuple[type[Thing], ...]] = {
    "vpc": (CapacityProvider,),
    "fixed-ip": (Address, NatGateway, CapacityProvider),
    "provisioned-concurrency": (Provisioned,),
    "capacity-provider": (CapacityProvider,),
    "poller": (Poller,),
    "runtime": (RuntimeUpdates,),
}


def stated_for(thing: Thing, estate: Estate) -> tuple[StatedReason, ...]:
    """The reasons whose globs match a thing, in the order in which they stand."""
    return _by_address(estate).get(thing.address, ())


def concerns(reason: StatedReason, thing: Thing, estate: Estate) -> bool:
    """Whether a thing may have what the reason explains."""
    if isinstance(thing, Function):
        features = features_of(reason.key)
        return not features or any(not lacks(thing, feature, estate) for feature in features)
    return reason.key not in FEATURES or isinstance(thing, _NO_FUNCTIONS.get(reason.key, ()))


def idle_at(thing: Thing, estate: Estate) -> tuple[StatedReason, ...]:
    """The idle reasons that are told on this thing."""
    here = estate.root, thing.address
    return tuple(reason for reason in stated_for(thing, estate) if reason.idle_at == here)


def acquainted(estates: Sequence[Estate]) -> list[Estate]:
    """The estates of one run, which share their settings, each told which of the stated reasons are idle in all of them.

    Whoever asks again about the same estates gets the same ones back, with all that has been worked out since.
    """
    stated = estates[0].settings.reasons if estates else ()
    if not stated:
        return list(estates)
    known = cast("_Acquainted | None", estates[0]._cache.get(_Acquainted))
    if known is None or len(known.met) != len(estates) or any(one is not other for one, other in zip(known.met, estates, strict=True)):
        known = estates[0]._cache[_Acquainted] = _Acquainted(tuple(estates), _told(stated, estates))
    return list(known.told)


@dataclass(frozen=True, slots=True)
class _Acquainted:
    """Estates as they were read, and as they know of each other."""

    met: tuple[Estate, ...]
    told: tuple[Estate, ...]


def _told(stated: Sequence[StatedReason], estates: Sequence[Estate]) -> tuple[Estate, ...]:
    reasons = tuple(replace(reason, idle_at=_idle(number, reason, estates)) for number, reason in enumerate(stated))
    settings = replace(estates[0].settings, reasons=reasons)
    return tuple(replace(estate, settings=settings) for estate in estates)


def matching_nothing(estates: Sequence[Estate]) -> list[StatedReason]:
    """The stated reasons that match no thing of any estate."""
    stated = estates[0].settings.reasons if estates else ()
    return [reason for number, reason in enumerate(stated) if not any(_matches(estate)[number] for estate in estates)]


def _idle(number: int, reason: StatedReason, estates: Sequence[Estate]) -> tuple[str, str] | None:
    """Where a reason is told as idle: root and address of the first function that it matches; None where something needs it."""
    first = None
    if estates[0].settings.is_partial and is_glob(reason.root):
        return None
    for estate in estates:
        if is_match(reason.root, estate.root) and (estate.unreadable or not estate.evaluated):
            return None
        for address in _matches(estate)[number]:
            thing = estate.things[address]
            if concerns(reason, thing, estate):
                return None
            if first is None and isinstance(thing, Function):
                first = estate.root, address
    return first


@once_per_estate
def _matches(estate: Estate) -> tuple[tuple[str, ...], ...]:
    """For each stated reason the addresses that it matches, in natural order."""
    names = Names(estate.things)
    here = (reason.address if is_match(reason.root, estate.root) else None for reason in estate.settings.reasons)
    return tuple(tuple(sorted(names.matching(glob), key=natural)) if glob is not None else () for glob in here)


@once_per_estate
def _by_address(estate: Estate) -> Mapping[str, tuple[StatedReason, ...]]:
    found: dict[str, list[StatedReason]] = {}
    for reason, addresses in zip(estate.settings.reasons, _matches(estate), strict=True) if estate.settings.reasons else ():
        for address in addresses:
            found.setdefault(address, []).append(reason)
    return {address: tuple(reasons) for address, reasons in found.items()}

"""Capacity that is kept ready for a function: whose it is, on which alias or version it stands, and what changes how much there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Callee, Function, Means, Poller, Provisioned, Qualified, RuntimeUpdates, Scaling
from serverful.estate.qualifiers import key_of
from serverful.estate.value import Unknown

# The fewest pollers that provisioned mode can have, by what is read (Lambda service model in botocore 1.43.67, 2026-08-07,
# "ProvisionedPollerConfig"). Who leaves it at that has set a maximum, no more. Of what cannot be told, the larger number counts.
_FEWEST_POLLERS = {"MSK": 1, "self-managed Kafka": 1}
_FEWEST_OF_ANY = 2

T = TypeVar("T", Provisioned, Poller, Scaling, RuntimeUpdates)
Kind = type[Provisioned] | type[Poller] | type[Scaling] | type[RuntimeUpdates]
Owned = Provisioned | Poller | Scaling | RuntimeUpdates


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is kept ready on one alias or version of a function.

    `provisioned` are the blocks that keep it ready, at least one; `scaling` those that change it besides.
    """

    callee: Callee
    provisioned: tuple[Provisioned, ...]
    scaling: tuple[Scaling, ...] = ()


def capacities_of(function: Function, estate: Estate) -> tuple[Capacity, ...]:
    """A function's provisioned concurrency, one for each alias or version that has some, in order of addresses.

    Blocks of which it is not known whether they exist are among them (`perhaps` tells). What is on a qualifier that is decided elsewhere is
    one capacity of its own.
    """
    kept: dict[tuple[Qualified, str], list[Provisioned]] = {}
    moved: dict[tuple[Qualified, str], list[Scaling]] = {}
    for provisioned in belonging(function, Provisioned, estate):
        kept.setdefault(key_of(provisioned.callee, estate), []).append(provisioned)
    for scaling in belonging(function, Scaling, estate):
        moved.setdefault(key_of(scaling.callee, estate), []).append(scaling)
    return tuple(Capacity(things[0].callee, tuple(things), tuple(moved.get(key, ()))) for key, things in kept.items())


def perhaps(provisioned: Provisioned, function: Function) -> Unknown | None:
    """What decides elsewhere whether something is kept ready by this block, when the function exists; None where it certainly is."""
    why = doubt(provisioned.exists, function.exists) or provisioned.callee.unknown
    # The provider refuses a configuration of none (validator of `provisioned_concurrent_executions`, terraform-provider-aws 5.32 and 6.55).
    if why is None and provisioned.means is not Means.CONFIG and isinstance(provisioned.executions, Unknown):
        return provisioned.executions
    return why


def undecided_in(capacities: Sequence[Capacity], function: Function) -> tuple[Unknown, ...]:
    """What decides elsewhere whether a function has any of these capacities; nothing where it certainly has one."""
    found = [perhaps(thing, function) for capacity in capacities for thing in capacity.provisioned]
    return () if None in found else tuple(dict.fromkeys(why for why in found if why is not None))


def belonging(function: Function, kind: type[T], estate: Estate) -> tuple[T, ...]:
    """What of a kind is the function's own, also where it is not known whether it exists."""
    return tuple(thing for thing in _owned(estate, kind).get(function.address, ()) if isinstance(thing, kind))


def certain(function: Function, kind: type[T], estate: Estate) -> tuple[T, ...]:
    """What of a kind is the function's own and certainly exists where the function does."""
    return tuple(thing for thing in belonging(function, kind, estate) if doubt(thing.exists, function.exists) is None)


def fewest_pollers(poller: Poller, estate: Estate) -> int:
    """How many pollers its event source needs at least in provisioned mode."""
    return _FEWEST_POLLERS.get(_services(estate).get(poller.address, ""), _FEWEST_OF_ANY)


@once_per_estate
def _services(estate: Estate) -> dict[str, str]:
    """What each calling block reads or is."""
    return {call.by: call.service for call in estate.invocations}


def nobodys(estate: Estate, kind: type[T]) -> tuple[T, ...]:
    """What of a kind may be any function's: whose it is, is decided elsewhere, or it leads outside this root."""
    return cast(tuple[T, ...], _nobodys(estate, kind))


@once_per_estate
def _nobodys(estate: Estate, kind: Kind) -> tuple[Owned, ...]:
    things: tuple[Owned, ...] = estate.all(kind)
    return tuple(thing for thing in things if estate.find(thing.function, Function) is None)


@once_per_estate
def _owned(estate: Estate, kind: Kind) -> dict[str, list[Owned]]:
    by_function: dict[str, list[Owned]] = {}
    things: tuple[Owned, ...] = estate.all(kind)
    for thing in things:
        function = estate.find(thing.function, Function)
        if function:
            by_function.setdefault(function.address, []).append(thing)
    return by_function

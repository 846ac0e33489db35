"""How much is kept ready, and whether that follows demand: the account behind SLS_PC_4.

A few (`provisioned_small`) are left alone, by whatever they are scaled, and do not count among the functions of a module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from serverful.estate.capacity import Capacity, capacities_of, undecided_in
from serverful.estate.crowd import crowd_of
from serverful.estate.estate import Estate
from serverful.estate.model import Function
from serverful.estate.qualifiers import standing
from serverful.estate.value import Known, Unknown, Value
from serverful.evidence.evidence import Evidence
from serverful.evidence.movers import flat_for, is_there, may_move, moved_by
from serverful.evidence.warmth_advice import FEWER, scaled_instead
from serverful.evidence.warmth_words import MANY, kept, listed
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import counted


@dataclass(frozen=True, slots=True)
class Sizing:
    """One capacity, measured.

    `faults` are sentences about it, `path` cites the blocks that they speak of besides. `moved` cites what lets it follow demand, `unknown`
    names what decides elsewhere how much there is or what moves it. `is_flat` says that nothing moves it.
    """

    faults: tuple[str, ...] = ()
    path: tuple[Evidence, ...] = ()
    moved: tuple[Evidence, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    is_flat: bool = False


def sizing_of(capacity: Capacity, function: Function, estate: Estate) -> Sizing:
    """How much a capacity keeps ready, against the settings' thresholds, and what moves it."""
    things = [thing for thing in capacity.provisioned if is_there(thing, function)] or list(capacity.provisioned)
    sizes, maxima = [thing.executions for thing in things], [thing.maximum for thing in things]
    least = max((size.value for size in sizes if isinstance(size, Known)), default=0)
    open_sizes = tuple(size for size in sizes if isinstance(size, Unknown))
    too_many, unknown = _against_ceiling(capacity, [*sizes, *maxima], estate)
    if not open_sizes and least <= estate.settings.thresholds.provisioned_small:
        return Sizing(too_many, unknown=unknown)
    faults = (*too_many, *_against_radius(function, estate))
    moved = moved_by(capacity, function, estate)
    if moved:
        return Sizing(faults, moved=moved, unknown=unknown)
    hidden = (*open_sizes, *may_move(capacity, function, estate))
    if hidden:
        return Sizing(faults, unknown=tuple(dict.fromkeys((*unknown, *hidden))))
    why, path = flat_for(capacity, function)
    are = counted(least, "execution is", "executions are")
    own = {thing.place for thing in capacity.provisioned}
    beside = tuple(evidence for evidence in path if evidence.place not in own)
    return Sizing((f"{are} kept ready on {standing(capacity.callee)} at all hours: {why}.", *faults), beside, is_flat=True)


def _against_ceiling(
    capacity: Capacity, sizes: Sequence[Value[int] | Value[int | None]], estate: Estate
) -> tuple[tuple[str, ...], tuple[Unknown, ...]]:
    """The fault of being above the settings' ceiling, and what decides elsewhere whether it is."""
    ceiling = estate.settings.thresholds.provisioned_ceiling
    if ceiling is None:
        return (), ()
    most = max((size.value for size in sizes if isinstance(size, Known) and size.value is not None), default=0)
    if most <= ceiling:
        return (), tuple(size for size in sizes if isinstance(size, Unknown))
    return (
        f"Up to {counted(most, 'execution')} are kept ready on {standing(capacity.callee)}, more than {ceiling} (provisioned_ceiling).",
    ), ()


def _against_radius(function: Function, estate: Estate) -> tuple[str, ...]:
    """The fault of being one of many in a module. It is one fault, and told once: of the first of them."""
    crowd, allowed = crowd_of(function, estate), estate.settings.thresholds.provisioned_functions
    if len(crowd) <= allowed or function.address != next(iter(crowd)):
        return ()
    some = listed(crowd if len(crowd) <= MANY else [*islice(crowd, MANY - 1), f"{len(crowd) - MANY + 1} more"])
    return (f"{len(crowd)} functions of this module have provisioned concurrency, more than {allowed} (provisioned_functions): {some}.",)


# --- the verdict ------------------------------------------------------------------------------------------------------------------


def why_so_many(function: Function, estate: Estate) -> Verdict:
    """Not ours without provisioned concurrency; failed (contradicted) where a capacity is flat, above the ceiling, or one of too many."""
    capacities = capacities_of(function, estate)
    if not capacities:
        return not_ours("the function has no provisioned concurrency")
    sizings = [sizing_of(capacity, function, estate) for capacity in capacities]
    ready = tuple(evidence for capacity in capacities for evidence in kept(capacity))
    missing = undecided_in(capacities, function)
    faults = tuple(dict.fromkeys(fault for sizing in sizings for fault in sizing.faults))
    unknown = tuple(dict.fromkeys((*(missing if faults else ()), *(why for sizing in sizings for why in sizing.unknown))))
    if faults and not missing:
        flat = [capacity for capacity, sizing in zip(capacities, sizings, strict=True) if sizing.is_flat]
        return failed(
            " ".join(faults),
            *ready,
            *(evidence for sizing in sizings for evidence in (*sizing.path, *sizing.moved)),
            kind=Kind.CONTRADICTED,
            instead=scaled_instead(flat, function, estate) if flat else FEWER,
        )
    if unknown:
        says = "How much is kept ready, or what scales it, is decided outside this root"
        return undecided(f"{says}: {listed(why.expression for why in unknown)}.", *unknown, path=ready, answerable=not missing)
    moved = tuple(evidence for sizing in sizings for evidence in sizing.moved)
    if moved:
        return passed("What is kept ready follows demand.", *moved, *ready)
    return passed("Only a few executions are kept ready.", *ready)

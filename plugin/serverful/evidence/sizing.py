"""How much is kept ready, and whether that follows demand: the account behind SLS_PC_4.

Decisions:
- It follows demand by a scaling policy, or by a timetable: two schedules with different bounds, or one that lowers it.
- A scaling target alone moves nothing; a policy between equal bounds does not either. A single schedule that raises it has no way down.
- Where Terraform ignores changes of the number, and this root shows nobody who makes them, somebody elsewhere may.
- A few (`provisioned_small`) are left alone, by whatever they are scaled, and do not count among the functions of a module.

Sources: Application Auto Scaling User Guide, "AWS Lambda and Application Auto Scaling"; AWS Lambda Developer Guide, "Managing provisioned
concurrency with Application Auto Scaling".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from serverful.estate.capacity import Capacity, belonging, capacities_of, nobodys, undecided_in
from serverful.estate.crowd import crowd_of
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Means, Provisioned, Scaling
from serverful.estate.qualifiers import alias_of, meets, named
from serverful.estate.unread_modules import may_scale
from serverful.estate.value import Known, Unknown, Value
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_advice import FEWER, scaled_instead
from serverful.evidence.warmth_words import MANY, kept, listed
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import counted

Mover = Provisioned | Scaling

_MOST = 20  # blocks of unknown functions that one verdict names


@dataclass(frozen=True, slots=True)
class Sizing:
    """One capacity, measured.

    `faults` are sentences about it, `path` cites the blocks that they speak of besides. `moved` cites what lets it follow demand, `unknown`
    names what decides elsewhere how much there is or what moves it. `is_small` says that only a few are kept ready, `is_flat` that nothing
    moves them.
    """

    faults: tuple[str, ...] = ()
    path: tuple[Evidence, ...] = ()
    moved: tuple[Evidence, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    is_small: bool = False
    is_flat: bool = False


def sizing_of(capacity: Capacity, function: Function, estate: Estate) -> Sizing:
    """How much a capacity keeps ready, against the settings' thresholds, and what moves it."""
    things = [thing for thing in capacity.provisioned if _is_there(thing, function)] or list(capacity.provisioned)
    sizes, maxima = [thing.executions for thing in things], [thing.maximum for thing in things]
    least = max((size.value for size in sizes if isinstance(size, Known)), default=0)
    open_sizes = tuple(size for size in sizes if isinstance(size, Unknown))
    too_many, unknown = _against_ceiling(capacity, [*sizes, *maxima], estate)
    if not open_sizes and least <= estate.settings.thresholds.provisioned_small:
        return Sizing(too_many, unknown=unknown, is_small=True)
    faults = (*too_many, *_against_radius(function, estate))
    moved = _moved(capacity, function, estate)
    if moved:
        return Sizing(faults, moved=moved, unknown=unknown)
    hidden = (*open_sizes, *_may_move(capacity, function, estate))
    if hidden:
        return Sizing(faults, unknown=tuple(dict.fromkeys((*unknown, *hidden))))
    why, path = _flat(capacity, function)
    are = counted(least, "execution is", "executions are")
    own = {thing.place for thing in capacity.provisioned}
    beside = tuple(evidence for evidence in path if evidence.place not in own)
    return Sizing((f"{are} kept ready on {named(capacity.callee)} at all hours: {why}.", *faults), beside, is_flat=True)


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
        f"Up to {counted(most, 'execution')} are kept ready on {named(capacity.callee)}, more than {ceiling} (provisioned_ceiling).",
    ), ()


def _against_radius(function: Function, estate: Estate) -> tuple[str, ...]:
    """The fault of being one of many in a module."""
    crowd, allowed = crowd_of(function, estate), estate.settings.thresholds.provisioned_functions
    if function.address not in crowd or len(crowd) <= allowed:
        return ()
    some = listed(crowd if len(crowd) <= MANY else [*islice(crowd, MANY - 1), f"{len(crowd) - MANY + 1} more"])
    return (f"{len(crowd)} functions of this module have provisioned concurrency, more than {allowed} (provisioned_functions): {some}.",)


# --- what moves it ----------------------------------------------------------------------------------------------------------------


def _movers(capacity: Capacity, function: Function) -> Iterator[Mover]:
    """What of the capacity certainly exists and can move it."""
    things: tuple[Mover, ...] = (*capacity.provisioned, *capacity.scaling)
    for thing in things:
        if thing.means is not Means.CONFIG and _is_there(thing, function):
            yield thing


def _is_there(thing: Mover, function: Function) -> bool:
    return doubt(thing.exists, function.exists) is None and thing.callee.unknown is None


def _moved(capacity: Capacity, function: Function, estate: Estate) -> tuple[Evidence, ...]:
    movers = [*_movers(capacity, function), *_beside(capacity, function, estate)]
    policies = [thing for thing in movers if thing.means is Means.POLICY]
    is_pinned = any(_is_pinned(thing) for thing in movers)
    if policies and not is_pinned:
        return tuple(Evidence(f"a scaling policy moves what is kept ready on {named(capacity.callee)}", thing.place) for thing in policies)
    schedules = [thing for thing in movers if thing.means is Means.SCHEDULE]
    if _is_timetable(schedules, capacity):
        return tuple(Evidence(f"a schedule moves what is kept ready on {named(capacity.callee)}", thing.place) for thing in schedules)
    return ()


def _is_timetable(schedules: Sequence[Mover], capacity: Capacity) -> bool:
    """Whether schedules lead up and down: they set different bounds, or one of them goes below what is kept ready without it."""
    bounds = {_shown(_minimum(thing)) + _shown(thing.maximum) for thing in schedules}
    if len(bounds) > 1:
        return True
    otherwise = [thing.executions for thing in capacity.provisioned if thing.means is not Means.SCHEDULE]
    without = [size.value for size in otherwise if isinstance(size, Known)]
    lows = [
        value.value
        for thing in schedules
        for value in (_minimum(thing), thing.maximum)
        if isinstance(value, Known) and value.value is not None
    ]
    return bool(without and lows) and min(lows) < max(without)


def _flat(capacity: Capacity, function: Function) -> tuple[str, tuple[Evidence, ...]]:
    """Why nothing moves it, and where that stands."""
    movers = list(_movers(capacity, function))
    targets = [thing for thing in movers if thing.means is Means.TARGET]
    schedules = [thing for thing in movers if thing.means is Means.SCHEDULE]
    if schedules:
        return "a schedule raises them, and none lowers them again", tuple(Evidence("a schedule", thing.place) for thing in schedules)
    standing = tuple(Evidence("a scaling target", thing.place) for thing in targets)
    pinned = [thing.address for thing in targets if _is_pinned(thing)]
    if pinned:
        return f"their scaling target ({listed(pinned)}) has the same minimum and maximum", standing
    if targets:
        return f"no policy and no schedule moves their scaling target ({listed(thing.address for thing in targets)})", standing
    return "no scaling target, policy or schedule moves them", ()


def _may_move(capacity: Capacity, function: Function, estate: Estate) -> tuple[Unknown, ...]:
    """What may move it and cannot be seen well enough: blocks that may exist or may be this capacity's, modules that are not here."""
    found: list[Unknown] = []
    everything: tuple[Mover, ...] = (*belonging(function, Provisioned, estate), *belonging(function, Scaling, estate))
    for thing in everything:
        if thing.means is Means.CONFIG:
            continue
        met = meets(thing.callee, capacity.callee, thing.place, estate)
        why = doubt(thing.exists, function.exists) or thing.callee.unknown or (met if isinstance(met, Unknown) else None)
        if why is not None and (isinstance(met, Unknown) or met):
            found.append(why)
    found += _strangers(estate)
    found += _left_to_others(capacity, function)
    alias = alias_of(capacity.callee, estate)
    for address in (function.address, *((alias.address,) if alias else ()), *(thing.address for thing in capacity.provisioned)):
        found += may_scale(address, estate)
    if estate.is_child:
        found.append(Unknown("what the callers of this module add", function.place))
    found += [Unknown(f"what {file} holds", function.place) for file in estate.unreadable]
    if not estate.evaluated:
        found.append(Unknown("what evaluating this root would tell", function.place))
    return tuple(dict.fromkeys(found))


def _left_to_others(capacity: Capacity, function: Function) -> Iterator[Unknown]:
    """Numbers that Terraform leaves to somebody whom this root does not show."""
    movers = list(_movers(capacity, function))
    for thing in capacity.provisioned:
        others = [mover for mover in movers if mover is not thing and (thing.means is Means.CONFIG or mover.means is Means.SCHEDULE)]
        if thing.is_left_alone and not others:
            yield Unknown(f"who changes the numbers of {thing.address}, which Terraform ignores", thing.place)


@once_per_estate
def _strangers(estate: Estate) -> tuple[Unknown, ...]:
    """What decides elsewhere whose concurrency something scales; the first of them, as the rest would not make it less certain."""
    things: tuple[Mover, ...] = (*nobodys(estate, Provisioned), *nobodys(estate, Scaling))
    unknown = [thing.callee.unknown for thing in things if thing.means is not Means.CONFIG and thing.callee.unknown is not None]
    return tuple(unknown[:_MOST])


def _beside(capacity: Capacity, function: Function, estate: Estate) -> Iterator[Mover]:
    """What moves the same capacity under another name: a target on an alias, and the configuration on the version it points to."""
    own = {thing.address for thing in (*capacity.provisioned, *capacity.scaling)}
    for other in capacities_of(function, estate):
        if other.callee != capacity.callee and meets(other.callee, capacity.callee, function.place, estate) is True:
            yield from (thing for thing in _movers(other, function) if thing.address not in own)


def _is_pinned(thing: Mover) -> bool:
    """Whether a scaling target leaves no room between its bounds."""
    minimum, maximum = _minimum(thing), thing.maximum
    if thing.means is not Means.TARGET or isinstance(minimum, Unknown) or isinstance(maximum, Unknown):
        return False
    return minimum.value is not None and minimum.value == maximum.value


def _minimum(thing: Mover) -> Value[int] | Value[int | None]:
    return thing.executions if isinstance(thing, Provisioned) else thing.minimum


def _shown(value: Value[int] | Value[int | None]) -> str:
    return f"<{value.value}>" if isinstance(value, Known) else f"<{value.expression}>"


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

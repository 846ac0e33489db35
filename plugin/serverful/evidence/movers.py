"""What moves the executions that are kept ready: scaling policies and schedules, and what of that is decided elsewhere.

Decisions:
- It follows demand by a scaling policy, or by a timetable: two schedules with different bounds, or one that lowers it.
- A scaling target alone moves nothing; a policy between equal bounds does not either. A single schedule that raises it has no way down.
- Where Terraform ignores changes of the number, and this root shows nobody who makes them, somebody elsewhere may.

Sources: Application Auto Scaling User Guide, "AWS Lambda and Application Auto Scaling"; AWS Lambda Developer Guide, "Managing provisioned
concurrency with Application Auto Scaling".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from serverful.estate.capacity import Capacity, belonging, capacities_of, nobodys
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Means, Provisioned, Scaling
from serverful.estate.qualifiers import alias_of, meets, standing
from serverful.estate.unread_modules import may_scale
from serverful.estate.unseen import unseen
from serverful.estate.value import Known, Unknown, Value
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_words import listed

Mover = Provisioned | Scaling

_MOST = 20  # blocks of unknown functions that one verdict names


def _movers(capacity: Capacity, function: Function) -> Iterator[Mover]:
    """What of the capacity certainly exists and can move it."""
    things: tuple[Mover, ...] = (*capacity.provisioned, *capacity.scaling)
    for thing in things:
        if thing.means is not Means.CONFIG and is_there(thing, function):
            yield thing


def is_there(thing: Mover, function: Function) -> bool:
    """Whether a block certainly exists where the function does, and is certainly this function's."""
    return doubt(thing.exists, function.exists) is None and thing.callee.unknown is None


def moved_by(capacity: Capacity, function: Function, estate: Estate) -> tuple[Evidence, ...]:
    """The policies, or the schedules, by which a capacity follows demand; nothing where it does not, or is not seen to."""
    movers = [*_movers(capacity, function), *_beside(capacity, function, estate)]
    policies = [thing for thing in movers if thing.means is Means.POLICY]
    is_pinned = any(_is_pinned(thing) for thing in movers)
    if policies and not is_pinned:
        return tuple(
            Evidence(f"a scaling policy moves what is kept ready on {standing(capacity.callee)}", thing.place) for thing in policies
        )
    schedules = [thing for thing in movers if thing.means is Means.SCHEDULE]
    if _is_timetable(schedules, capacity):
        return tuple(Evidence(f"a schedule moves what is kept ready on {standing(capacity.callee)}", thing.place) for thing in schedules)
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


def flat_for(capacity: Capacity, function: Function) -> tuple[str, tuple[Evidence, ...]]:
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


def may_move(capacity: Capacity, function: Function, estate: Estate) -> tuple[Unknown, ...]:
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
    found += unseen(estate, function.place, "what the callers of this module add")
    return tuple(dict.fromkeys(found))


def _left_to_others(capacity: Capacity, function: Function) -> Iterator[Unknown]:
    """Numbers that Terraform leaves to somebody whom this root does not show."""
    movers = list(_movers(capacity, function))
    for thing in capacity.provisioned:
        others = [mover for mover in movers if mover is not thing and (thing.means is Means.CONFIG or mover.means is Means.SCHEDULE)]
        if others:
            continue
        if isinstance(thing.is_left_alone, Unknown):
            yield thing.is_left_alone
        elif thing.is_left_alone.value:
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

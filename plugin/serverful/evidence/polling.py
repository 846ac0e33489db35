"""Functions that look for work on a schedule, where what they look into could tell them that there is some.

Decisions:
- The role says what a function looks into: it may list and read a bucket, scan a table, receive from a queue, and these stand in this root.
  An action by name or by a pattern of lists counts; `s3:*` says nothing of the kind.
- A function that may write there as well keeps its own things in it. So it is left alone.
- Once a day or less is a batch window, and so is a fixed hour. Names that speak of reports, clean-ups and the like mean the clock.
- A bucket with a notification to anybody, a table with a stream and a queue with an event source mapping already tell somebody.
- Dead-letter queues are looked into when somebody wants to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from serverful.estate.estate import Estate
from serverful.estate.identity import covers, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Invocation, Link, Role, Source, Style
from serverful.estate.place import Place
from serverful.estate.unread_modules import calls_given
from serverful.estate.unseen import unseen
from serverful.estate.value import Known, Unknown
from serverful.evidence.clock import schedules_of, work_by_the_clock
from serverful.evidence.evidence import Evidence
from serverful.evidence.words import word_set, words
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided

_DAY, _HOUR = 24 * 60, 60
_UNITS = {"minute": 1, "hour": _HOUR, "day": _DAY}
_DEAD_LETTERS = word_set("DEAD DEADLETTER DEADLETTERS DLQ FAILED FAILURES")


@dataclass(frozen=True, slots=True)
class _Way:
    """How one kind of source is looked into: the actions that look, that read what was found, that write."""

    look: tuple[str, ...]
    fetch: tuple[str, ...]
    write: tuple[str, ...]


_WAYS = {
    "queue": _Way(("sqs:ReceiveMessage",), (), ("sqs:SendMessage",)),
    "bucket": _Way(("s3:ListBucket", "s3:ListObjects", "s3:ListObjectsV2"), ("s3:GetObject",), ("s3:PutObject",)),
    "table": _Way(("dynamodb:Scan",), (), ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem")),
}


@dataclass(slots=True)
class _Allowed:
    """What a role allows on one source, and where it allows to look."""

    actions: list[str] = field(default_factory=list)
    looks: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """A source that a role lets its functions look into, and where the role says so."""

    source: Source
    place: Place


def looks_on_schedule(function: Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where a schedule makes the function look into something that could tell; passed where that does tell."""
    schedules, role = schedules_of(function, estate), role_of(function, estate)
    looks = _looks(estate, role.address) if role is not None else ()
    unread = _unread(estate, role.address) if role is not None and not looks else ()
    if not schedules or not (looks or unread):
        return not_ours("no schedule starts the function, or its role does not show what it looks into")
    word = work_by_the_clock(function, estate)
    if word:
        return not_ours(f"a name of it speaks of work by the clock ({word.lower()})")
    minutes = [interval(call) for call in schedules]
    known = [often for often in minutes if often is not None]
    if not any(often is None for often in minutes) and min(known) >= _DAY:
        return not_ours("its schedule is a batch window: once a day, or less")
    path = tuple(Evidence(f"a schedule starts the function: {_shown(call)}", call.place) for call in schedules)
    if not looks:
        says = f"What the function looks into on a schedule is decided outside this root: {unread[0].expression}."
        return undecided(says, *unread, path=path)
    silent = [look for look in looks if _tells(look.source, estate) is False]
    if not silent:
        return _told(looks, path, estate)
    look = silent[0]
    seen = Evidence(f"its role may look into the {look.source.what} {look.source.address}", look.place)
    if not known or min(known) >= _DAY:
        whys = [call.schedule for call in schedules if isinstance(call.schedule, Unknown)]
        says = f"The function looks into {look.source.address} on a schedule, and how often is decided outside this root."
        return undecided(says, *whys, path=(*path, seen))
    elsewhere = _elsewhere(look.source, estate)
    if elsewhere:
        says = f"Whether {look.source.address} tells of what arrives in it is decided outside this root: {elsewhere[0].expression}."
        return undecided(says, *elsewhere, path=(*path, seen))
    is_often = min(known) <= _HOUR and look.source.what != "table"
    return failed(
        f"A schedule ({_shown(schedules[minutes.index(min(known))])}) starts the function to look into the {look.source.what} "
        f"{look.source.address}, {_LACKS[look.source.what]}.",
        *path,
        seen,
        Evidence(f"{look.source.what} that could tell", look.source.place),
        kind=Kind.CONTRADICTED,
        severity=Severity.LOW if is_often else Severity.INFO,
        instead=_instead(look.source, function),
        argument="schedule_expression",
    )


_LACKS = {
    "bucket": "which has no notification",
    "table": "which has no stream",
    "queue": "which no event source mapping reads",
}


def _told(looks: tuple[Look, ...], path: tuple[Evidence, ...], estate: Estate) -> Verdict:
    known = [look for look in looks if _tells(look.source, estate) is True]
    if known:
        says = f"What the function looks into tells of what arrives: the {known[0].source.what} {known[0].source.address}."
        return passed(says, Evidence("tells of what arrives", known[0].source.place), *path)
    unknown = [why for look in looks if isinstance(why := _tells(look.source, estate), Unknown)]
    says = f"Whether {looks[0].source.address} tells of what arrives in it is decided outside this root: {unknown[0].expression}."
    return undecided(says, *unknown, path=path)


def _instead(source: Source, function: Function) -> str:
    match source.what:
        case "bucket":
            return (
                f"Add an aws_s3_bucket_notification for {source.address} that calls {function.address} with bucket and key of each new "
                "object, or set eventbridge = true and let a rule choose; then take the schedule away."
            )
        case "queue":
            return (
                f"Add an aws_lambda_event_source_mapping of {source.address} for {function.address}, with batch_size and "
                "maximum_batching_window_in_seconds for as much patience as it needs, and take the schedule away."
            )
    return (
        f"Where the work follows from a change, set stream_enabled and stream_view_type on {source.address} and map its stream to "
        f"{function.address}. Where each item has an hour of its own, a one-time EventBridge schedule per item waits without looking."
    )


# --- how often --------------------------------------------------------------------------------------------------------------------


def interval(call: Invocation) -> int | None:
    """The minutes between two starts by a schedule; a day for one at a fixed hour, or at one time only. None where it cannot be told.

    Forms: Amazon EventBridge User Guide, "Creating a rule that runs on a schedule": `rate(value unit)`, `cron(minutes hours day-of-month
    month day-of-week year)`, and `at(…)` of the scheduler.
    """
    if not isinstance(call.schedule, Known):
        return None
    text = call.schedule.value.strip().lower()
    rate = re.fullmatch(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)", text)
    if rate:
        return int(rate[1]) * _UNITS[rate[2]]
    cron = re.fullmatch(r"cron\(\s*(\S+)\s+(\S+)\s+\S+\s+\S+\s+\S+\s+\S+\s*\)", text)
    if cron:
        return _of_cron(cron[1], cron[2])
    return _DAY if text.startswith("at(") else None


def _of_cron(minutes: str, hours: str) -> int:
    if hours.isdigit():
        return _DAY
    step = re.fullmatch(r"[\d*]+/(\d+)", hours)
    if step:
        return max(int(step[1]), 1) * _HOUR
    often = re.fullmatch(r"[\d*]+/(\d+)", minutes)
    if often:
        return max(int(often[1]), 1)
    if minutes == "*":
        return 1
    if hours == "*":
        return _HOUR // (minutes.count(",") + 1)
    return 2 * _HOUR  # some hours of the day


def _shown(call: Invocation) -> str:
    return call.schedule.value if isinstance(call.schedule, Known) else call.schedule.expression if call.schedule else "a schedule"


# --- what it looks into -----------------------------------------------------------------------------------------------------------


@once_per_estate
def _looks(estate: Estate, address: str) -> tuple[Look, ...]:
    """What a role lets its functions look into and read, and not write: queues first, then buckets, then tables."""
    role = estate.thing(address)
    if not isinstance(role, Role):
        return ()
    found: dict[str, _Allowed] = {}
    for document in role.documents:
        for statement in document.statements:
            if not isinstance(statement.effect, Known) or statement.effect.value.lower() == "deny" or document.exists is not None:
                continue
            actions = [action.strip() for action in statement.actions]
            for link in statement.resources:
                source = _source(link, estate)
                if source is not None:
                    allowed = found.setdefault(source.address, _Allowed())
                    allowed.actions += actions
                    if any(_is_look(action, _WAYS[source.what]) for action in actions):
                        allowed.looks.append(statement.place)
    looks = [_look(estate.things[source], allowed) for source, allowed in found.items()]
    order = list(_WAYS)
    return tuple(sorted((look for look in looks if look is not None), key=lambda look: order.index(look.source.what)))


def _source(link: Link, estate: Estate) -> Source | None:
    """The source that a resource of a statement leads to: by reference, or by its ARN where that is written out."""
    found = estate.find(link, Source)
    if found is None and link.target is None and link.origin == "literal":
        return _by_arn(estate).get(link.expression.partition("/")[0] if ":s3:::" in link.expression else link.expression)
    return found


@once_per_estate
def _by_arn(estate: Estate) -> dict[str, Source]:
    return {source.arn: source for source in estate.all(Source) if source.arn}


@once_per_estate
def _unread(estate: Estate, address: str) -> tuple[Unknown, ...]:
    """What cannot be read of a role's policies and speaks of a source of this root."""
    role = estate.thing(address)
    parts = [part for document in role.documents for part in document.unknown] if isinstance(role, Role) else []
    return tuple(part for part in parts if any(isinstance(estate.thing(address), Source) for address in part.mentions))


def _look(thing: object, allowed: _Allowed) -> Look | None:
    if not isinstance(thing, Source) or not allowed.looks:
        return None
    way = _WAYS[thing.what]
    writes = any(covers(action, write) for action in allowed.actions for write in way.write)
    fetches = not way.fetch or any(covers(action, fetch) for action in allowed.actions for fetch in way.fetch)
    is_dead = thing.what == "queue" and bool(_DEAD_LETTERS & set(words(thing.address)))
    return Look(thing, allowed.looks[0]) if fetches and not writes and not is_dead else None


def _is_look(action: str, way: _Way) -> bool:
    """Whether an action names the looking: `s3:ListBucket`, `s3:List*`; not `s3:*`."""
    return action.partition(":")[2].strip("*") != "" and any(covers(action, look) for look in way.look)


def _tells(source: Source, estate: Estate) -> bool | Unknown:
    """Whether something tells of what arrives in a source."""
    if source.address in _polled(estate):
        return True
    return source.announces if isinstance(source.announces, Unknown) else source.announces.value


@once_per_estate
def _polled(estate: Estate) -> frozenset[str]:
    """What event source mappings and pipes read."""
    readers = (call for call in estate.invocations if call.style is Style.POLLED or call.service == "EventBridge Pipes")
    return frozenset(call.source.target for call in readers if call.source is not None and call.source.target is not None)


def _elsewhere(source: Source, estate: Estate) -> tuple[Unknown, ...]:
    """What may make it tell and is not seen."""
    found = [Unknown(call.address, call.place) for call in calls_given(source.address, estate)]
    return (*found, *unseen(estate, source.place, "who calls this module"))

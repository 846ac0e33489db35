"""Callers and the capacity they call, in words."""

from __future__ import annotations

from collections.abc import Iterable

from serverful.estate.capacity import Capacity
from serverful.estate.model import Invocation, Style
from serverful.estate.qualifiers import named, standing
from serverful.estate.value import Known
from serverful.evidence.evidence import Evidence
from serverful.wording import counted, joined, shortened

MANY = 6  # callers, or names, that one sentence tells


def kept(capacity: Capacity) -> tuple[Evidence, ...]:
    """The blocks that keep something ready, and how much."""
    return tuple(
        Evidence(
            f"keeps {counted(thing.executions.value, 'execution')} ready on {standing(capacity.callee)}"
            if isinstance(thing.executions, Known)
            else f"keeps executions ready on {standing(capacity.callee)} (how many: {thing.executions.expression})",
            thing.place,
        )
        for thing in capacity.provisioned
    )


def cited(callers: Iterable[Invocation]) -> tuple[Evidence, ...]:
    """Each caller where it stands; a permission only where its service is not seen calling."""
    callers = list(dict.fromkeys(callers))
    wired = {caller.service for caller in callers if not caller.is_permission}
    shown = [caller for caller in callers if not caller.is_permission or caller.service not in wired]
    return tuple(Evidence(_way(caller), caller.place) for caller in shown[:MANY])


def _way(caller: Invocation) -> str:
    where = named(caller.callee)
    if caller.is_permission:
        return f"{caller.service} is permitted to call {where}"
    match caller.style:
        case Style.SYNCHRONOUS:
            return f"{caller.service} calls {where} and waits for the answer"
        case Style.ASYNCHRONOUS:
            return f"{caller.service} hands events to {where}"
        case Style.POLLED:
            return f"an event source mapping reads {caller.service} for {where}"
    return f"{caller.service} calls {where} and may wait for the answer"


def ways(callers: Iterable[Invocation]) -> str:
    """The callers in a sentence."""
    return listed(evidence.says for evidence in cited(callers))


def services(callers: Iterable[Invocation]) -> str:
    """What people call the callers."""
    return joined(list(dict.fromkeys(caller.service for caller in callers)))


def places(callers: Iterable[Invocation]) -> str:
    """Which versions they call."""
    return joined(list(dict.fromkeys(named(caller.callee) for caller in callers)))


def listed(parts: Iterable[str]) -> str:
    """Names or phrases, each once, joined; how many more there are."""
    return shortened(list(dict.fromkeys(parts)), MANY)

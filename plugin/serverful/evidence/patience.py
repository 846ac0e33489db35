"""Does a function take longer than who calls it can wait? The account behind SLS_FLOW_4.

Sources: API Gateway developer guide, "Quotas" (a REST API waits 29 seconds for an integration, more where the quota was raised; an HTTP API
30 seconds at most); AWS AppSync developer guide, "Quotas" (a request is executed for 30 seconds at most); read 2026-11-23.

Decisions:
- Up to 30 seconds nobody is asked, also where an API waits for 29, or for less by its own decision.
- A longer timeout is right where the integration waits as long. A function URL and a load balancer wait as long as the function runs.
- A function that something hands events to as well may have its timeout for their sake: that leaves it open (SLS_FLOW_6 asks about it).
- A durable function that takes longer than 30 seconds over all its steps is asked as well: who calls it synchronously waits for all.
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.callers import handed_over
from serverful.estate.entries import entries_of, perhaps_entries, why_not_certain
from serverful.estate.estate import Estate
from serverful.estate.model import Entry, Function, Style
from serverful.estate.value import Known, Unknown, Value
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_words import MANY, listed, services
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import counted

_ALWAYS_WAITED = 30


@dataclass(frozen=True, slots=True)
class _Time:
    """How long the function may take, and where that is said. `argument` is the one that says it."""

    seconds: int
    evidence: Evidence
    argument: str


def how_long_it_takes(function: Function, estate: Estate) -> Verdict:
    """Not ours without an entry that has an end to its patience; failed (contradicted) where the function may outlast one."""
    entries = [entry for entry in entries_of(function, estate) if entry.waits_ms is not None and entry.call.style is not Style.ASYNCHRONOUS]
    perhaps = perhaps_entries(function, estate)
    if not entries:
        return _undecided(entries, *perhaps) if perhaps else not_ours("no API that gives up is seen to wait for the function")
    times = _times(function)
    if isinstance(times, Unknown):
        return _undecided(entries, times)
    longest = max(times, key=lambda time: time.seconds)
    if longest.seconds <= _ALWAYS_WAITED:
        says = f"The function is done after {counted(longest.seconds, 'second')} at most, and the API in front of it waits half a minute."
        return passed(says, longest.evidence, *_path(entries))
    outlasted, open_ = [], []
    for entry in entries:
        waits = entry.waits_ms
        if isinstance(waits, Known) and waits.value >= longest.seconds * 1000:
            continue
        why = waits if isinstance(waits, Unknown) else why_not_certain(entry, function)
        if why is None:
            outlasted.append(entry)
        else:
            open_.append(why)
    others = handed_over(function, estate)
    if outlasted and others and longest.argument == "timeout":
        why = Unknown(f"whether its timeout is for the sake of {services(others)}", longest.evidence.place)
        return _undecided(outlasted, why)
    if outlasted:
        return _fails(function, outlasted, longest)
    if open_:
        return _undecided(entries, *open_)
    return passed(f"Whoever calls the function waits for {counted(longest.seconds, 'second')}, as long as it may take.", *_path(entries))


def _times(function: Function) -> list[_Time] | Unknown:
    timeout, durable = function.timeout_seconds, function.durable_seconds
    if isinstance(timeout, Unknown):
        return timeout
    found = [_Time(timeout.value, Evidence(f"timeout = {timeout.value}", timeout.place, timeout.basis), "timeout")]
    if isinstance(durable, Unknown):
        return found if timeout.value > _ALWAYS_WAITED else durable
    if durable.value is not None:
        found.append(_Time(durable.value, Evidence(f"execution_timeout = {durable.value}", durable.place), "durable_config"))
    return found


def _fails(function: Function, outlasted: list[Entry], longest: _Time) -> Verdict:
    first = outlasted[0]
    waits = _seconds(first.waits_ms)
    names = [entry.name for entry in outlasted if entry.name != entry.kind]
    where = f" ({listed(names)})" if names else ""
    return failed(
        f"{'' if first.kind == 'AppSync' else 'The '}{first.kind} gives up after {waits}{where}, and the function may take "
        f"{counted(longest.seconds, 'second')}: it works on, is paid for, and nobody hears the answer.",
        longest.evidence,
        *_path(outlasted),
        kind=Kind.CONTRADICTED,
        instead=(
            f"If the work is done in {waits}, set {longest.argument} of {function.address} accordingly, so that it stops when nobody waits "
            f"any more. If it is not, let {first.name} put it into an aws_sqs_queue or start an aws_sfn_state_machine, answer 202 with a "
            "place to ask for the result, or tell the result by AppSync or a WebSocket."
        ),
        argument=longest.argument,
    )


def _undecided(entries: list[Entry], *unknown: Unknown) -> Verdict:
    return undecided(
        f"Whether the function outlasts who waits for it is decided elsewhere: {listed(why.expression for why in unknown)}.",
        *unknown,
        path=_path(entries),
    )


def _path(entries: list[Entry]) -> tuple[Evidence, ...]:
    each = dict.fromkeys(Evidence(f"{entry.full_name} waits for {_seconds(entry.waits_ms)}", entry.place) for entry in entries)
    return tuple(each)[:MANY]


def _seconds(waits: Value[int] | None) -> str:
    if not isinstance(waits, Known):
        return f"an unknown time ({waits.expression})" if waits is not None else "as long as it takes"
    whole, rest = divmod(waits.value, 1000)
    return counted(whole, "second") if not rest else f"{waits.value / 1000:g} seconds"

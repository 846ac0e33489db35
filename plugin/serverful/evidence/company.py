"""Do those who call a function have the same needs? The account behind SLS_FLOW_6.

Decisions:
- Somebody who waits and somebody who hands events over (or is polled) are two kinds of caller. So are three services, of whatever kind.
- Callers of different aliases or versions are kept apart: who has an alias of its own has versions and concurrency of its own.
- A permission counts where a service is permitted for a source that stands in another root. One without a source, or for a source in this
  root that is not seen calling, may be left over, one for an account or a role may be an administrator's, and they count as little as what
  Terraform itself calls, or another function (SLS_FLOW_3 asks about that).
- An API and its authorizers are one service, and so are EventBridge's rules and schedules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from serverful.estate.attached import attachment_of
from serverful.estate.callers import HANDS_OVER, callers_of, why_not_certain
from serverful.estate.entries import perhaps_entries
from serverful.estate.estate import Estate
from serverful.estate.model import Function, Invocation, Qualified, Style
from serverful.estate.qualifiers import key_of, named
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_words import cited, listed
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided

_MANY = 3
_NOT_ASKED = ("Terraform", "Lambda function", "anybody")
_NO_SERVICE = ("the principal ", "a principal ", "whoever ")


def who_calls(function: Function, estate: Estate) -> Verdict:
    """Not ours without callers; failed (contradicted) where one alias, or the function without one, has callers of several kinds."""
    sure, open_ = _sorted(function, estate)
    if not sure and not open_:
        perhaps = perhaps_entries(function, estate)
        if perhaps:
            return undecided("Who calls the function is decided outside this root.", *perhaps)
        return not_ours("nothing that is seen calls the function")
    groups: dict[object, list[Invocation]] = {}
    for call in sure:
        groups.setdefault(key_of(call.callee, estate), []).append(call)
    mixed = next((calls for calls in groups.values() if _fault(calls)), None)
    if mixed is not None:
        return _fails(function, mixed)
    for call, why in open_:
        for calls in groups.values() or [[]]:
            if call.callee.qualified is not Qualified.UNKNOWN and calls and key_of(call.callee, estate) != key_of(calls[0].callee, estate):
                continue
            if _fault([*calls, *(other for other, _ in open_)]):
                return undecided(
                    f"Whether callers of several kinds share the function is decided outside this root: {listed([why.expression])}.",
                    why,
                    path=cited([*calls, call]),
                )
    return passed("Each of its aliases and versions has callers of one kind.", *cited(sure or [call for call, _ in open_]))


def _sorted(function: Function, estate: Estate) -> tuple[list[Invocation], list[tuple[Invocation, Unknown]]]:
    """Who certainly calls, and who may (what decides that beside each)."""
    sure: list[Invocation] = []
    open_: list[tuple[Invocation, Unknown]] = []
    for call in _asked(callers_of(function, estate)):
        why = why_not_certain(call, function)
        if why is None and call.callee.qualified is Qualified.UNKNOWN:
            why = Unknown(call.callee.expression, call.place)
        if why is None:
            sure.append(call)
        else:
            open_.append((call, why))
    return sure, open_


def _asked(calls: tuple[Invocation, ...]) -> Iterator[Invocation]:
    wired = {_service(call) for call in calls if not call.is_permission}
    for call in calls:
        # What is named and stands in this root would be seen calling.
        is_elsewhere = call.source is not None and call.source.target is None
        is_bare = call.is_permission and _service(call) not in wired and is_elsewhere
        is_service = call.service not in _NOT_ASKED and not call.service.startswith(_NO_SERVICE)
        if call.style is not Style.EITHER and is_service and (is_bare or not call.is_permission):
            yield call


def _service(call: Invocation) -> str:
    return call.service.removesuffix(" authorizer").removesuffix(" schedule")


def _services(calls: Iterable[Invocation]) -> list[str]:
    return list(dict.fromkeys(_service(call) for call in calls))


def _fault(calls: list[Invocation]) -> str:
    """What is wrong with their company, as a sentence; empty where nothing is."""
    waiting = [call for call in calls if call.style is Style.SYNCHRONOUS]
    handing = [call for call in calls if call.style in HANDS_OVER]
    if waiting and handing:
        one, other = listed(_services(waiting)), listed(_services(handing))
        return f"The function is called by {one}, where somebody waits, and by {other}, where nobody does"
    services = _services(calls)
    return f"The function is called by {len(services)} services, {listed(services)}" if len(services) >= _MANY else ""


def _fails(function: Function, calls: list[Invocation]) -> Verdict:
    attachment = attachment_of(function)
    inside = (Evidence("vpc_config attaches the function", attachment.place),) if attachment is not None else ()
    where = named(calls[0].callee)
    return failed(
        f"{_fault(calls)} ({where}): one timeout, one way of trying again and one share of concurrency have to suit all of them.",
        *cited(calls),
        *inside,
        kind=Kind.CONTRADICTED,
        severity=None if inside else Severity.LOW,
        instead=(
            f"Give each kind of caller a function of its own, and put what {function.address} does for all of them into a library. Or give "
            "each an aws_lambda_alias, so that at least versions and concurrency are its own."
        ),
    )

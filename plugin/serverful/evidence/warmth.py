"""Does anybody wait for a function where it is kept ready? The verdict before recorded reasons, which SLS_PC_1 and SLS_RAD_3 share.

Decisions:
- Somebody waits where one certain, synchronous caller uses the very alias or version. One is enough.
- A permission says who may call, not who does. It speaks for its qualifier, unless its service is seen calling another one; and it alone
  never shows that everybody goes past the capacity.
- Asynchronous and polled callers count as certain when one of them is: another one, which may not exist, would not wait either.
- An alias or version that an output or a parameter tells others may be called by them.
- That nobody waits is concluded only where the whole root was read, its callers are not elsewhere (a reusable child's are), and no caller
  of an unknown function and no module that is not here may be the one who does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serverful.estate.callers import HANDS_OVER, callers_of, may_call, told_to_others, unfollowed, why_not_certain
from serverful.estate.capacity import Capacity, capacities_of, undecided_in
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Invocation, Qualified, Style
from serverful.estate.qualifiers import meets, named, standing
from serverful.estate.value import Unknown
from serverful.evidence.warmth_advice import call_it, let_go
from serverful.evidence.warmth_words import cited, kept, listed, places, services, ways
from serverful.verdict import Kind, Outcome, Verdict, failed, not_ours, passed, undecided

_MANY = 20  # callers of unknown functions that one verdict names
_WORST_FIRST = (Outcome.FAILED, Outcome.UNDECIDED, Outcome.PASSED)
_ASKED = "{where}: no API, function URL, load balancer, user pool, GraphQL API or state machine that waits for it"


@dataclass(frozen=True, slots=True)
class _Callers:
    """A function's callers, sorted by what they mean for one capacity.

    `waiting` certainly use it and wait. `open` may (what decides that beside each). `others` may use it and never wait, `may_exist` are
    like them, but may not be there. `past` certainly do not use it.
    """

    waiting: tuple[Invocation, ...]
    open: tuple[tuple[Invocation, Unknown], ...]
    others: tuple[Invocation, ...]
    may_exist: tuple[tuple[Invocation, Unknown], ...]
    past: tuple[Invocation, ...]


def why_warm(function: Function, estate: Estate) -> Verdict:
    """Not ours without provisioned concurrency, else the worst answer of all aliases and versions that have some.

    Passed where somebody waits; failed (contradicted) where nobody of all who call it does, or all go past it; undecided where that cannot
    be seen, answerable by a recorded reason when the capacity is certain.
    """
    verdicts = [_of_capacity(capacity, function, estate) for capacity in capacities_of(function, estate)]
    if not verdicts:
        return not_ours("the function has no provisioned concurrency")
    return min(verdicts, key=lambda verdict: _WORST_FIRST.index(verdict.outcome))


def _of_capacity(capacity: Capacity, function: Function, estate: Estate) -> Verdict:
    callers, where = _sorted(capacity, function, estate), standing(capacity.callee)
    if callers.waiting:
        first = callers.waiting[0]
        says = f"Executions are kept ready on {where}, where {first.service} waits for the answer ({first.by})."
        return passed(says, *cited(callers.waiting), *kept(capacity))
    answer = _open(capacity, callers, function, estate) or _nobody_waits(capacity, callers, function, estate)
    missing = undecided_in((capacity,), function)
    if not missing:
        return answer
    return undecided(
        f"Whether executions are kept ready on {where} is decided outside this root: {listed(why.expression for why in missing)}.",
        *missing,
        path=answer.path,
    )


def _sorted(capacity: Capacity, function: Function, estate: Estate) -> _Callers:
    waiting, open_, others, may_exist, past = [], [], [], [], []
    callers = callers_of(function, estate)
    meeting = [(caller, meets(caller.callee, capacity.callee, caller.place, estate)) for caller in callers]
    elsewhere = {_principal(caller) for caller, met in meeting if met is False and not caller.is_permission}
    for caller, met in meeting:
        why = why_not_certain(caller, function)
        if met is False:
            past.append(caller)
        elif caller.is_permission and isinstance(met, Unknown) and caller.style in HANDS_OVER:
            past.append(caller)  # neither seen to call, nor to call this
        elif caller.style in HANDS_OVER:
            if why is None:
                others.append(caller)
            else:
                may_exist.append((caller, why))
        elif isinstance(met, Unknown):
            open_.append((caller, met))
        elif why is not None:
            open_.append((caller, why))
        elif caller.style is Style.EITHER:
            open_.append((caller, Unknown(f"whether {caller.service} waits", caller.place)))
        elif caller.is_permission and _principal(caller) in elsewhere:
            open_.append((caller, Unknown(f"whether {caller.service} calls {named(capacity.callee)}", caller.place)))
        else:
            waiting.append(caller)
    if not waiting and not others and _agree(open_, capacity, function):
        waiting, open_ = [caller for caller, _ in open_], []
    return _Callers(tuple(waiting), tuple(open_), tuple(others), tuple(may_exist), tuple(past))


def _principal(caller: Invocation) -> str:
    """The service as permissions know it: an API and its authorizers have one."""
    return caller.service.removesuffix(" authorizer")


def _agree(open_: Sequence[tuple[Invocation, Unknown]], capacity: Capacity, function: Function) -> bool:
    """Whether everybody who may use a capacity on an unknown qualifier uses some qualifier and waits: so they do, whichever it is."""
    callers = [caller for caller, _ in open_]
    return (
        capacity.callee.qualified is Qualified.UNKNOWN
        and not all(caller.is_permission for caller in callers)
        and all(
            caller.style is Style.SYNCHRONOUS
            and caller.callee.qualified is not Qualified.UNKNOWN
            and doubt(caller.exists, function.exists) is None
            and caller.callee.unknown is None
            for caller in callers
        )
    )


def _open(capacity: Capacity, callers: _Callers, function: Function, estate: Estate) -> Verdict | None:
    """Undecided where somebody may wait whom this root does not show, or does not show well enough; None where all can be seen."""
    where = standing(capacity.callee)
    unknown = [why for _, why in callers.open]
    says = [f"{caller.service} may wait for it ({caller.by}: {why.expression})" for caller, why in callers.open]
    for call in may_call(function, estate):
        unknown.append(call)
        says.append(f"{call.expression} is given the function and may call it")
    for teller in told_to_others(capacity.callee, estate):
        unknown.append(teller)
        says.append(f"{teller.expression} tells others of {named(capacity.callee)}, and they may call it")
    for why, who in _strangers(estate):
        unknown.append(why)
        says.append(who)
    if estate.is_child:
        unknown.append(Unknown("who calls this module", function.place))
        says.append("this module's callers are elsewhere, and so may be the function's")
    for file in estate.unreadable:
        unknown.append(Unknown(f"what {file} holds", function.place))
        says.append(f"{file} could not be read")
    if not estate.evaluated:
        unknown.append(Unknown("what evaluating this root would tell", function.place))
        says.append("this root could not be evaluated")
    if not unknown:
        return None
    seen = (*(caller for caller, _ in callers.open), *callers.others, *callers.past)
    return undecided(
        f"Executions are kept ready on {where}, and whether somebody waits for the answer there cannot be seen: {listed(says)}.",
        *unknown,
        path=(*cited(seen), *kept(capacity)),
        missed=(_ASKED.format(where=where),),
        answerable=True,
    )


@once_per_estate
def _strangers(estate: Estate) -> tuple[tuple[Unknown, str], ...]:
    """The callers that may wait for any function of this root; the first of them, as the rest would not make it less certain."""
    callers = [caller for caller in unfollowed(estate) if caller.style in (Style.SYNCHRONOUS, Style.EITHER)]
    return tuple(
        (
            caller.callee.unknown or Unknown(caller.callee.expression, caller.place),
            f"{caller.by} calls a function that is decided elsewhere ({caller.callee.expression})",
        )
        for caller in callers[:_MANY]
    )


def _nobody_waits(capacity: Capacity, callers: _Callers, function: Function, estate: Estate) -> Verdict:
    where = standing(capacity.callee)
    kind, missed = Kind.CONTRADICTED, (_ASKED.format(where=where),)
    wired = [caller for caller in callers.past if not caller.is_permission]
    beside = [caller for caller in wired if caller.style is Style.SYNCHRONOUS and caller.callee.qualified is Qualified.LATEST]
    past = f" What waits calls {places(beside)}, where nothing is kept ready: {services(beside)}." if beside else ""
    if callers.others:
        return failed(
            f"Executions are kept ready on {where}, and nobody who calls it waits: {ways(callers.others)}.{past}",
            *cited((*callers.others, *beside)),
            *kept(capacity),
            kind=kind,
            missed=missed,
            instead=let_go(capacity, callers.others, beside, function, estate),
        )
    is_seen = any(doubt(caller.exists, function.exists) is None and caller.callee.unknown is None for caller in wired)
    # Who calls another alias thinks of aliases: this one may be called from elsewhere, or be next in line.
    if is_seen and not callers.may_exist and all(caller.callee.qualified is Qualified.LATEST for caller in wired):
        return failed(
            f"Executions are kept ready on {where}, and nothing that is seen calls it: {ways(wired)}. So the capacity serves nobody.",
            *cited(wired),
            *kept(capacity),
            kind=kind,
            missed=missed,
            instead=call_it(capacity, wired, function, estate),
        )
    return undecided(
        f"Executions are kept ready on {where}, and who calls it is decided outside this root: {_nobody(callers)}.",
        *(why for _, why in callers.may_exist),
        path=(*cited((*(caller for caller, _ in callers.may_exist), *callers.past)), *kept(capacity)),
        missed=missed,
        answerable=True,
    )


def _nobody(callers: _Callers) -> str:
    if callers.may_exist:
        return listed(f"{caller.by} exists only if {why.expression} says so" for caller, why in callers.may_exist)
    if callers.past:
        return f"what is seen here goes elsewhere ({ways(callers.past)})"
    return "nothing here does"

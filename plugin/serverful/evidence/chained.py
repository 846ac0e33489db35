"""Does a function call another one? The account behind SLS_FLOW_3.

Decisions:
- A call is seen where the environment carries the other function's name, ARN, alias or URL *and* the role may invoke it. IAM does not tell
  whether the program waits for the answer, so a call that does not is recorded as a reason.
- A permission to do everything (`lambda:*`, `*`) may be meant for something else, and so may a text that happens to be a function's name
  where the role may invoke every function: both leave it open.
- A durable function that calls another one sleeps meanwhile, and is asked nothing (AWS Lambda Developer Guide, "Durable functions",
  2025-12).
- A function that calls itself is no question of ours: Lambda has a control for recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.identity import role_of
from serverful.estate.invoking import INVOKE, INVOKE_URL, Permitted, may_invoke
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Alias, EnvironmentVariable, Function, Invocation, Link
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_words import listed
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided

_URL = "function URL"
_NAMING_A_URL = ("", "function_url", "url_id")
_NO_NAMES = ("role", "version")  # attributes of a function that do not name it


@dataclass(frozen=True, slots=True)
class _Named:
    """Another function that a variable of the environment names, and the action with which it would be called. `is_text` says that the
    variable only holds a text that is the function's name."""

    variable: EnvironmentVariable
    function: Function
    action: str
    exists: Unknown | None
    is_text: bool = False


def whom_it_calls(function: Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where it may invoke a function that its environment names; passed where it certainly may not."""
    if isinstance(function.durable_seconds, Known) and function.durable_seconds.value is not None:
        return not_ours("a durable function sleeps while another one works for it")
    certain: list[tuple[_Named, Permitted]] = []
    open_: list[tuple[_Named, Unknown]] = []
    kept_out: list[_Named] = []
    role = role_of(function, estate)
    for named in _named(function, estate):
        may = may_invoke(role, named.function, estate, named.action) if role is not None else _role_outside(function)
        if isinstance(may, Unknown):
            open_.append((named, may))
        elif may is None:
            kept_out += [named] if named.action == INVOKE else []  # a URL that anybody may call may be a mere link
        elif why := named.exists or _is_meant_otherwise(named, may):
            open_.append((named, why))
        else:
            certain.append((named, may))
    if certain:
        return _fails(function, certain)
    if open_:
        return undecided(
            "The function carries the name of another one, and whether it may invoke it is not certain: "
            f"{listed(f'{named.variable.name} names {named.function.address} ({why.expression})' for named, why in open_)}.",
            *(why for _, why in open_),
            path=tuple(_carries(named) for named, _ in open_),
        )
    if kept_out:
        says = f"The function carries the name of {listed(named.function.address for named in kept_out)}, and its role may not invoke it."
        return passed(says, *(_carries(named) for named in kept_out))
    return not_ours("the environment names no other function")


def _fails(function: Function, certain: list[tuple[_Named, Permitted]]) -> Verdict:
    others = listed(named.function.address for named, _ in certain)
    first = certain[0][0]
    return failed(
        f"The function carries the name of {others}, and its role may invoke it. Where it waits for the answer, two functions are paid for "
        "one piece of work, and the slower one decides for both; where it does not, nobody sees that the other one failed.",
        *(_carries(named) for named, _ in certain),
        *dict.fromkeys(Evidence("the role may invoke it", permitted.place) for _, permitted in certain),
        kind=Kind.CONTRADICTED,
        instead=(
            f"Let an aws_sfn_state_machine call both in turn, or put an aws_sqs_queue or an event bus between, and take "
            f"{first.variable.name} ({first.variable.place.spot}) and {first.action} from {function.address}. What both need in code is a "
            "library."
        ),
        argument="environment",
    )


def _role_outside(function: Function) -> Unknown | None:
    return Unknown(function.role.expression, function.role.place) if function.role is not None else None


def _is_meant_otherwise(named: _Named, may: Permitted) -> Unknown | None:
    """What the permission may be for besides, where it does not speak of invoking this very function."""
    if may.is_wide:
        return Unknown("what its wide permission is meant for", may.place)
    if named.is_text and not may.is_named:
        return Unknown(f"whether {named.variable.name} means the function of that name", named.variable.place)
    return None


def _named(function: Function, estate: Estate) -> Iterator[_Named]:
    """The other functions that the environment names, each once for each way of calling it."""
    found: dict[tuple[str, str], _Named] = {}
    for variable in function.environment.variables:
        for link in variable.links:
            url = _of_urls(estate).get(link.target or "") if link.attribute in _NAMING_A_URL else None
            other = _meant(link, estate) if url is None else estate.find(url.callee.function, Function)
            if other is not None:
                action, exists = (INVOKE, other.exists) if url is None else (INVOKE_URL, url.exists)
                found.setdefault((other.address, action), _Named(variable, other, action, doubt(exists, function.exists)))
        text = variable.text.value if isinstance(variable.text, Known) else ""
        is_arn = ":function:" in text
        by_name = _of_names(estate).get(text.rpartition(":function:")[2].partition(":")[0] if is_arn else text)
        if by_name is not None:
            why = doubt(by_name.exists, function.exists)
            found.setdefault((by_name.address, INVOKE), _Named(variable, by_name, INVOKE, why, is_text=not is_arn))
    yield from (named for named in found.values() if named.function.address != function.address)


def _meant(link: Link, estate: Estate) -> Function | None:
    """The function that a link to it or to its alias names."""
    match estate.thing(link.target):
        case Function() as function if link.attribute not in _NO_NAMES:
            return function
        case Alias(callee=callee):
            return estate.find(callee.function, Function)
    return None


@once_per_estate
def _of_urls(estate: Estate) -> dict[str, Invocation]:
    """What each function URL calls, where that is certain."""
    return {call.by: call for call in estate.invocations if call.service == _URL and not call.is_permission and call.callee.unknown is None}


@once_per_estate
def _of_names(estate: Estate) -> dict[str, Function]:
    """The functions whose names are known and only theirs."""
    found: dict[str, list[Function]] = {}
    for function in estate.all(Function):
        if isinstance(function.name, Known):
            found.setdefault(function.name.value, []).append(function)
    return {name: functions[0] for name, functions in found.items() if len(functions) == 1}


def _carries(named: _Named) -> Evidence:
    what = "the URL" if named.action == INVOKE_URL else "the name"
    return Evidence(f"{named.variable.name} carries {what} of {named.function.address}", named.variable.place)

"""Who calls a function: every way that is seen, and what may be more.

Asked once per estate and sorted by function, so that 5,000 functions do not look through each other's callers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Alias, Callee, Function, Invocation, Link, ModuleCall, Qualified, Secret, Style
from serverful.estate.naming import without_index
from serverful.estate.qualifiers import alias_of
from serverful.estate.registry import TERRAFORM_AWS_MODULES, registry_name
from serverful.estate.value import Unknown

# What is taken of a function or an alias by somebody who may call it; its role or its log group are taken for other purposes.
_WAYS_TO_IT = frozenset(
    (
        *("", "arn", "function_name", "id", "invoke_arn", "qualified_arn", "qualified_invoke_arn", "response_streaming_invoke_arn"),
        *("name", "function_arn", "function_url", "url_id"),
    )
)
HANDS_OVER = (Style.ASYNCHRONOUS, Style.POLLED)  # who calls so waits for no answer
_OF_THE_VERSION = frozenset(("qualified_arn", "qualified_invoke_arn", "version"))
# Registry modules that are given a function and call it never (their main.tf, major versions of 2025 and 2026): alarms, deployments, the
# alias itself (its triggers are permissions; a module behind it is given the alias).
_CALLS_NOTHING = re.compile(
    TERRAFORM_AWS_MODULES + r"(cloudwatch|lambda)/aws//modules/"
    r"(metric-alarm|metric-alarms-by-multiple-dimensions|log-metric-filter|deploy|docker-build)(/|$)"
)


def callers_of(function: Function, estate: Estate) -> tuple[Invocation, ...]:
    """Every way in which something calls the function, one of its aliases or one of its versions, in order of the calling blocks.

    Permissions are among them (`is_permission`), and so are callers that only perhaps exist or perhaps mean this function (`exists` is
    Unknown then).
    """
    return _by_function(estate).get(function.address, ())


def why_not_certain(call: Invocation, function: Function) -> Unknown | None:
    """What keeps it from being certain that a call is there and means this function; None where it is."""
    return doubt(call.exists, function.exists) or call.callee.unknown


def handed_over(function: Function, estate: Estate) -> list[Invocation]:
    """Who certainly hands events to the function or lets Lambda poll for it: nobody waits. A mere permission is not among them."""
    return [
        call
        for call in callers_of(function, estate)
        if call.style in HANDS_OVER and not call.is_permission and doubt(call.exists, function.exists) is None
    ]


@once_per_estate
def unfollowed(estate: Estate) -> tuple[Invocation, ...]:
    """The callers of which it cannot be told whom they call: any function of this root may be meant.

    What certainly calls a function outside this root is not among them.
    """
    return tuple(call for call in estate.invocations if call.callee.function is None and call.callee.unknown is not None)


def may_call(function: Function, estate: Estate) -> tuple[Unknown, ...]:
    """What may call the function besides its callers: modules that are not loaded and are given it, its alias or its URL, and callers that
    cannot be followed but speak of it."""
    ways = (function.address, *_ways(estate).get(function.address, ()))
    spoken = (call.callee.unknown for way in ways for call in _speaking_of(estate).get(way, ()))
    return tuple(dict.fromkeys([*given_to(function, estate), *(unknown for unknown in spoken if unknown is not None)]))


def given_to(function: Function, estate: Estate) -> tuple[Unknown, ...]:
    """The modules that are not loaded and are given the function, its alias or its URL: they may call it, or configure its calls."""
    ways = (function.address, *_ways(estate).get(function.address, ()))
    given = {call.address: call for way in ways for address in (way, without_index(way)) for call in _given(estate).get(address, ())}
    return tuple(Unknown(call.address, call.place, (function.address,)) for call in given.values())


def told_to_others(callee: Callee, estate: Estate) -> tuple[Unknown, ...]:
    """What hands the alias or version that is meant to people and roots that this one does not show: outputs of the root, parameters.

    Who asks for an alias by its ARN does so in order to call it; a function's own ARN is told for many purposes.
    """
    alias = alias_of(callee, estate)
    if alias is not None:
        return tuple(dict.fromkeys(teller for teller, _ in _told(estate).get(alias.address, ())))
    if callee.qualified is not Qualified.VERSION or callee.target is None:
        return ()
    tellers = _told(estate).get(callee.target, ())
    return tuple(dict.fromkeys(teller for teller, link in tellers if link.attribute in _OF_THE_VERSION))


@once_per_estate
def _told(estate: Estate) -> dict[str, list[tuple[Unknown, Link]]]:
    """What is told by each output and parameter, by the thing that it is told of."""
    found: dict[str, list[tuple[Unknown, Link]]] = {}
    tellers = [(f"output {output.name}", output.place, output.links) for output in estate.outputs]
    tellers += [(secret.address, secret.place, secret.holds) for secret in estate.all(Secret)]
    for name, place, links in tellers:
        for link in links:
            found.setdefault(link.target or "", []).append((Unknown(name, place), link))
    return found


@once_per_estate
def _given(estate: Estate) -> dict[str, list[ModuleCall]]:
    """The calls that are not loaded and may call what they are given, by what that is."""
    found: dict[str, list[ModuleCall]] = {}
    for call in estate.unread_modules:
        if not _CALLS_NOTHING.match(registry_name(call.source)):
            for target in dict.fromkeys(link.target for link in call.links if link.target and link.attribute in _WAYS_TO_IT):
                found.setdefault(target, []).append(call)
    return found


@once_per_estate
def _by_function(estate: Estate) -> dict[str, tuple[Invocation, ...]]:
    found: dict[str, list[Invocation]] = {}
    for call in estate.invocations:
        if call.callee.target is not None:
            found.setdefault(call.callee.target, []).append(call)
    return {function: tuple(calls) for function, calls in found.items()}


@once_per_estate
def _ways(estate: Estate) -> dict[str, tuple[str, ...]]:
    """The aliases and URLs of each function."""
    found: dict[str, list[str]] = {}
    for function, way in _all_ways(estate):
        found.setdefault(function, []).append(way)
    return {function: tuple(dict.fromkeys(ways)) for function, ways in found.items()}


def _all_ways(estate: Estate) -> Iterator[tuple[str, str]]:
    for alias in estate.all(Alias):
        if alias.callee.target is not None:
            yield alias.callee.target, alias.address
    for call in estate.invocations:
        thing = estate.thing(call.by)
        if thing is not None and thing.type == "aws_lambda_function_url" and call.callee.target is not None:
            yield call.callee.target, call.by


@once_per_estate
def _speaking_of(estate: Estate) -> dict[str, list[Invocation]]:
    found: dict[str, list[Invocation]] = {}
    for call in unfollowed(estate):
        for address in call.callee.unknown.mentions if call.callee.unknown is not None else ():
            found.setdefault(address, []).append(call)
    return found

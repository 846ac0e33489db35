"""Whether a function could start from a snapshot instead of being kept ready, by dated data (`reference/snapstart.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.estate.model import Function
from serverful.estate.place import Place
from serverful.estate.value import Basis, Known, Unknown
from serverful.evidence import reference
from serverful.evidence.evidence import Evidence


@dataclass(frozen=True, slots=True)
class SnapStart:
    """Which runtimes have it, and the most ephemeral storage that it accepts."""

    runtimes: frozenset[str]
    ephemeral_storage_mb: int
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """`excluded` cites what certainly rules a snapshot out, `met` what allows it, `unknown` names what decides either elsewhere.

    `as_of` dates what is told of AWS.
    """

    excluded: tuple[Evidence, ...]
    met: tuple[Evidence, ...]
    unknown: tuple[Unknown, ...]
    as_of: date


@cache
def snapstart() -> SnapStart:
    """`reference/snapstart.yaml`."""
    data = reference.read("snapstart.yaml")
    return SnapStart(frozenset(data["runtimes"]), data["ephemeral_storage_mb"], data["as_of"], data["source"])


def conditions_of(function: Function) -> Conditions:
    """Package, runtime, file system and ephemeral storage of a function, against what SnapStart asks of them."""
    excluded: list[Evidence] = []
    met: list[Evidence] = []
    unknown: list[Unknown] = []
    for answer, evidence in _asked(function):
        if isinstance(evidence, Unknown):
            unknown.append(evidence)
        elif answer:
            met.append(evidence)
        else:
            excluded.append(evidence)
    return Conditions(tuple(excluded), tuple(met), tuple(unknown), snapstart().as_of)


def _asked(function: Function) -> Iterator[tuple[bool, Evidence | Unknown]]:
    """Each condition: whether it is met, and what says so."""
    data, package, runtime = snapstart(), function.package_type, function.runtime
    if isinstance(package, Known) and package.value == "Image":
        yield False, Evidence("a container image has no SnapStart", package.place, as_of=data.as_of)
        return
    if isinstance(package, Unknown):
        yield False, package
    if isinstance(runtime, Unknown):
        yield False, runtime
    elif runtime.value is None:
        yield False, Unknown("the runtime, which is not stated", runtime.place)
    else:
        yield _of_runtime(runtime.value, runtime.place, data)
    mounted = function.file_system
    if isinstance(mounted, Unknown):
        yield False, mounted
    elif mounted.value is not None:
        yield False, Evidence("a file system is mounted, which SnapStart excludes", mounted.place)
    storage = function.ephemeral_storage_mb
    if isinstance(storage, Unknown):
        yield False, storage
    elif storage.value > data.ephemeral_storage_mb:
        says = f"{storage.value} MB of ephemeral storage; SnapStart accepts {data.ephemeral_storage_mb}"
        yield False, Evidence(says, storage.place, Basis.STATED, as_of=data.as_of)


def _of_runtime(runtime: str, place: Place, data: SnapStart) -> tuple[bool, Evidence | Unknown]:
    """Whether a runtime has SnapStart; Unknown for one that is newer than the data."""
    if runtime in data.runtimes:
        return True, Evidence(f"{runtime} has SnapStart", place, as_of=data.as_of)
    relatives = sorted((_numbers(name), name) for name in data.runtimes if _language(name) == _language(runtime))
    if relatives and _numbers(runtime) > relatives[-1][0]:
        return False, Unknown(f"whether {runtime} has SnapStart, which is newer than what is known here ({data.as_of})", place)
    later = f" ({relatives[0][1]} and later have)" if relatives and _numbers(runtime) < relatives[0][0] else ""
    return False, Evidence(f"{runtime} has no SnapStart{later}", place, as_of=data.as_of)


def _language(runtime: str) -> str:
    """`python3.12` -> `python`."""
    return re.split(r"\d", runtime, maxsplit=1)[0]


def _numbers(runtime: str) -> list[int]:
    """`python3.12` -> [3, 12]."""
    return [int(number) for number in re.findall(r"\d+", runtime)]

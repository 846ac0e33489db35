"""What a reading holds and what the judge says of it, as one Run: the one place where a Run is made, for both doors."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from serverful.estate.model import Function
from serverful.finding import Finding, ReadKind, Run, Trouble
from serverful.notes import notes_of
from serverful.plan_notes import notes_of_plans
from serverful.policy import Policy
from serverful.stack import stacks

if TYPE_CHECKING:
    from serverful.estate.read.reader import Reading


class _Paths(TypedDict):
    scanned: list[str]
    base: str
    paths: str


PIPED = "-"  # what was read from standard input, among the scanned paths


def run_of(
    reading: Reading,
    findings: Sequence[Finding],
    troubles: Sequence[Trouble],
    policies: Sequence[Policy],
    *,
    scanned: Sequence[Path],
    kind: ReadKind,
    untold: Sequence[Finding] = (),
    is_told: Callable[[str], bool] = lambda file: True,  # noqa: ARG005 (every file is)
    plans: Reading | None = None,
    has_source: bool = False,
    is_piped: bool = False,
    left_out: Sequence[str] = (),
) -> Run:
    """Everything that was read and judged, as a Run.

    `troubles` are all there were: those of the reading too (`troubles_of`), less what the caller was told to leave out. `scanned` are the
    paths that were given, and `is_piped` says that a plan came from standard input as well. `plans` is the part of the reading that was
    read in plans, and `has_source` says whether the folder they were made from was read beside them. `left_out` says what below the
    scanned paths was not to be read, so that two halves of one folder are not taken for the same reading. `untold` are findings that
    stand in files of which nothing is told (`is_told`): the picture of who runs what rests on them too.
    """
    estates = [root.estate for root in reading.roots if root.estate is not None]
    told = {(trouble.file, trouble.line) for trouble in troubles if trouble.line}  # a module whose folder is missing is trouble already
    calls = [call for estate in estates for call in estate.unread_modules if (call.place.file, call.place.line) not in told]
    unread = [*reading.unread, *(_unread_module(call.address, call.source, call.place.spot) for call in calls)]
    planned = notes_of_plans(plans, findings, has_source=has_source) if plans is not None else ()
    rows = stacks(estates, (*findings, *untold), [policy.id for policy in policies])
    return Run(
        findings=list(findings),
        troubles=list(troubles),
        roots=[root.root for root in reading.roots],
        functions=sum(len(estate.all(Function)) for estate in estates),
        policies=len(policies),
        unread=list(dict.fromkeys(unread)),  # many roots may make the same call
        notes=[*notes_of(reading), *planned],
        settings=reading.settings,
        stacks=tuple(row for row in rows if is_told(row.place.file)),
        asked=list(policies),
        kind=kind,
        base_folder=reading.base,
        **_paths(scanned, reading.base, left_out, is_piped=is_piped),
    )


def run_without_reading(
    troubles: Sequence[Trouble], policies: Sequence[Policy], *, scanned: Sequence[Path], base: Path, kind: ReadKind
) -> Run:
    """The Run of what could not be read at all: nothing but its troubles."""
    return Run(troubles=list(troubles), policies=len(policies), asked=list(policies), kind=kind, **_paths(scanned, base))


def troubles_of(reading: Reading) -> list[Trouble]:
    """What went wrong in a reading: of no single root, then root by root."""
    return [*reading.troubles, *(trouble for root in reading.roots for trouble in root.troubles)]


def shown(path: Path) -> str:
    """A path as a record names it: relative to the working directory where it is below it, with forward slashes."""
    here = Path.cwd()
    full = Path(os.path.normpath(here / path))
    return (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()


def _paths(scanned: Sequence[Path], base: Path, left_out: Sequence[str] = (), *, is_piped: bool = False) -> _Paths:
    piped = [PIPED] if is_piped else []
    return {
        "scanned": [shown(path) for path in scanned] + piped,
        "base": _mark(str(base.resolve())),
        "paths": _mark(*(str(path.resolve()) for path in scanned), *piped, *(f"less {one}" for one in left_out)),
    }


def _mark(*words: str) -> str:
    """16 hex digits that are equal for equal words, and do not tell them: where somebody's checkout stands is nobody's business."""
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _unread_module(address: str, source: str, spot: str) -> str:
    return f"{address} ({spot}): a module whose source is not here: {source}"

"""In which order a report tells: the worst first, then as one reads; and what is told under which heading, of which root."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from serverful.natural import NaturalKey, natural
from serverful.policy import Severity
from serverful.record.v1 import FindingV1, FunctionV1, OutcomeV1, RunV1
from serverful.wording import shortened

Root = tuple[int, str]  # its part and its name: outside of git, each scanned folder is a root `.` of its own part
Of = TypeVar("Of", FindingV1, FunctionV1)

_SCANNED = 3  # paths in one title


def as_one_reads(finding: FindingV1) -> tuple[NaturalKey, str, int, str]:
    """A key: by policy (SLS_VPC_2 before SLS_VPC_10), then file, line, address."""
    return natural(finding.policy.id), finding.place.file, finding.place.line, finding.address


def worst_first(findings: Iterable[FindingV1]) -> list[FindingV1]:
    """Those that are for somebody to answer, the most severe first."""
    return sorted((f for f in findings if f.is_failed), key=lambda f: (-Severity[f.severity], as_one_reads(f)))


def of_outcome(findings: Iterable[FindingV1], outcome: OutcomeV1) -> list[FindingV1]:
    """Those with that outcome, without what is skipped or in the baseline."""
    return sorted((f for f in findings if f.skipped is None and not f.in_baseline and f.outcome == outcome), key=as_one_reads)


def skipped(findings: Iterable[FindingV1]) -> list[FindingV1]:
    """What a comment skips, whatever its outcome."""
    return sorted((f for f in findings if f.skipped is not None), key=as_one_reads)


def in_baseline(findings: Iterable[FindingV1]) -> list[FindingV1]:
    """What the baseline knows, and no comment skips: each finding is told under one heading, as it is counted once."""
    return sorted((f for f in findings if f.skipped is None and f.in_baseline), key=as_one_reads)


def by_root(record: RunV1, those: Iterable[Of]) -> dict[Root, list[Of]]:
    """What belongs to each root, in the order of the record; that of a root which the record does not name is there all the same, last."""
    found: dict[Root, list[Of]] = {root: [] for root in titles(record)}
    for one in those:
        found.setdefault((one.part, one.place.root), []).append(one)
    return found


def titles(record: RunV1) -> dict[Root, str]:
    """What people call each root, in the order of the record; not yet made harmless.

    Of several with one name, each says in which of the scanned paths it was found.
    """
    times = Counter(root for part in record.parts for root in part.roots)
    return {
        (number, root): f"{root_name(root)} of {shortened(part.scanned, _SCANNED)}" if times[root] > 1 else root_name(root)
        for number, part in enumerate(record.parts)
        for root in part.roots
    }


def root_name(root: str) -> str:
    """The folder, as people call it; not yet made harmless."""
    return ". (the top folder)" if root == "." else root

"""In which order a report tells: the worst first, then as one reads; and what is told under which heading."""

from __future__ import annotations

from collections.abc import Iterable

from serverful.natural import NaturalKey, natural
from serverful.policy import Severity
from serverful.record.v1 import FindingV1, OutcomeV1, RunV1


def as_one_reads(finding: FindingV1) -> tuple[NaturalKey, str, int, str]:
    """A key: by policy (SLS_VPC_2 before SLS_VPC_10), then file, line, address."""
    return natural(finding.policy.id), finding.place.file, finding.place.line, finding.address


def worst_first(findings: Iterable[FindingV1]) -> list[FindingV1]:
    """Those that are for somebody to answer, the most severe first."""
    return sorted((f for f in findings if f.is_failed), key=lambda f: (-Severity[f.severity], as_one_reads(f)))


def of_outcome(findings: Iterable[FindingV1], outcome: OutcomeV1) -> list[FindingV1]:
    """Those with that outcome, without what is skipped or in the baseline."""
    return sorted((f for f in findings if f.skipped is None and not f.in_baseline and f.outcome == outcome), key=as_one_reads)


def by_root(record: RunV1) -> dict[str, list[FindingV1]]:
    """The findings of each root, in the order of the record; one of a root that the record does not name is there all the same, last."""
    found: dict[str, list[FindingV1]] = {root: [] for root in record.roots}
    for finding in record.findings:
        found.setdefault(finding.place.root, []).append(finding)
    return found


def root_name(root: str) -> str:
    """The folder, as people call it; not yet made harmless."""
    return ". (the top folder)" if root == "." else root

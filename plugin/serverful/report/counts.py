"""Counts a Run once, for every format that wants to say "4 policies looked at 41 functions"."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.finding import Run
from serverful.policy import Severity
from serverful.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Counts:
    """`by_severity` counts the failed ones, worst first, without zeros. A skipped finding counts as skipped and as nothing else.

    So does one that is `in_baseline`.
    """

    policies: int
    functions: int
    roots: int
    failed: int
    by_severity: tuple[tuple[Severity, int], ...]
    justified: int
    undecided: int
    passed: int
    skipped: int
    troubles: int
    in_baseline: int


def count(run: Run) -> Counts:
    """The numbers of one Run."""
    failed = [finding.severity for finding in run.findings if finding.is_failed]
    by_severity = tuple((severity, failed.count(severity)) for severity in sorted(Severity, reverse=True) if severity in failed)
    return Counts(
        policies=run.policies,
        functions=run.functions,
        roots=len(run.roots),
        failed=len(failed),
        by_severity=by_severity,
        justified=len(run.of(Outcome.JUSTIFIED)),
        undecided=len(run.of(Outcome.UNDECIDED)),
        passed=len(run.of(Outcome.PASSED)),
        skipped=sum(finding.skipped is not None for finding in run.findings),
        troubles=len(run.troubles),
        in_baseline=sum(finding.in_baseline for finding in run.findings),
    )

"""The numbers of a record: "44 policies looked at 41 functions"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from serverful.record import v1

_WORST_FIRST: tuple[v1.SeverityV1, ...] = ("HIGH", "MEDIUM", "LOW", "INFO")


def counts_of(findings: Sequence[v1.FindingV1], *, policies: int, functions: int, roots: int, troubles: int) -> v1.CountsV1:
    """What is in a record, counted; severities worst first, without zeros."""
    skipped = sum(finding.skipped is not None for finding in findings)
    known = sum(finding.skipped is None and finding.in_baseline for finding in findings)
    failed = Counter(finding.severity for finding in findings if finding.is_failed)
    others = Counter(finding.outcome for finding in findings if finding.skipped is None and not finding.in_baseline)
    return v1.CountsV1(
        policies=policies,
        functions=functions,
        roots=roots,
        failed=failed.total(),
        failed_by_severity={severity: failed[severity] for severity in _WORST_FIRST if severity in failed},
        justified=others["justified"],
        undecided=others["undecided"],
        passed=others["passed"],
        skipped=skipped,
        in_baseline=known,
        troubles=troubles,
    )

"""The record as SARIF 2.1.0 (OASIS, errata 01, 2023), for code scanning: each result a line, its texts escaped to ASCII.

Messages carry the evidence themselves, for GitHub shows nothing else of a result than its message, its place and the places that the
message links to. What it uses, and its limits: docs.github.com, "SARIF support for code scanning", read 2026-11-27.

Decisions:
- A result is what is for somebody to answer: failed findings, and trouble as SLS_RUN_1, because a run that saw half must not let the
  alerts of the other half be taken for fixed. What passed is none, and neither is what is undecided: GitHub takes every result for a
  problem, whatever its `kind` says. Notifications count what is undecided.
- What is justified, skipped or in the baseline is there with its `suppressions`, as `informational` and without a level, for readers
  that heed them. They are not among the properties that GitHub uses, so leave those results out of what is uploaded there (README).
- Worst first: of more results than GitHub shows (5,000) or takes (25,000), the least are lost. What is left out here is counted in a
  notification.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from serverful.collecting import seldom_collecting
from serverful.explain import RUN_ID
from serverful.policy import Severity
from serverful.record.v1 import FindingV1, RunV1
from serverful.report.details import sentence
from serverful.report.run_details import troubles_of
from serverful.report.sarif_places import SOURCE_ROOT, location
from serverful.report.sarif_results import result_of, spot_of, told, trouble_result
from serverful.report.sarif_rules import rules
from serverful.report.sarif_text import plain
from serverful.report.text import harmless
from serverful.wording import counted

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000

_SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")  # semver.org, 2.0.0
_MOST_NOTIFICATIONS = 1000
_LONGEST_CATEGORY = 200

_written = json.JSONEncoder(separators=(",", ":")).encode


def to_sarif(record: RunV1) -> Iterator[str]:
    """The record as SARIF, in pieces, without a line break at the end. Same record in, same text out."""
    with seldom_collecting():
        yield from _text(record)


def _text(record: RunV1) -> Iterator[str]:
    findings = sorted(filter(_is_told, record.findings), key=_worst_first)
    room = MOST_RESULTS - len(troubles_of(record)[:MOST_RESULTS])
    kept, left_out = findings[:room], findings[room:]
    made = rules(record.policies, (finding.policy for finding in kept))
    indices = {rule["id"]: index for index, rule in enumerate(made)}
    head = {
        "tool": {"driver": _driver(record) | {"rules": made}},
        "automationDetails": {"id": _category(record), "description": {"text": "serverful: why is each function serverful?"}},
        "invocations": [_invocation(record, indices, left_out)],
        "originalUriBaseIds": {
            SOURCE_ROOT: {"description": {"text": "The git top level of what was scanned; outside of git that itself."}}
        },
        "properties": {"today": harmless(record.today), "failOn": record.decision.fail_on, "counts": asdict(record.counts)},
    }
    yield f'{{"$schema":{_written(SCHEMA)},"version":"2.1.0","runs":[{{'
    for name, value in head.items():
        yield f'\n"{name}":{_written(value)},'
    yield '\n"results":['
    has_baseline = any(finding.in_baseline for finding in record.findings)
    between = "\n"
    for result, is_known in _results(record, kept, indices):
        if has_baseline:  # of all or of none (3.27.24)
            result["baselineState"] = "unchanged" if is_known else "new"
        yield between + _written(result)
        between = ",\n"
    yield "]}]}" if between == "\n" else "\n]}]}"


def _is_told(finding: FindingV1) -> bool:
    return finding.outcome in ("failed", "justified")


def _worst_first(finding: FindingV1) -> tuple[bool, int]:
    return not finding.is_failed, -Severity[finding.severity]  # and as they stand in the record: the sort is stable


def _driver(record: RunV1) -> dict[str, Any]:
    driver = {
        "name": "serverful",
        "fullName": "serverful: policies that ask why AWS Lambda functions are serverful",
        "version": harmless(record.serverful),
    }
    return driver | ({"semanticVersion": record.serverful} if _SEMANTIC.fullmatch(record.serverful) else {})


def _category(record: RunV1) -> str:
    """`serverful/source/infra/`: of the results with one category, GitHub shows the newest. So it says what was scanned, not what was
    found there, and nothing of this machine.
    """
    kinds = sorted({part.kind.replace(" ", "-") for part in record.parts})
    scanned = sorted(
        {path.rstrip("/").rpartition("/")[2] if _is_elsewhere(path) else path.strip("/") for part in record.parts for path in part.scanned}
    )
    paths = "+".join(harmless(path) for path in scanned if path not in ("", "."))
    if len(paths) > _LONGEST_CATEGORY:
        paths = f"{len(scanned)}-paths-{hashlib.sha256(paths.encode()).hexdigest()[:16]}"
    return "/".join(["serverful", *(["+".join(kinds)] if kinds else []), *([paths] if paths else []), ""])


def _is_elsewhere(path: str) -> bool:
    return path.startswith("/") or path[1:2] == ":"


def _results(record: RunV1, findings: Iterable[FindingV1], indices: dict[str, int]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each result, and whether it was in the baseline."""
    pages = {policy.id: policy.page for policy in record.policies}
    for trouble in troubles_of(record)[:MOST_RESULTS]:
        yield trouble_result(record, indices[RUN_ID], trouble), False
    for finding in findings:
        yield result_of(finding, indices, pages.get(finding.policy.id)), finding.in_baseline


def _invocation(record: RunV1, indices: dict[str, int], left_out: Sequence[FindingV1]) -> dict[str, Any]:
    notifications = list(_notifications(record, indices, left_out))
    if len(notifications) > _MOST_NOTIFICATIONS:
        more = len(notifications) - _MOST_NOTIFICATIONS
        notifications = [*notifications[:_MOST_NOTIFICATIONS], _notification("note", f"{more:,} more notifications are left out.")]
    return {
        "executionSuccessful": not troubles_of(record),
        "exitCode": record.decision.exit_code,
        "exitCodeDescription": harmless(record.decision.because),
        "toolExecutionNotifications": notifications,
    }


def _notifications(record: RunV1, indices: dict[str, int], left_out: Sequence[FindingV1]) -> Iterator[dict[str, Any]]:
    if left_out:
        by_severity = Counter(finding.severity for finding in left_out)
        counts = ", ".join(f"{by_severity[severity]:,} {severity}" for severity in sorted(by_severity, key=lambda one: -Severity[one]))
        yield _notification(
            "warning",
            f"{len(left_out):,} results ({counts}) are left out, the least ones: code scanning refuses more than {MOST_RESULTS:,}. "
            "`--format json` has all of them.",
        )
    for trouble in troubles_of(record):
        file, line = spot_of(record, trouble)
        made = _notification("error", told(trouble)) | {"locations": [location(file, line)]}
        rule = trouble.policy if trouble.policy in indices else RUN_ID
        yield made | {"associatedRule": {"id": rule, "index": indices[rule]}}
    if undecided := record.counts.undecided:
        yield _notification("note", f"{counted(undecided, 'answer')} undecided: `serverful scan` lists them, and what would decide.")
    for unread in record.unread:
        yield _notification("note", f"Seen, and not read: {plain(unread.says)}")
    for note in record.notes:
        yield _notification("note", plain(sentence(note.says))) | {"locations": [location(note.file, note.line)]}


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}

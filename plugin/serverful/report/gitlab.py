"""The record as a Code Quality report of GitLab: what a merge request shows in its widget, and at the lines of its changes.

By "Code Quality", "Code Quality report format" of GitLab's documentation (2026), and what its parser does
(`lib/gitlab/ci/parsers/codequality/code_climate.rb`): it stops at the first entry that it does not like, so every entry is whole.

- Only what is for somebody to answer is here: failed, and neither skipped nor in the baseline. GitLab knows no third state, so what is
  justified or undecided is in none of its entries; JUnit and Markdown have it.
- Trouble is an entry of the highest severity: an empty report would look like a clean one.
- GitLab shows a description as one line of plain text. So what was seen stands in it, in short.
- Of two entries with one fingerprint GitLab shows one. Where a record holds two findings with one (the same root, read twice), the second
  gets one of its own.
- The text is ASCII: GitLab takes no byte order mark, and none can get in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from serverful.explain import RUN_ID
from serverful.record.v1 import FindingV1, RunV1, SeverityV1, TroubleV1
from serverful.report.details import said_of, spot
from serverful.report.order import worst_first
from serverful.report.run_details import trouble_about, troubles_of
from serverful.report.text import harmless
from serverful.wording import cut

_SEVERITIES: dict[SeverityV1, str] = {"HIGH": "critical", "MEDIUM": "major", "LOW": "minor", "INFO": "info"}
_WORST = "blocker"
_SEEN = 2  # pieces of evidence in one line
_LONGEST = 1_000  # characters of a description

_Entry = dict[str, object]


def to_gitlab(record: RunV1) -> Iterator[str]:
    """The report, in pieces: trouble first, then the worst."""
    used: set[str] = set()
    opening = "[\n"
    for entry in _entries(record, used):
        yield f"{opening}  {json.dumps(entry)}"
        opening = ",\n"
    yield "[]" if not used else "\n]"


def _entries(record: RunV1, used: set[str]) -> Iterator[_Entry]:
    for trouble in troubles_of(record):
        yield _trouble(trouble, used)
    for finding in worst_first(record.findings):
        place = finding.telling
        made = _fingerprint(used, finding.fingerprint, place.file, known=finding.fingerprint)
        yield _entry(_description(finding), finding.policy.id, made, _SEVERITIES[finding.severity], place.file, place.line)


def _trouble(trouble: TroubleV1, used: set[str]) -> _Entry:
    at = trouble.file or trouble.root
    # No line: what is broken stays the same when the lines above it change.
    made = _fingerprint(used, RUN_ID, trouble.root, at, trouble.what, trouble.policy or "", trouble.address or "")
    what = ": ".join(part for part in (at, trouble_about(trouble), trouble.what) if part)
    return _entry(" ".join(part for part in (RUN_ID, what, trouble.means, trouble.mend) if part), RUN_ID, made, _WORST, at, trouble.line)


def _description(finding: FindingV1) -> str:
    parts = [f"{finding.policy.id} {said_of(finding)}", f"Better: {finding.recommendation}"]
    if finding.path:
        seen = [f"{evidence.says} ({spot(evidence.place)})" for evidence in finding.path[:_SEEN]]
        more = f" and {len(finding.path) - _SEEN} more" if len(finding.path) > _SEEN else ""
        parts.append(f"Seen: {'; '.join(seen)}{more}.")
    return " ".join(parts)


def _entry(description: str, check_name: str, fingerprint: str, severity: str, path: str, line: int) -> _Entry:
    return {
        "description": cut(harmless(description), _LONGEST),
        "check_name": harmless(check_name),
        "fingerprint": harmless(fingerprint),
        "severity": severity,
        # Relative to the top folder of the repository, where the runner stands. A plan has no lines, and GitLab wants one.
        "location": {"path": harmless(path.removeprefix("./")), "lines": {"begin": max(line, 1)}},
    }


def _fingerprint(used: set[str], *parts: str, known: str = "") -> str:
    """`known`, or one made of the parts, where it is the first of its kind; else one that nobody else has."""
    made, number = known or _hashed(parts), 1
    while made in used:
        number += 1
        made = _hashed((*parts, str(number)))
    used.add(made)
    return made


def _hashed(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

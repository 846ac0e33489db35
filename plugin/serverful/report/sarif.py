"""The record as SARIF 2.1.0 (OASIS, errata 01, 2023), for code scanning: each result a line, its texts escaped to ASCII.

Messages carry the evidence themselves, for GitHub shows nothing else of a result than its message, its place and the places that the
message links to. What it uses, and its limits: docs.github.com, "SARIF support for code scanning", read 2026-11-27.

Decisions:
- A result is what is for somebody to answer: failed findings, and trouble as SLS_RUN_1, because a run that saw half must not let the
  alerts of the other half be taken for fixed. What passed is none, and neither is what is undecided: GitHub takes every result for a
  problem, whatever its `kind` says. Notifications count what is undecided.
- What is justified, skipped or in the baseline is there with its `suppressions`, as `informational` and without a level, for readers
  that heed them. GitHub does not, so leave those results out of what is uploaded there (README).
- Worst first: of more results than GitHub shows (5,000) or takes (25,000), the least are lost. What is left out here is counted in a
  notification.
- A place outside the repository (a module beside it) is shown at the call inside it.
- A finding in a plan has no line to hash; its own fingerprint stands in for that hash, so that alerts are neither merged nor doubled.
- Two instances of one block (`for_each`, a module called twice) are two results with one hash: that is how GitHub counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from serverful.collecting import seldom_collecting
from serverful.record.v1 import EvidenceV1, FindingV1, PlaceV1, RunV1, TroubleV1
from serverful.report.details import how_to_answer, justification, sentence, spot, where, where_to_read_on
from serverful.report.sarif_places import SOURCE_ROOT, is_inside, location
from serverful.report.sarif_rules import LEVELS, RUN_ID, rules
from serverful.report.sarif_text import ITEMS, cut, link, listed, plain
from serverful.report.text import harmless
from serverful.wording import counted

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000

_LINE_HASH = "primaryLocationLineHash"
_ORDER = {"HIGH": 0, "MEDIUM": 1, "LOW": 2, "INFO": 3}
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
    room = MOST_RESULTS - len(record.troubles[:MOST_RESULTS])
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
        "properties": _counts(record),
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
    return not finding.is_failed, _ORDER[finding.severity]  # and as they stand in the record: the sort is stable


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


def _counts(record: RunV1) -> dict[str, Any]:
    counts = record.counts
    return {
        "today": harmless(record.today),
        "failOn": record.decision.fail_on,
        "counts": {
            name: getattr(counts, name)
            for name in (
                "policies",
                "functions",
                "roots",
                "failed",
                "justified",
                "undecided",
                "passed",
                "skipped",
                "in_baseline",
                "troubles",
            )
        },
    }


# --- results ------------------------------------------------------------------------------------------------------------------------


def _results(record: RunV1, findings: Iterable[FindingV1], indices: dict[str, int]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each result, and whether it was in the baseline."""
    pages = {policy.id: policy.page for policy in record.policies}
    for trouble in record.troubles[:MOST_RESULTS]:
        yield _trouble(record, indices[RUN_ID], trouble), False
    for finding in findings:
        yield _result(finding, indices, pages.get(finding.policy.id)), finding.in_baseline


def _result(finding: FindingV1, indices: dict[str, int], page: str | None) -> dict[str, Any]:
    shown = _shown(finding)
    path = list(enumerate(finding.path[:ITEMS], 1))  # the number of a place is its id
    rule = plain(finding.policy.id)
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": indices[rule],
        "kind": "fail" if finding.is_failed else "informational",
        "level": LEVELS[finding.severity] if finding.is_failed else "none",
        "message": {"text": "\n".join(_message(finding, page))},
        "locations": [location(shown.file, shown.line, address=finding.address)],
        "fingerprints": {"serverful/v1": harmless(finding.fingerprint)},
    }
    if line_hash := _hash(finding, shown):
        result["partialFingerprints"] = {_LINE_HASH: harmless(line_hash)}
    if related := [_related(evidence, number) for number, evidence in path if evidence.place.line]:
        result["relatedLocations"] = related
    result["suppressions"] = list(_suppressions(finding))  # none is an empty list: either all results have one, or none has (3.27.23)
    result["properties"] = {"outcome": finding.outcome, "severity": finding.severity}
    return result


def _shown(finding: FindingV1) -> PlaceV1:
    if is_inside(finding.telling):
        return finding.telling
    return next((call for call in finding.calls if is_inside(call)), finding.telling)


def _hash(finding: FindingV1, shown: PlaceV1) -> str | None:
    if not shown.line:
        return f"{finding.fingerprint}:1"
    return finding.line_hash if shown is finding.telling else None


def _message(finding: FindingV1, page: str | None) -> Iterator[str]:
    """What `details.py` tells, in one message; the lines that were seen lead to their places."""
    is_failed = finding.outcome == "failed"
    yield f"{plain(finding.address)}: {plain(sentence(finding.says))}"
    if finding.calls and is_failed:
        calls = " from ".join(f"{place.address} ({spot(place)})" for place in finding.calls[:ITEMS])
        yield plain(f"It is made by {calls}: a tag given there, or a comment in that block, may hold the reason.")
    if finding.skipped is not None:
        yield plain(f"Skipped by a comment, without owner or end date: {finding.skipped or 'no reason given'}")
    if finding.in_baseline:
        yield "It was there when the baseline was written."
    if finding.path:
        yield "What was seen:" if is_failed else "Because:"
        yield from listed([_seen(evidence, number) for number, evidence in enumerate(finding.path[:ITEMS], 1)], of=len(finding.path))
    if finding.missed:
        yield "Looked at, and not found:"
        yield from listed([plain(missed) for missed in finding.missed[:ITEMS]], of=len(finding.missed))
    if finding.unknown:
        yield "Decided outside this root:"
        told = [plain(f"{unknown.expression} ({where(unknown.place)})") for unknown in finding.unknown[:ITEMS]]
        yield from listed(told, of=len(finding.unknown))
    if finding.outcome == "justified" and finding.reason is not None:
        yield f"Justified: {plain(justification(finding))}"
    if finding.cost is not None:
        yield plain(f"What it costs: {finding.cost.says}")
    if is_failed:
        yield plain(f"Better: {finding.recommendation}")
        yield from map(plain, how_to_answer(finding))
        yield plain(where_to_read_on(finding, page))


def _seen(evidence: EvidenceV1, number: int) -> str:
    dated = f" (as of {evidence.as_of})" if evidence.as_of else ""
    at = spot(evidence.place)
    return (
        f"{plain(evidence.says)}{plain(dated)} · {plain(evidence.place.address)} · {link(at, number) if evidence.place.line else plain(at)}"
    )


def _related(evidence: EvidenceV1, number: int) -> dict[str, Any]:
    place = evidence.place
    return location(place.file, place.line, id=number, says=plain(evidence.says), address=place.address)


def _suppressions(finding: FindingV1) -> Iterator[dict[str, Any]]:
    if finding.outcome == "justified" and finding.reason is not None:
        reason = finding.reason
        text = f"{reason.category}{': ' if reason.text else ''}{reason.text}"
        yield _suppression(
            "external" if reason.source == "settings" else "inSource",
            f"{cut(text)} (owner {reason.owner}, until {reason.until})",
            reason.place,
        )
    elif finding.outcome == "justified":
        yield _suppression("inSource", finding.says, finding.place)
    if finding.skipped is not None:
        yield _suppression("inSource", finding.skipped or "no reason given", finding.place)
    if finding.in_baseline:
        yield _suppression("external", "It was there when the baseline was written.", None)


def _suppression(kind: str, text: str, place: PlaceV1 | None) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": kind, "status": "accepted", "justification": harmless(cut(text))}
    return made if place is None else made | {"location": location(place.file, place.line)}


# --- trouble ------------------------------------------------------------------------------------------------------------------------


def _trouble(record: RunV1, index: int, trouble: TroubleV1) -> dict[str, Any]:
    file, line = _spot_of(record, trouble)
    result: dict[str, Any] = {
        "ruleId": RUN_ID,
        "ruleIndex": index,
        "kind": "fail",
        "level": "error",
        "message": {"text": _told(trouble)},
        "locations": [location(file, line, address=trouble.address)],
    }
    if not line:  # where there is one, the upload hashes it
        key = "\0".join((RUN_ID, trouble.root, file, trouble.policy or "", trouble.address or "" if trouble.policy else trouble.what))
        result["partialFingerprints"] = {_LINE_HASH: f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}:1"}
    return result | {"suppressions": [], "properties": {"outcome": "trouble", "severity": "HIGH"}}


def _told(trouble: TroubleV1) -> str:
    """What, means, mend. The first often has no subject of its own: it begins with the file, as everywhere."""
    at = f"{trouble.file}:{trouble.line}" if trouble.file and trouble.line else trouble.file or trouble.root
    return "\n".join((f"{plain(at)}: {plain(trouble.what)}", plain(trouble.means), plain(trouble.mend)))


def _spot_of(record: RunV1, trouble: TroubleV1) -> tuple[str, int]:
    """Where it is shown. GitHub refuses a whole upload for one result without a place, so a trouble of a root stands on its folder, or on
    a file of it.
    """
    if trouble.file:
        return trouble.file, trouble.line
    first = next((finding.place.file for finding in record.findings if finding.place.root == trouble.root), None)
    return first or trouble.root or ".", 0


# --- how the run went ---------------------------------------------------------------------------------------------------------------


def _invocation(record: RunV1, indices: dict[str, int], left_out: Sequence[FindingV1]) -> dict[str, Any]:
    notifications = list(_notifications(record, indices, left_out))
    if len(notifications) > _MOST_NOTIFICATIONS:
        more = len(notifications) - _MOST_NOTIFICATIONS
        notifications = [*notifications[:_MOST_NOTIFICATIONS], _notification("note", f"{more:,} more notifications are left out.")]
    return {
        "executionSuccessful": not record.troubles and record.decision.exit_code != 2,
        "exitCode": record.decision.exit_code,
        "exitCodeDescription": harmless(record.decision.because),
        "toolExecutionNotifications": notifications,
    }


def _notifications(record: RunV1, indices: dict[str, int], left_out: Sequence[FindingV1]) -> Iterator[dict[str, Any]]:
    if record.decision.exit_code == 2 and not record.troubles:
        yield _notification("error", f"{sentence(plain(record.decision.because))} That is no pass.")
    if left_out:
        by_severity = Counter(finding.severity for finding in left_out)
        counts = ", ".join(f"{number:,} {severity}" for severity, number in sorted(by_severity.items(), key=lambda pair: _ORDER[pair[0]]))
        yield _notification(
            "warning",
            f"{len(left_out):,} results ({counts}) are left out, the least ones: code scanning refuses more than {MOST_RESULTS:,}. "
            "`--format json` has all of them.",
        )
    for trouble in record.troubles:
        file, line = _spot_of(record, trouble)
        made = _notification("error", _told(trouble)) | {"locations": [location(file, line)]}
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

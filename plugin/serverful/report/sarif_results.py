"""Findings and troubles as SARIF's results; `sarif.py` says which, and why so.

A place outside the repository (a module beside it) is shown at the call inside it. A finding in a plan has no line to hash: its own
fingerprint stands in for that hash, so that alerts are neither merged nor doubled. Two instances of one block (`for_each`, a module called
twice) are two results with one hash: that is how GitHub counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from serverful.explain import RUN_ID
from serverful.record.v1 import EvidenceV1, FindingV1, PlaceV1, RunV1, TroubleV1
from serverful.report.details import KNOWN, parts, spot, why_skipped
from serverful.report.run_details import trouble_spot
from serverful.report.sarif_places import is_inside, location
from serverful.report.sarif_rules import LEVELS
from serverful.report.sarif_text import ITEMS, cut, link, listed, plain
from serverful.report.text import harmless

_LINE_HASH = "primaryLocationLineHash"


def result_of(finding: FindingV1, indices: dict[str, int], page: str | None) -> dict[str, Any]:
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
    for part in parts(finding, page):
        match part.kind:
            case "says":
                yield f"{plain(finding.address)}: {plain(part.line)}"
            case "reason":
                yield f"Justified: {plain(part.line)}"
            case "answer":  # a command to paste is no item
                yield plain(part.line)
                yield from (f"  {plain(item)}" for item in part.items)
            case "seen":
                yield plain(part.line)
                yield from listed(
                    [_seen(evidence, number) for number, evidence in enumerate(finding.path[:ITEMS], 1)], of=len(finding.path)
                )
            case _:
                yield plain(part.line)
                yield from listed([plain(item) for item in part.items[:ITEMS]], of=len(part.items))


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
        yield _suppression("inSource", why_skipped(finding), finding.place)
    if finding.in_baseline:
        yield _suppression("external", KNOWN, None)


def _suppression(kind: str, text: str, place: PlaceV1 | None) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": kind, "status": "accepted", "justification": harmless(cut(text))}
    return made if place is None else made | {"location": location(place.file, place.line)}


def trouble_result(record: RunV1, index: int, trouble: TroubleV1) -> dict[str, Any]:
    file, line = spot_of(record, trouble)
    result: dict[str, Any] = {
        "ruleId": RUN_ID,
        "ruleIndex": index,
        "kind": "fail",
        "level": "error",
        "message": {"text": told(trouble)},
        "locations": [location(file, line, address=trouble.address)],
    }
    if not line:  # where there is one, the upload hashes it
        key = "\0".join((RUN_ID, trouble.root, file, trouble.policy or "", trouble.address or "" if trouble.policy else trouble.what))
        result["partialFingerprints"] = {_LINE_HASH: f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}:1"}
    return result | {"suppressions": [], "properties": {"outcome": "trouble", "severity": "HIGH"}}


def told(trouble: TroubleV1) -> str:
    """What, means, mend. The first often has no subject of its own: it begins with the file, as everywhere."""
    said = (f"{trouble_spot(trouble)}: {trouble.what}", trouble.means, trouble.mend)
    return "\n".join(plain(one) for one in said if one)


def spot_of(record: RunV1, trouble: TroubleV1) -> tuple[str, int]:
    """Where it is shown. GitHub refuses a whole upload for one result without a place, so a trouble of a root stands on its folder, or on
    a file of it.
    """
    if trouble.file:
        return trouble.file, trouble.line
    first = next((finding.place.file for finding in record.findings if finding.place.root == trouble.root), None)
    return first or trouble.root or ".", 0

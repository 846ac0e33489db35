"""Findings on the console: worst first, each in full as long as that can be read, and from then on the like of it in a line.

Decisions:
- Up to so many findings, each is told in full. Beyond that the worst of each policy is, and the others are lines with a place to go to:
  who has 300 functions wants to know which question it is, and where. `--verbose` tells all in full.
- What is decided outside is told by what decides it: one variable may keep a hundred questions open, and is one thing to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from serverful.natural import natural
from serverful.policy import Severity
from serverful.record.v1 import FindingV1
from serverful.report.details import details, justification, spot, why_skipped, would_decide
from serverful.report.order import in_baseline, of_outcome, skipped, worst_first
from serverful.report.page import SEVERITY_STYLES, Page
from serverful.report.text import harmless
from serverful.wording import counted, joined, shortened

_ALL_IN_FULL = 40  # findings of a run that are each told in full
_IN_LINES = 10  # of each policy, besides
_APIECE = 12  # undecided, each told for itself
_LISTED = 20  # justified, skipped
_DECIDERS = 12  # of what would decide

Pages = Mapping[str, str | None]  # where the page of each policy is hosted


def write_failed(page: Page, findings: Iterable[FindingV1], pages: Pages, *, everything: bool) -> None:
    """What is for somebody to answer, worst first over all roots."""
    failed = worst_first(findings)
    if everything or len(failed) <= _ALL_IN_FULL:
        for finding in failed:
            page.blank()
            _write_whole(page, finding, pages)
        return
    told: set[str] = set()
    for alike in _by_policy(failed):
        first = alike[0]
        is_new = first.policy.id not in told
        told.add(first.policy.id)
        page.blank()
        if is_new:
            _write_whole(page, first, pages)
        if rest := alike[is_new:]:
            style = SEVERITY_STYLES[Severity[first.severity]]
            page.line((first.severity, style), (f"  {first.policy.id} failed as well at", "bold"), indent=2)
            _write_lines(page, rest, _IN_LINES)


def write_quietly(page: Page, findings: Iterable[FindingV1]) -> None:
    """A line for each finding, worst first."""
    failed = worst_first(findings)
    if not failed:
        return
    rank, asked = max(len(f.severity) for f in failed) + 2, max(len(f.policy.id) for f in failed) + 2
    for finding in failed:
        style = SEVERITY_STYLES[Severity[finding.severity]]
        page.line(
            (finding.severity.ljust(rank), style),
            (finding.policy.id.ljust(asked), "bold"),
            (harmless(finding.address), ""),
            (_whereabouts(finding), "dim"),
        )


def write_justified(page: Page, findings: Iterable[FindingV1], *, everything: bool) -> None:
    """What a person has answered: whose reason, until when."""
    justified = of_outcome(findings, "justified")
    _write_group(page, "Justified by a recorded reason", justified, _write_justification, everything=everything)


def write_skipped(page: Page, findings: Iterable[FindingV1], *, everything: bool) -> None:
    """What a comment skips, which is no recorded reason."""
    _write_group(page, "Skipped by a comment, without owner or end date", skipped(findings), _write_skip, everything=everything)


def write_known(page: Page, findings: Iterable[FindingV1], *, everything: bool) -> None:
    """What the baseline knows, policy by policy: people have seen it, and look for what is new."""
    known = in_baseline(findings)
    if not known:
        return
    page.blank()
    page.line((f"Known since the baseline: {counted(len(known), 'finding')}", "bold"))
    for policy_id, group in groupby(known, key=lambda finding: finding.policy.id):
        alike = list(group)
        of_each = Counter(Severity[finding.severity] for finding in alike)
        numbers = ", ".join(f"{of_each[severity]} {severity.name}" for severity in sorted(of_each, reverse=True))
        page.heading((policy_id, "bold"), (f"  {numbers}  ", ""), (harmless(alike[0].policy.title), "dim"), indent=2)
        for finding in alike if everything else ():
            page.line((harmless(finding.address), ""), (_whereabouts(finding), "dim"), indent=4)
            page.text(details(finding)[0], indent=6)


def write_undecided(page: Page, findings: Iterable[FindingV1], *, everything: bool) -> None:
    """What could not be decided, and what would decide it."""
    undecided = of_outcome(findings, "undecided")
    if not undecided:
        return
    if everything or len(undecided) <= _APIECE:
        _write_group(page, "Undecided", undecided, _write_open, everything=True)
        return
    page.blank()
    page.line((f"Undecided, by what would decide it ({counted(len(undecided), 'question')})", "bold"))
    named = deciding(undecided)
    for what, opened in named[:_DECIDERS]:
        page.line((harmless(what), ""), (f"  {counted(len(opened), 'question')}", "dim"), indent=2)
        by_subjects: dict[tuple[str, ...], list[str]] = {}
        for alike in _by_policy(opened):
            by_subjects.setdefault(tuple(dict.fromkeys(f.address for f in alike)), []).append(alike[0].policy.id)
        for subjects, asked in by_subjects.items():
            page.text(f"{joined(asked)}: {harmless(shortened(subjects, 2))}", indent=4)
    if more := named[_DECIDERS:]:
        page.text(f"and {counted(len(more), 'other thing')}; --verbose tells each question.", "dim", indent=2)


def write_passed(page: Page, findings: Iterable[FindingV1]) -> None:
    """What passed, and because of what."""
    passed = of_outcome(findings, "passed")
    _write_group(page, "Passed", passed, _write_details, everything=True)


def deciding(undecided: Sequence[FindingV1]) -> list[tuple[str, list[FindingV1]]]:
    """The expressions that would decide, each with the findings it keeps open; what keeps most open first."""
    found: dict[str, list[FindingV1]] = {}
    for finding in undecided:
        names = dict.fromkeys(unknown.expression for unknown in finding.unknown) or {"something that has no name here": None}
        for name in names:
            found.setdefault(name, []).append(finding)
    return sorted(found.items(), key=lambda item: (-len(item[1]), natural(item[0])))


def _write_whole(page: Page, finding: FindingV1, pages: Pages) -> None:
    # A title is a statement that may hold or not; here it does not.
    page.heading(
        (finding.severity, SEVERITY_STYLES[Severity[finding.severity]]),
        (f"  {finding.policy.id} failed: {harmless(finding.policy.title)}", "bold"),
        indent=2,
    )
    page.line((harmless(finding.address), ""), ("  " + harmless(spot(finding.telling)), "dim"), indent=4)
    for line in details(finding, pages.get(finding.policy.id)):
        if line.startswith("  serverful "):  # a command to paste is not broken over lines
            page.line((line, ""), indent=4)
        else:
            page.text(line, indent=4)


def _write_lines(page: Page, findings: Sequence[FindingV1], shown: int) -> None:
    for finding in findings[:shown]:
        page.line((harmless(finding.address), ""), (_whereabouts(finding), "dim"), indent=4)
    if more := findings[shown:]:
        page.text(f"and {len(more)} more; --verbose tells each.", "dim", indent=4)


def _whereabouts(finding: FindingV1) -> str:
    """Where it stands and, of what a module makes, where that is called: one line of a module may be many functions."""
    made = f", made at {spot(finding.calls[-1])}" if finding.calls else ""
    return harmless(f"  {spot(finding.telling)}{made}")


def _write_group(
    page: Page, heading: str, findings: Sequence[FindingV1], write: Callable[[Page, FindingV1], None], *, everything: bool
) -> None:
    if not findings:
        return
    page.blank()
    page.line((heading, "bold"))
    shown = len(findings) if everything else _LISTED
    for finding in findings[:shown]:
        page.line((finding.policy.id, "bold"), (f"  {harmless(finding.address)}  ", ""), (harmless(spot(finding.place)), "dim"), indent=2)
        write(page, finding)
    if more := findings[shown:]:
        page.text(f"and {len(more)} more; --verbose tells each.", "dim", indent=2)


def _write_justification(page: Page, finding: FindingV1) -> None:
    page.text(justification(finding), indent=4)


def _write_skip(page: Page, finding: FindingV1) -> None:
    page.text(harmless(why_skipped(finding)), indent=4)


def _write_open(page: Page, finding: FindingV1) -> None:
    page.text(details(finding)[0], indent=4)  # the statement itself; what it rests on would bury what is failed
    if named := would_decide(finding):
        page.text(harmless(f"Would decide it: {', '.join(named)}"), indent=4)


def _write_details(page: Page, finding: FindingV1) -> None:
    for line in details(finding):
        page.text(line, indent=4)


def _by_policy(findings: Sequence[FindingV1]) -> Iterator[list[FindingV1]]:
    """Findings of one severity and policy together, in the order in which they come."""
    found: dict[tuple[str, str], list[FindingV1]] = {}
    for finding in findings:
        found.setdefault((finding.severity, finding.policy.id), []).append(finding)
    yield from found.values()


def _named(findings: Sequence[FindingV1], shown: int) -> str:
    return harmless(shortened([finding.address for finding in findings], shown))

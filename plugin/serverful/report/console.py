"""A Run for people at a terminal or in a log: the verdict first, the worst next, the numbers last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from serverful.gate import CLEAN
from serverful.natural import NaturalKey, natural
from serverful.policy import Severity
from serverful.record.v1 import FindingV1, OutcomeV1, PlaceV1, RunV1
from serverful.report.details import details, justification, spot, where
from serverful.report.formats import Look
from serverful.report.page import SEVERITY_STYLES, Page
from serverful.report.text import harmless
from serverful.report.verdict_line import count_line, verdict_line


def to_console(record: RunV1, look: Look) -> Iterator[str]:
    """The report, plain or with colours, without a line break at the end."""
    page = Page(look.width)
    unread = record.unread
    page.line((verdict_line(record), "bold green" if record.decision.exit_code == CLEAN else "bold red"))
    # A finding's root is its place's; one that no root of the run claims is shown all the same, last.
    by_root: dict[str, list[FindingV1]] = {root: [] for root in record.roots}
    for finding in record.findings:
        by_root.setdefault(finding.place.root, []).append(finding)
    pages = {policy.id: policy.page for policy in record.policies}
    for root, findings in by_root.items():
        _write_root(page, root, findings, pages, look.verbose)
    _write_troubles(page, record)
    if unread:
        page.blank()
        page.line(("Seen, not read, so not judged (`terraform init` brings modules)", "bold"))
        for one in unread:
            page.text("  " + harmless(one.says))
    if record.notes:
        page.blank()
        page.line(("Notes, which change no verdict", "bold"))
        for note in record.notes:
            page.text("  " + harmless(f"{note.file}:{note.line} {note.says}" if note.line else f"{note.file} {note.says}"))
    page.blank()
    for settings in dict.fromkeys(part.settings for part in record.parts if part.settings):
        page.line((harmless(f"Settings: {settings}"), "dim"))
    page.line((count_line(record.counts), "bold"))
    yield page.painted() if look.painted else page.plain()


def _write_root(page: Page, root: str, findings: list[FindingV1], pages: Mapping[str, str | None], verbose: bool) -> None:
    """Nothing at all for a root where everything passed, unless asked: silence is praise, and the count line has it."""
    failed = sorted((f for f in findings if f.is_failed), key=lambda f: (-Severity[f.severity], *_order(f)))
    quieter: list[tuple[str, list[FindingV1], Callable[[Page, FindingV1], None]]] = [
        ("Justified by a recorded reason", _of(findings, "justified"), _write_justified),
        ("Undecided", _of(findings, "undecided"), _write_undecided),
        (
            "Skipped by a comment, without owner or end date",
            sorted((f for f in findings if f.skipped is not None), key=_order),
            _write_skipped,
        ),
        ("Passed", _of(findings, "passed") if verbose else [], _write_passed),
    ]
    if not failed and not any(group for _, group, _ in quieter):
        return
    page.blank()
    page.line((_root_name(root), "bold underline"))
    for finding in failed:
        page.blank()
        _write_failed(page, finding, pages.get(finding.policy.id))
    for heading, group, write in quieter:
        if group:
            page.blank()
            page.line((heading, "bold"), indent=2)
            for finding in group:
                page.line((finding.policy.id, "bold"), (f"  {harmless(finding.address)}  ", ""), (_spot(finding.place), "dim"), indent=4)
                write(page, finding)


def _write_failed(page: Page, finding: FindingV1, hosted: str | None) -> None:
    severity = Severity[finding.severity]
    # A title is a statement that may hold or not; here it does not.
    page.line((severity.name, SEVERITY_STYLES[severity]), (f"  {finding.policy.id} failed: {finding.policy.title}", "bold"), indent=2)
    page.line((harmless(finding.address), ""), ("  " + _spot(finding.place), "dim"), indent=4)
    for line in details(finding, hosted):
        if line.startswith("  serverful "):  # a command to paste is not broken over lines
            page.line((line, ""), indent=4)
        else:
            page.text(line, indent=4)


def _write_justified(page: Page, finding: FindingV1) -> None:
    page.text(justification(finding), indent=6)


def _write_undecided(page: Page, finding: FindingV1) -> None:
    page.text(details(finding)[0], indent=6)  # the statement itself; what it rests on would bury what is failed
    named = dict.fromkeys(f"{unknown.expression} ({where(unknown.place)})" for unknown in finding.unknown)
    if named:
        page.text(harmless(f"Would decide it: {', '.join(named)}"), indent=6)


def _write_skipped(page: Page, finding: FindingV1) -> None:
    page.text(harmless(finding.skipped or "the comment gives no reason"), indent=6)


def _write_passed(page: Page, finding: FindingV1) -> None:
    for line in details(finding):
        page.text(line, indent=6)


def _write_troubles(page: Page, record: RunV1) -> None:
    if not record.troubles:
        return
    page.blank()
    page.line(("Trouble: what we could not do", "bold red"))
    for trouble in record.troubles:
        at = trouble.file or trouble.root
        page.line((harmless(f"{at}:{trouble.line}" if trouble.line else at), "bold"), indent=2)
        said = " ".join(part for part in (trouble.what, trouble.means, trouble.mend) if part)
        page.text(harmless(said[:1].upper() + said[1:]), indent=4)


def _of(findings: Iterable[FindingV1], outcome: OutcomeV1) -> list[FindingV1]:
    return sorted((f for f in findings if f.skipped is None and f.outcome == outcome), key=_order)


def _order(finding: FindingV1) -> tuple[NaturalKey, str, int, str]:
    """By policy (SLS_VPC_2 before SLS_VPC_10), then as one reads: file, line."""
    return natural(finding.policy.id), finding.place.file, finding.place.line, finding.address


def _spot(place: PlaceV1) -> str:
    return harmless(spot(place))


def _root_name(root: str) -> str:
    return ". (the top folder)" if root == "." else harmless(root)

"""A Run for people at a terminal or in a log: the verdict first, the worst next, the numbers last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby

from serverful.estate.place import Place
from serverful.finding import Finding, Run
from serverful.gate import CLEAN, Decision
from serverful.natural import NaturalKey, natural
from serverful.report.counts import Counts, count
from serverful.report.details import details, justification
from serverful.report.page import SEVERITY_STYLES, Page
from serverful.report.text import harmless
from serverful.verdict import Outcome
from serverful.wording import counted


def to_console(run: Run, decision: Decision, *, width: int = 100, painted: bool = False, verbose: bool = False) -> str:
    """The report, plain or with colours, without a line break at the end. `verbose` tells what passed as well, and because of what."""
    page = Page(width)
    counts = count(run)
    unread = (
        f" {counted(len(run.unread), 'thing')} below {'was' if len(run.unread) == 1 else 'were'} seen, but not read." if run.unread else ""
    )
    page.line((_verdict_line(counts, decision, bool(run.unread)) + unread, "bold green" if decision.exit_code == CLEAN else "bold red"))
    # A finding's root is its place's; one that no root of the run claims is shown all the same, last.
    by_root: dict[str, list[Finding]] = {root: [] for root in run.roots}
    for finding in run.findings:
        by_root.setdefault(finding.place.root, []).append(finding)
    for root, findings in by_root.items():
        _write_root(page, root, findings, run.settings.pages_url, verbose)
    _write_known(page, run, verbose)
    _write_troubles(page, run)
    if run.unread:
        page.blank()
        page.line(("Seen, not read, so not judged (`terraform init` brings modules)", "bold"))
        for unread in run.unread:
            page.text("  " + harmless(unread))
    if run.notes:
        page.blank()
        page.line(("Notes, which change no verdict", "bold"))
        for note in run.notes:
            page.text("  " + harmless(str(note)))
    page.blank()
    if run.settings.file:
        page.line((harmless(f"Settings: {run.settings.file}"), "dim"))
    if run.baseline is not None:
        page.line((harmless(f"Baseline: {run.baseline.file}"), "dim"))
    page.line((_count_line(counts), "bold"))
    return page.painted() if painted else page.plain()


def _verdict_line(counts: Counts, decision: Decision, has_unread: bool) -> str:
    known = f", besides {counts.in_baseline} in the baseline" if counts.in_baseline else ""
    if counts.troubles:
        could = f" Of what could be judged: {_severities(counts)}{known}." if counts.roots else ""
        return f"We could not do all of our work: {counted(counts.troubles, 'trouble')}, named below.{could}"
    if not counts.roots or not counts.policies:
        return f"We could not do our work: {decision.because}."
    if counts.failed:
        return f"{_severities(counts)}. The gate is {'open' if decision.exit_code == CLEAN else 'shut'}: {decision.because}."
    if not counts.functions and not (counts.passed or counts.justified or counts.undecided or counts.skipped or counts.in_baseline):
        seen = f"no Lambda function in {counted(counts.roots, 'root')}, so there was nothing to ask"
        # A module that is not here may make one: not to have seen it is not to know that there is none.
        return f"Nothing judged: {seen}; what was not read may hold some." if has_unread else f"Clean: {seen}."
    undecided = f"; {counted(counts.undecided, 'question')} undecided, named below" if counts.undecided else ""
    return f"Clean: no findings in {counted(counts.functions, 'function')}{known}{undecided}."


def _count_line(counts: Counts) -> str:
    looked = f"{counted(counts.policies, 'policy', 'policies')} looked at {counted(counts.functions, 'function')}"
    outcomes = [
        _severities(counts),
        *([f"{counts.in_baseline} in the baseline"] if counts.in_baseline else []),
        f"{counts.justified} justified",
        f"{counts.undecided} undecided",
        f"{counts.skipped} skipped",
        f"{counts.passed} passed",
        counted(counts.troubles, "trouble"),
    ]
    return f"{looked} in {counted(counts.roots, 'root')}: {', '.join(outcomes)}."


def _severities(counts: Counts) -> str:
    """`3 findings (1 HIGH, 2 MEDIUM)`."""
    if not counts.failed:
        return "no findings"
    return f"{counted(counts.failed, 'finding')} ({', '.join(f'{number} {severity.name}' for severity, number in counts.by_severity)})"


def _write_root(page: Page, root: str, findings: list[Finding], pages_url: str | None, verbose: bool) -> None:
    """Nothing at all for a root where everything passed, unless asked: silence is praise, and the count line has it."""
    failed = sorted((f for f in findings if f.is_failed), key=lambda f: (-f.severity, *_order(f)))
    quieter: list[tuple[str, list[Finding], Callable[[Page, Finding], None]]] = [
        ("Justified by a recorded reason", _of(findings, Outcome.JUSTIFIED), _write_justified),
        ("Undecided", _of(findings, Outcome.UNDECIDED), _write_undecided),
        (
            "Skipped by a comment, without owner or end date",
            sorted((f for f in findings if f.skipped is not None), key=_order),
            _write_skipped,
        ),
        ("Passed", _of(findings, Outcome.PASSED) if verbose else [], _write_passed),
    ]
    if not failed and not any(group for _, group, _ in quieter):
        return
    page.blank()
    page.line((_root_name(root), "bold underline"))
    for finding in failed:
        page.blank()
        _write_failed(page, finding, pages_url)
    for heading, group, write in quieter:
        if group:
            page.blank()
            page.line((heading, "bold"), indent=2)
            for finding in group:
                page.line((finding.policy.id, "bold"), (f"  {harmless(finding.address)}  ", ""), (_spot(finding.place), "dim"), indent=4)
                write(page, finding)


def _write_failed(page: Page, finding: Finding, pages_url: str | None) -> None:
    severity = finding.severity
    # A title is a statement that may hold or not; here it does not.
    page.line((severity.name, SEVERITY_STYLES[severity]), (f"  {finding.policy.id} failed: {finding.policy.title}", "bold"), indent=2)
    page.line((harmless(finding.address), ""), ("  " + _spot(finding.place), "dim"), indent=4)
    for line in details(finding, pages_url):
        if line.startswith("  serverful "):  # a command to paste is not broken over lines
            page.line((line, ""), indent=4)
        else:
            page.text(line, indent=4)


def _write_justified(page: Page, finding: Finding) -> None:
    page.text(justification(finding.verdict), indent=6)


def _write_undecided(page: Page, finding: Finding) -> None:
    page.text(details(finding)[0], indent=6)  # the statement itself; what it rests on would bury what is failed
    named = dict.fromkeys(f"{unknown.expression} ({unknown.place.where})" for unknown in finding.verdict.unknown)
    if named:
        page.text(harmless(f"Would decide it: {', '.join(named)}"), indent=6)


def _write_skipped(page: Page, finding: Finding) -> None:
    page.text(harmless(finding.skipped or "the comment gives no reason"), indent=6)


def _write_passed(page: Page, finding: Finding) -> None:
    for line in details(finding):
        page.text(line, indent=6)


def _write_known(page: Page, run: Run, verbose: bool) -> None:
    """What the baseline knows, policy by policy: people have seen it, and look for what is new. `verbose` tells where each stands."""
    known = sorted((finding for finding in run.findings if finding.in_baseline), key=_order)
    if not known:
        return
    page.blank()
    page.line((f"Known since the baseline: {counted(len(known), 'finding')}", "bold"))
    for policy_id, group in groupby(known, key=lambda finding: finding.policy.id):
        findings = list(group)
        of_each = Counter(finding.severity for finding in findings)
        numbers = ", ".join(f"{of_each[severity]} {severity.name}" for severity in sorted(of_each, reverse=True))
        page.line((policy_id, "bold"), (f"  {numbers}  ", ""), (findings[0].policy.title, "dim"), indent=2)
        for finding in findings if verbose else ():
            page.line((harmless(finding.address), ""), ("  " + _spot(finding.place), "dim"), indent=4)
            page.text(details(finding)[0], indent=6)


def _write_troubles(page: Page, run: Run) -> None:
    if not run.troubles:
        return
    page.blank()
    page.line(("Trouble: what we could not do", "bold red"))
    for trouble in run.troubles:
        where = trouble.file or trouble.root
        page.line((harmless(f"{where}:{trouble.line}" if trouble.line else where), "bold"), indent=2)
        said = " ".join(part for part in (trouble.what, trouble.means, trouble.mend) if part)
        page.text(harmless(said[:1].upper() + said[1:]), indent=4)


def _of(findings: Iterable[Finding], outcome: Outcome) -> list[Finding]:
    return sorted((f for f in findings if f.skipped is None and f.verdict.outcome is outcome), key=_order)


def _order(finding: Finding) -> tuple[NaturalKey, str, int, str]:
    """By policy (SLS_VPC_2 before SLS_VPC_10), then as one reads: file, line."""
    return natural(finding.policy.id), finding.place.file, finding.place.line, finding.address


def _spot(place: Place) -> str:
    return harmless(place.spot)


def _root_name(root: str) -> str:
    return ". (the top folder)" if root == "." else harmless(root)

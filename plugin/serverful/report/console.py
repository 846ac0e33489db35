"""A run for people at a terminal or in a log: the verdict in a line, the picture of each root, the findings, the numbers last.

What is fine is folded: to have nothing said of it is praise, and the last lines count it.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.gate import CLEAN
from serverful.policy import Severity
from serverful.record.v1 import CountsV1, DecisionV1, FindingV1, FunctionV1, NoteV1, RunV1
from serverful.report.console_findings import (
    deciding,
    write_failed,
    write_justified,
    write_known,
    write_passed,
    write_quietly,
    write_skipped,
    write_undecided,
)
from serverful.report.console_matrix import Words, write_legend, write_matrix
from serverful.report.formats import Look
from serverful.report.page import Page
from serverful.report.text import harmless
from serverful.wording import counted, joined

_DECIDERS = 3  # named in the last lines


def to_console(record: RunV1, look: Look) -> Iterator[str]:
    """The report, plain or with colours, without a line break at the end."""
    page = Page(look.width, painted=look.painted)
    style = "bold green" if record.decision.exit_code == CLEAN else "bold red"
    page.line((verdict_line(record), style))
    if look.quiet:
        write_quietly(page, record.findings)
    else:
        _write_roots(page, record, look)
        _write_findings(page, record, look)
    _write_troubles(page, record)
    if not look.quiet:
        _write_unread(page, record)
        _write_notes(page, record.notes)
    page.blank()
    _write_count(page, record, look)
    yield str(page)


def verdict_line(record: RunV1) -> str:
    """The verdict, in one line: what was found, and whether the gate is open."""
    unread = record.unread
    more = f" {counted(len(unread), 'thing')} below {'was' if len(unread) == 1 else 'were'} seen, but not read." if unread else ""
    return _verdict(record.counts, record.decision, has_unread=bool(unread)) + more


def count_line(counts: CountsV1) -> str:
    """`44 policies looked at 8 functions in 1 root: 26 findings (5 HIGH, 12 MEDIUM, 9 LOW), …`"""
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


def _verdict(counts: CountsV1, decision: DecisionV1, *, has_unread: bool) -> str:
    known = f", besides {counts.in_baseline} in the baseline" if counts.in_baseline else ""
    if counts.troubles:
        could = f" Of what could be judged: {_severities(counts)}{known}." if counts.roots else ""
        return f"We could not do all of our work: {counted(counts.troubles, 'trouble')}, named below.{could}"
    if not counts.roots or not counts.policies:
        return f"We could not do our work: {decision.because}."
    if counts.failed:
        return f"{_severities(counts)}. The gate is {'open' if decision.exit_code == CLEAN else 'shut'}: {decision.because}."
    answered = counts.passed or counts.justified or counts.undecided or counts.skipped or counts.in_baseline
    if not counts.functions and not answered:
        seen = f"no Lambda function in {counted(counts.roots, 'root')}, so there was nothing to ask"
        # A module that is not here may make one: not to have seen it is not to know that there is none.
        return f"Nothing judged: {seen}; what was not read may hold some." if has_unread else f"Clean: {seen}."
    undecided = f"; {counted(counts.undecided, 'question')} undecided, named below" if counts.undecided else ""
    return f"Clean: no findings in {counted(counts.functions, 'function')}{known}{undecided}."


def _severities(counts: CountsV1) -> str:
    """`3 findings (1 HIGH, 2 MEDIUM)`."""
    if not counts.failed:
        return "no findings"
    graded = ", ".join(f"{number} {severity}" for severity, number in counts.failed_by_severity.items())
    return f"{counted(counts.failed, 'finding')} ({graded})"


def _write_roots(page: Page, record: RunV1, look: Look) -> None:
    """The picture of each root in which something is not fine; the others are counted. Of a run with one root, always that root's."""
    by_root: dict[str, list[FunctionV1]] = {root: [] for root in record.roots}
    for function in record.functions:
        by_root.setdefault(function.place.root, []).append(function)
    asked = _asked(record.findings)
    words: Words = set()
    fine: list[str] = []
    drawn = 0
    for root, functions in by_root.items():
        if not functions:
            continue
        if len(by_root) > 1 and not look.verbose and all(_is_fine(one, asked.get(root, {})) for one in functions):
            fine.append(root)
            continue
        page.blank()
        page.line((_root_name(root), "bold underline"), (f"  {counted(len(functions), 'function')}", "dim"))
        words |= write_matrix(page, functions, asked.get(root, {}), record.policies, everything=look.verbose)
        drawn += 1
    if drawn:
        page.blank()
        write_legend(page, words)
    if fine:
        number = sum(len(by_root[root]) for root in fine)
        roots = counted(len(fine), "other root" if drawn else "root")
        page.blank()
        page.text(f"In {roots} every layer of {counted(number, 'function')} has its reason or is AWS's.")


def _is_fine(function: FunctionV1, asked: dict[str, str]) -> bool:
    return function.address not in asked and all(cell.standing in ("aws", "evidence") for cell in function.layers)


def _asked(findings: list[FindingV1]) -> dict[str, dict[str, str]]:
    """How many findings each subject has, and the worst of them, by root and address: `4 (HIGH)`."""
    found: dict[str, dict[str, list[Severity]]] = {}
    for finding in findings:
        if finding.is_failed:
            found.setdefault(finding.place.root, {}).setdefault(finding.address, []).append(Severity[finding.severity])
    return {
        root: {address: f"{len(severities)} ({max(severities).name})" for address, severities in by_address.items()}
        for root, by_address in found.items()
    }


def _write_findings(page: Page, record: RunV1, look: Look) -> None:
    pages = {policy.id: policy.page for policy in record.policies}
    if record.counts.failed and record.functions:
        page.blank()
        page.line(("Findings, worst first", "bold underline"))
    write_failed(page, record.findings, pages, everything=look.verbose)
    write_known(page, record.findings, everything=look.verbose)
    write_justified(page, record.findings, everything=look.verbose)
    write_undecided(page, record.findings, everything=look.verbose)
    write_skipped(page, record.findings, everything=look.verbose)
    if look.verbose:
        write_passed(page, record.findings)


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


def _write_unread(page: Page, record: RunV1) -> None:
    if not record.unread:
        return
    page.blank()
    page.line(("Seen, not read, so not judged (`terraform init` brings modules)", "bold"))
    for unread in record.unread:
        page.text("  " + harmless(unread.says))


def _write_notes(page: Page, notes: list[NoteV1]) -> None:
    if not notes:
        return
    page.blank()
    page.line(("Notes, which change no verdict", "bold"))
    for note in notes:
        page.text("  " + harmless(f"{note.file}:{note.line} {note.says}" if note.line else f"{note.file} {note.says}"))


def _write_count(page: Page, record: RunV1, look: Look) -> None:
    for settings in dict.fromkeys(part.settings for part in record.parts if part.settings):
        page.line((harmless(f"Settings: {settings}"), "dim"))
    for baseline in dict.fromkeys(part.baseline for part in record.parts if part.baseline):
        page.line((harmless(f"Baseline: {baseline}"), "dim"))
    page.line((count_line(record.counts), "bold"))
    undecided = [f for f in record.findings if f.outcome == "undecided" and f.skipped is None]
    if undecided and not look.quiet:
        named = [f"{what} ({len(opened)})" for what, opened in deciding(undecided)]
        more = [f"{len(named) - _DECIDERS} more"] if len(named) > _DECIDERS else []
        page.text(harmless(f"Undecided because of {joined([*named[:_DECIDERS], *more])}."), "dim")


def _root_name(root: str) -> str:
    return ". (the top folder)" if root == "." else harmless(root)

"""A run for people at a terminal or in a log: the verdict in a line, the picture of each root, the findings, the numbers last.

What is fine is folded: to have nothing said of it is praise, and the last lines count it. So are, where there are many, the pictures
of roots in which functions are asked something though AWS runs every layer of theirs: they are pictures of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.gate import CLEAN
from serverful.record.v1 import FindingV1, FunctionV1, NoteV1, RunV1
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
from serverful.report.matrix import is_left
from serverful.report.order import Root, by_root, of_outcome, root_name, titles, worst_first
from serverful.report.page import Page
from serverful.report.run_details import files_that_counted, note_line, trouble_spot
from serverful.report.text import harmless
from serverful.report.verdict_line import count_line, verdict_line
from serverful.wording import counted, cut, joined, shortened

_PICTURES = 12  # of roots, before those are folded that show nothing
_THINGS = 4  # named below a picture, that are no functions and have findings
_NAMED = 3  # roots
_DECIDERS = 3  # named in the last lines
_LONGEST = 60  # characters of one of them


def to_console(record: RunV1, look: Look) -> Iterator[str]:
    """The report, plain or with colours, without a line break at the end."""
    page = Page(look.width, painted=look.painted, folds=look.folds)
    style = "bold green" if record.decision.exit_code == CLEAN else "bold red"
    page.heading((verdict_line(record), style))
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


def _write_roots(page: Page, record: RunV1, look: Look) -> None:
    """The picture of each root in which something is not fine; the others are counted. Of a run with one root, always that root's."""
    roots = by_root(record, record.functions)
    failing, called = _failing(record), titles(record)
    asked = {root: {address: _how_many(those) for address, those in things.items()} for root, things in failing.items()}
    words: Words = set()
    folds = len(roots) > 1 and not look.verbose
    fine: list[Root] = []
    shown: list[Root] = []
    for root in (root for root, functions in roots.items() if functions):
        is_fine = folds and all(_is_fine(one, asked.get(root, {})) for one in roots[root])
        (fine if is_fine else shown).append(root)
    bare = [root for root in shown if len(shown) > _PICTURES and folds and all(map(_leaves_all, roots[root]))]
    folded = frozenset(bare)
    drawn = [root for root in shown if root not in folded]
    for root in drawn:
        functions = roots[root]
        page.blank()
        page.line((harmless(called.get(root, root_name(root[1]))), "bold underline"), (f"  {counted(len(functions), 'function')}", "dim"))
        words |= write_matrix(page, functions, asked.get(root, {}), record.policies, everything=look.verbose)
        # What functions share is asked once, and in no row of theirs.
        addresses = {one.address for one in functions}
        others = {thing: those for thing, those in failing.get(root, {}).items() if thing not in addresses}
        if others:
            page.text(f"Findings at other things here: {_listed(others, everything=look.verbose)}.", indent=2)
    if drawn:
        page.blank()
        write_legend(page, words)
    if bare:
        number = sum(len(roots[root]) for root in bare)
        named = harmless(shortened([called.get(root, root_name(root[1])) for root in bare], _NAMED))
        leave = "1 function leaves" if number == 1 else f"{number} functions leave"
        those = counted(len(bare), "other root" if drawn else "root")
        page.blank()
        page.text(f"In {those} {leave} every layer to AWS, with findings all the same: {named}.")
    if fine:
        number = sum(len(roots[root]) for root in fine)
        those = counted(len(fine), "other root" if shown else "root")
        page.blank()
        page.text(f"In {those} every layer of {counted(number, 'function')} has its reason or is AWS's.")


def _is_fine(function: FunctionV1, asked: dict[str, str]) -> bool:
    return function.address not in asked and all(cell.standing in ("aws", "evidence") for cell in function.layers)


def _leaves_all(function: FunctionV1) -> bool:
    return all(is_left(cell) for cell in function.layers)


def _failing(record: RunV1) -> dict[Root, dict[str, list[FindingV1]]]:
    """What is for somebody to answer, by root and thing, worst first."""
    found: dict[Root, dict[str, list[FindingV1]]] = {}
    for root, findings in by_root(record, worst_first(record.findings)).items():
        for finding in findings:
            found.setdefault(root, {}).setdefault(finding.address, []).append(finding)
    return found


def _how_many(findings: list[FindingV1]) -> str:
    """`4 (HIGH)`: how many, and the worst of them, which comes first."""
    return f"{len(findings)} ({findings[0].severity})"


def _listed(findings: dict[str, list[FindingV1]], *, everything: bool) -> str:
    """`aws_iam_role.all (SLS_ID_3 and SLS_ID_4), aws_eip.a (SLS_IP_2) and 3 more`."""
    told = [f"{thing} ({joined([finding.policy.id for finding in those])})" for thing, those in findings.items()]
    return harmless(shortened(told, len(told) if everything else _THINGS))


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
        page.line((harmless(trouble_spot(trouble)), "bold"), indent=2)
        said = " ".join(part for part in (trouble.what, trouble.means, trouble.mend) if part)
        page.text(harmless(said[:1].upper() + said[1:]), indent=4)


def _write_unread(page: Page, record: RunV1) -> None:
    if not record.unread:
        return
    page.blank()
    page.heading(("Seen, not read, so not judged (`terraform init` brings modules)", "bold"))
    for unread in record.unread:
        page.text("  " + harmless(unread.says))


def _write_notes(page: Page, notes: list[NoteV1]) -> None:
    if not notes:
        return
    page.blank()
    page.line(("Notes, which change no verdict", "bold"))
    for note in notes:
        page.text("  " + harmless(note_line(note)))


def _write_count(page: Page, record: RunV1, look: Look) -> None:
    for what, file in files_that_counted(record):
        page.line((harmless(f"{what}: {file}"), "dim"))
    page.heading((count_line(record.counts), "bold"))
    undecided = of_outcome(record.findings, "undecided")
    if undecided and not look.quiet:
        named = [f"{cut(what, _LONGEST)} ({len(opened)})" for what, opened in deciding(undecided)]
        more = [f"{len(named) - _DECIDERS} more"] if len(named) > _DECIDERS else []
        page.text(harmless(f"Undecided because of {joined([*named[:_DECIDERS], *more])}."), "dim")

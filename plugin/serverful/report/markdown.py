"""The record as Markdown, for comments on pull and merge requests and for job summaries, as GitHub and GitLab show it.

- What came out is the first line. Then numbers, trouble, who runs which layer, findings, and what needs no answer. Never a wall: the worst
  ones in full, folded, the others a row each.
- A comment holds 65,536 characters on GitHub, and what is longer is refused as a whole. So there is a budget, and lists grow row by row,
  the worst first, until it is used up; every list says how many rows are missing. Nothing is cut inside a tag or a block of code.
- Every text from elsewhere goes through `markdown_text.py`. HTML is ours alone.
- No mark by which a comment could be found again, and no day: the same record gives the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from serverful.explain import RUN_ID
from serverful.record.v1 import CountsV1, FindingV1, NoteV1, RunV1, TroubleV1, UnreadV1
from serverful.report.details import Part, justification, parts, root_apart, sentence, spot, where, why_skipped
from serverful.report.markdown_matrix import LEGEND, GrowingMatrix
from serverful.report.markdown_room import Room, Rows
from serverful.report.markdown_text import code, fenced, html_prose, prose
from serverful.report.matrix import Open, open_apart
from serverful.report.order import in_baseline, of_outcome, skipped, worst_first
from serverful.report.run_details import files_that_counted, note_spot, trouble_about, trouble_spot, troubles_of
from serverful.report.verdict_line import count_line, verdict_line

BUDGET = 60_000  # code points; GitHub takes 65,536 characters, and whoever posts it adds a mark of his own

_IN_FULL = 10  # findings
_SHARE = 0.4  # of the budget, for these
_ITEMS = 12  # of one list in a finding that is told in full
_NAMED = 3  # names in one cell
_FILES = 4  # that counted: settings, baselines
_OPEN_ROOTS = 5  # with a table each, before these are folded
_FRAME = 60  # characters for the line that says how much is missing
_NAME, _SAID = 200, 300  # characters of a name, and of a sentence in a table


@dataclass(frozen=True, slots=True)
class _Section:
    """A list below a heading. `head` are the lines of a table's head, or nothing; `first` rows come before what is left of others."""

    heading: str
    head: tuple[str, ...]
    rows: Rows[Any]
    first: int


def to_markdown(record: RunV1, budget: int = BUDGET) -> Iterator[str]:
    """The report, in one piece of at most so many code points (no fewer than 10,000)."""
    top = ["### " + prose(verdict_line(record), _SAID), "", *_counts(record.counts)]
    bottom = ["", "---", "", *_files(record), prose(count_line(record.counts), _SAID)]
    room = Room(budget - len("\n".join([*top, *bottom])))

    worst = worst_first(record.findings)
    trouble = _list("Trouble: what we could not do", troubles_of(record), _trouble, 10)
    pages = {policy.id: policy.page for policy in record.policies}
    matrix = GrowingMatrix(record)
    quiet = [
        _table("Undecided", ("policy", "about", "would decide it"), of_outcome(record.findings, "undecided"), _undecided, 20),
        _list("Undecided in the table, with nobody asking", open_apart(record.functions, record.policies), _open, 5),
        _table("Justified by a recorded reason", ("policy", "about", "reason"), of_outcome(record.findings, "justified"), _justified, 20),
        _table("Skipped by a comment, without owner or end date", ("policy", "about", "comment"), skipped(record.findings), _skip, 10),
        _table("In the baseline", ("policy", "findings", "about"), _known(record), _by_policy, 10),
        _list("Seen, not read, so not judged", record.unread, _unread, 10),
        _list("Notes, which change no verdict", record.notes, _note, 10),
    ]
    for section in (trouble, *quiet):
        room.left -= _frame(section)
    room.left -= len(LEGEND) + 200 if record.functions else 0

    trouble.rows.grow(room, trouble.first)
    in_full = Rows(worst[:_IN_FULL], lambda finding: "\n".join(_in_full(finding, pages)))
    apart = Room(min(room.left, int(budget * _SHARE)))
    room.left -= apart.left
    in_full.grow(apart)
    room.left += apart.left
    others = _table("", ("", "policy", "about", "what is"), worst[len(in_full.shown) :], _row, 30)
    room.left -= _frame(others) + 100

    # A round in which each shows its first rows, and one in which each shows what is left. The matrix sheds before the lists of findings.
    growing: list[tuple[Callable[[Room, int | None], None], int]] = [
        (others.rows.grow, others.first),
        (matrix.grow, 40),
        *((section.rows.grow, section.first) for section in quiet),
    ]
    for grow, first in growing:
        grow(room, first)
    trouble.rows.grow(room)
    for grow, _ in growing:
        grow(room, None)

    lines = [*top, *_shown(trouble)]
    if record.functions:
        pictures = [LEGEND, *matrix.lines()]
        if matrix.roots_shown > _OPEN_ROOTS:  # the findings are what a reviewer looks for; they are not to stand pages below
            pictures = ["<details>", f"<summary>{matrix.roots_shown} roots</summary>", "", *pictures, "", "</details>"]
        lines += ["", "#### Who runs which layer", "", *pictures]
    if worst:
        lines += ["", "#### Findings, the worst first", *(f"\n{block}" for block in in_full.shown), *_shown(others)]
    for section in quiet:
        lines += _shown(section)
    yield "\n".join([*lines, *bottom])


def _list(heading: str, items: Sequence[Any], written: Callable[[Any], str], first: int) -> _Section:
    return _Section(heading, (), Rows(items, written), first)


def _table(heading: str, columns: tuple[str, ...], items: Sequence[Any], written: Callable[[Any], str], first: int) -> _Section:
    head = (f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}")
    return _Section(heading, head, Rows(items, written), first)


def _frame(section: _Section) -> int:
    """Characters of a section besides its rows."""
    return len("\n".join([section.heading, *section.head])) + _FRAME if section.rows.items else 0


def _shown(section: _Section) -> Iterator[str]:
    rows = section.rows
    if not rows.items:
        return
    if section.heading:
        yield ""
        yield f"#### {section.heading}"
    if rows.shown:
        yield ""
        yield from section.head
        yield from rows.shown
    if rows.left:
        yield ""
        yield f"*and {rows.left:,} more, for which there is no room here*"


def _counts(counts: CountsV1) -> list[str]:
    graded = ", ".join(f"{number} {severity}" for severity, number in counts.failed_by_severity.items())
    numbers = {
        "findings": f"**{counts.failed}**" + (f" ({graded})" if graded else ""),
        "justified": counts.justified,
        "undecided": counts.undecided,
        "in the baseline": counts.in_baseline,
        "skipped": counts.skipped,
        "passed": counts.passed,
        "troubles": f"**{counts.troubles}**" if counts.troubles else 0,
    }
    return [f"| {' | '.join(numbers)} |", f"|{'---|' * len(numbers)}", f"| {' | '.join(map(str, numbers.values()))} |"]


def _files(record: RunV1) -> Iterator[str]:
    for what, file in files_that_counted(record)[:_FILES]:
        yield f"{what}: {code(file, _NAME)}"
        yield ""


# --- trouble -------------------------------------------------------------------------------------------------------------------------


def _trouble(trouble: TroubleV1) -> str:
    about = trouble_about(trouble)
    named = [code(trouble_spot(trouble), _NAME), *([code(about, _NAME)] if about else [])]
    said = [prose(text, _SAID * 2) for text in (trouble.what, trouble.means, trouble.mend) if text]
    return f"- {': '.join(named)}: {' '.join(said)} Read on: `serverful explain {RUN_ID}`"


# --- findings ------------------------------------------------------------------------------------------------------------------------


def _in_full(finding: FindingV1, pages: Mapping[str, str | None]) -> Iterator[str]:
    title = html_prose(f"{finding.policy.id} failed: {finding.policy.title}", _SAID)
    yield "<details>"
    yield f"<summary><b>{finding.severity}</b> {title} · {html_prose(finding.address, _NAME)}</summary>"
    yield ""
    yield f"{code(finding.address, _NAME)} · {code(spot(finding.telling), _NAME)}{_of_root(finding)}"
    for part in parts(finding, pages.get(finding.policy.id)):
        yield ""
        yield from _part(part)
    yield ""
    yield "</details>"


def _part(part: Part) -> Iterator[str]:
    label, colon, rest = part.line.partition(": ")
    if part.kind in ("better", "cost") and colon:
        yield f"**{label}:** {prose(rest)}"
    elif part.kind == "page" and colon:
        yield f"{label}: {code(rest)}"
    else:
        yield prose(part.line)
    if not part.items:
        return
    yield ""
    if part.kind == "answer":
        for item in part.items:
            yield from fenced(item, "sh")
        return
    yield from (f"- {prose(item, _SAID * 2)}" for item in part.items[:_ITEMS])
    if len(part.items) > _ITEMS:
        yield f"- and {len(part.items) - _ITEMS} more"


def _row(finding: FindingV1) -> str:
    return f"| {finding.severity} | {_about(finding)} | {prose(sentence(finding.says), _NAME)} |"


def _about(finding: FindingV1) -> str:
    """The cells *policy* and *about*."""
    address, at = code(finding.address, _NAME), code(spot(finding.place), _NAME)
    return f"{prose(finding.policy.id, _NAME)} | {address} {at}{_of_root(finding)}"


def _of_root(finding: FindingV1) -> str:
    root = root_apart(finding)
    return f" of the root {code(root, _NAME)}" if root is not None else ""


def _undecided(finding: FindingV1) -> str:
    named = list(dict.fromkeys(f"{code(unknown.expression, _SAID)} ({code(where(unknown.place), _NAME)})" for unknown in finding.unknown))
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"| {_about(finding)} | {', '.join(named[:_NAMED]) or prose(sentence(finding.says), _SAID)}{more} |"


def _open(one: Open) -> str:
    named = [code(address, _NAME) for address in one.addresses[:_NAMED]]
    more = f" and {len(one.addresses) - _NAMED} more" if len(one.addresses) > _NAMED else ""
    return f"- the {one.layer} of {', '.join(named)}{more}: {prose(one.says, _SAID)}"


def _justified(finding: FindingV1) -> str:
    return f"| {_about(finding)} | {prose(justification(finding), _SAID)} |"


def _skip(finding: FindingV1) -> str:
    return f"| {_about(finding)} | {prose(why_skipped(finding), _SAID)} |"


def _known(record: RunV1) -> list[tuple[str, list[FindingV1]]]:
    """By policy: people have seen them, and look for what is new."""
    return [(policy, list(group)) for policy, group in groupby(in_baseline(record.findings), key=lambda f: f.policy.id)]


def _by_policy(of: tuple[str, Sequence[FindingV1]]) -> str:
    policy, findings = of
    named = [code(finding.address, _NAME) for finding in findings[:_NAMED]]
    more = f" and {len(findings) - _NAMED} more" if len(findings) > _NAMED else ""
    return f"| {prose(policy, _NAME)} | {len(findings)} | {', '.join(named)}{more} |"


# --- the rest ------------------------------------------------------------------------------------------------------------------------


def _unread(one: UnreadV1) -> str:
    return f"- {prose(one.says, _SAID)}"


def _note(note: NoteV1) -> str:
    return f"- {code(note_spot(note), _NAME)} {prose(note.says, _SAID)}"

"""The shared responsibility picture on the console: a table as wide as there is room, in words that need no legend where they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from serverful.record.v1 import CellV1, FunctionV1, LayerV1, PolicyV1, StandingV1
from serverful.report.matrix import MEANS, Group, Matrix, Open, Row, matrix_of, open_apart, short
from serverful.report.page import Page
from serverful.report.text import harmless
from serverful.wording import counted, elided, joined, shortened

_STYLES: dict[StandingV1, str] = {
    "aws": "dim",
    "evidence": "green",
    "justified": "cyan",
    "unexplained": "bold red",
    "undecided": "yellow",
}
_WORDS: dict[StandingV1, tuple[str, str, str]] = {  # as it is told, and in two steps where there is no room for that
    "aws": ("AWS", "AWS", "AWS"),
    "evidence": ("evidence", "evidence", "evid."),
    "justified": ("a day", "a day", "a day"),
    "unexplained": ("unexplained", "WHY?", "WHY?"),
    "undecided": ("undecided", "open", "open"),
}
_HEADINGS: dict[LayerV1, tuple[str, str, str]] = {
    "networking": ("networking", "network", "netw."),
    "fixed IP": ("fixed IP", "fixed IP", "IP"),
    "compute": ("compute", "compute", "comp."),
    "execution environment": ("environment", "environ.", "env."),
    "runtime": ("runtime", "runtime", "runt."),
    "storage": ("storage", "storage", "stor."),
    "identity": ("identity", "identity", "ident."),
}
_SHOWN, _NAMED = 3, 3  # of equal rows, and of the names of the others
_OPEN = 5  # reasons why something is undecided that no finding tells
_GROUPS = 15  # rows that say different things; a root with more is no picture any more
_NARROWEST, _WIDEST = 16, 60  # columns for a name
_ASKED = "findings"


@dataclass(frozen=True, slots=True)
class _Scale:
    """How wide a table is drawn: in the words of which step, with how wide a `gap` between its columns."""

    step: int
    gap: int


Words = set[tuple[StandingV1, str]]

_SCALES = (_Scale(0, 2), _Scale(1, 2), _Scale(2, 1))


def write_matrix(
    page: Page, functions: Sequence[FunctionV1], asked: Mapping[str, str], policies: Sequence[PolicyV1], *, everything: bool
) -> Words:
    """Writes the picture of one root; gives the words that occur in it, for the legend. `everything` shows every row.

    A table in words; where that is too wide in shorter words; where that is too wide, too, in sentences.
    """
    matrix, scale = matrix_of(functions, asked, policies, None if everything else _SHOWN), _SCALES[0]
    folded = () if everything or len(matrix.groups) <= _GROUPS + 1 else matrix.groups[_GROUPS:]
    matrix = replace(matrix, groups=matrix.groups[: len(matrix.groups) - len(folded)])
    if matrix.groups:
        longest = min(max(len(harmless(row.name)) for row in _rows(matrix)), _WIDEST)
        fitting = [(scale, room) for scale in _SCALES if (room := _room(page, matrix, scale)) >= _NARROWEST]
        # Words are shortened before names are: which function it is cannot be guessed.
        found = next((one for one in fitting if one[1] >= longest), fitting[-1] if fitting else None)
        if found is None:
            _write_sentences(page, matrix)
        else:
            scale = found[0]
            _write_table(page, matrix, *found)
        if folded:
            functions_of_them = sum(len(group.rows) + len(group.others) for group in folded)
            say = f"… and {counted(functions_of_them, 'function')} in {counted(len(folded), 'other combination')}; --verbose shows each."
            page.text(say, "dim", indent=2)
    if matrix.left and matrix.groups:
        page.text(f"AWS runs for {'all of them' if len(functions) > 1 else 'it'}: {joined(matrix.left)}.", "dim", indent=2)
    if matrix.calm:
        named = harmless(shortened(list(matrix.calm), len(matrix.calm) if everything else _NAMED))
        leave = "leaves every layer to AWS" if len(matrix.calm) == 1 else "leave every layer to AWS"
        page.text(f"{counted(len(matrix.calm), 'function')} {leave}: {named}.", indent=2)
    _write_open(page, open_apart(functions, policies), everything=everything)
    standings = {cell.standing for row in _rows(matrix) for cell in row.cells}
    return {(standing, _WORDS[standing][scale.step]) for standing in standings}


def _write_open(page: Page, opened: Sequence[Open], *, everything: bool) -> None:
    shown = len(opened) if everything else _OPEN
    for one in opened[:shown]:
        fitted = [elided(harmless(short(address)), page.width - 8) for address in one.addresses]
        names = shortened(fitted, len(fitted) if everything else _NAMED)
        page.text(f"Undecided, the {one.layer} of {names}: {harmless(one.says)}", indent=2)
    if more := opened[shown:]:
        page.text(f"and {len(more)} more of the kind; --verbose tells each.", "dim", indent=2)


def write_legend(page: Page, words: Words) -> None:
    """What the words of the pictures mean, as far as they occur."""
    told = [f"{' or '.join(sorted(word for found, word in words if found == standing))}: {MEANS[standing]}" for standing in MEANS]
    told = [one for one in told if not one.startswith(":")]
    if told:
        page.text("; ".join(told) + ".", "dim", indent=2)


def _write_table(page: Page, matrix: Matrix, scale: _Scale, room: int) -> None:
    longest = max(len(harmless(row.name)) for row in _rows(matrix))
    width, widths, between = min(max(longest, len("function")), room, _WIDEST), _widths(matrix, scale), " " * scale.gap
    headings = [_HEADINGS[layer][scale.step].ljust(size) for layer, size in zip(matrix.layers, widths, strict=True)]
    asks = [_ASKED] if any(row.asked for row in _rows(matrix)) else []
    page.line((between.join(["function".ljust(width), *headings, *asks]), "dim"), indent=2)
    for group in matrix.groups:
        for row in group.rows:
            cells = [
                (_word(cell, scale).ljust(size) + between, _STYLES[cell.standing]) for cell, size in zip(row.cells, widths, strict=True)
            ]
            page.line((elided(harmless(row.name), width).ljust(width) + between, ""), *cells, (row.asked, ""), indent=2)
        _write_others(page, group)


def _write_sentences(page: Page, matrix: Matrix) -> None:
    for group in matrix.groups:
        for row in group.rows:
            page.text(elided(harmless(row.name), page.width - 2), indent=2)
            told = [f"{cell.layer} {_word(cell, _SCALES[0])}" for cell in row.cells if cell.standing != "aws"]
            page.text("; ".join([*told, *([f"findings {row.asked}"] if row.asked else [])]), indent=4)
        _write_others(page, group)


def _write_others(page: Page, group: Group) -> None:
    if group.others:
        names = harmless(shortened(list(group.others), _NAMED))
        these = "these" if len(group.rows) > 1 else "this"
        page.text(f"… and {len(group.others)} more like {these}: {names}", "dim", indent=2)


def _word(cell: CellV1, scale: _Scale) -> str:
    if cell.standing != "justified":
        return _WORDS[cell.standing][scale.step]
    until = harmless(cell.until or "")
    return until[2:] if scale.step else f"until {until}"


def _widths(matrix: Matrix, scale: _Scale) -> list[int]:
    return [
        max(len(_HEADINGS[layer][scale.step]), *(len(_word(row.cells[number], scale)) for row in _rows(matrix)))
        for number, layer in enumerate(matrix.layers)
    ]


def _room(page: Page, matrix: Matrix, scale: _Scale) -> int:
    """The columns that are left for names."""
    asked = [len(row.asked) for row in _rows(matrix) if row.asked]
    cells = sum(width + scale.gap for width in _widths(matrix, scale))
    return page.width - 2 - cells - (max(len(_ASKED), *asked) + scale.gap if asked else 0)


def _rows(matrix: Matrix) -> list[Row]:
    return [row for group in matrix.groups for row in group.rows]

"""The shared responsibility picture on the console: a table as wide as there is room, in words that need no legend where they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from serverful.record.v1 import CellV1, FunctionV1, LayerV1, StandingV1
from serverful.report.matrix import Group, Matrix, Row, matrix_of
from serverful.report.page import Page, Span
from serverful.report.text import harmless
from serverful.wording import counted, joined, shortened

_STYLES: dict[StandingV1, str] = {
    "aws": "dim",
    "evidence": "green",
    "justified": "cyan",
    "unexplained": "bold red",
    "undecided": "yellow",
}
_WORDS: dict[StandingV1, tuple[str, str]] = {  # as it is told, and where there is no room for that
    "aws": ("AWS", "AWS"),
    "evidence": ("evidence", "evid."),
    "justified": ("until", ""),
    "unexplained": ("unexplained", "WHY?"),
    "undecided": ("undecided", "open"),
}
_HEADINGS: dict[LayerV1, tuple[str, str]] = {
    "networking": ("networking", "network"),
    "fixed IP": ("fixed IP", "fixed IP"),
    "compute": ("compute", "compute"),
    "execution environment": ("environment", "environ."),
    "runtime": ("runtime", "runtime"),
    "storage": ("storage", "storage"),
    "identity": ("identity", "identity"),
}
_MEANS: dict[StandingV1, str] = {
    "aws": "AWS runs it",
    "evidence": "the configuration shows why",
    "justified": "a recorded reason holds until that day",
    "unexplained": "nothing says why",
    "undecided": "something elsewhere decides",
}
_SHOWN, _NAMED = 3, 3  # of equal rows, and of the names of the others
_NARROWEST, _WIDEST = 20, 60  # columns for a name, where it stands beside its cells
_GAP = 2
_ASKED = "findings"


def write_matrix(page: Page, functions: Sequence[FunctionV1], asked: Mapping[str, str], *, everything: bool) -> set[StandingV1]:
    """Writes the table of one root; gives the standings that occur in it, for the legend. `everything` shows every row."""
    matrix = matrix_of(functions, asked, None if everything else _SHOWN)
    if matrix.groups:
        for short in (False, True):
            widths = _widths(matrix, short)
            room = page.width - 2 - sum(width + _GAP for width in widths) - _asked_width(matrix)
            if room >= _NARROWEST:
                break
        _write_table(page, matrix, widths, room, short)
    if matrix.left and matrix.groups:
        page.text(f"AWS runs for {'all of them' if len(functions) > 1 else 'it'}: {joined(matrix.left)}.", "dim", indent=2)
    if matrix.calm:
        named = harmless(shortened(list(matrix.calm), len(matrix.calm) if everything else _NAMED))
        leave = "leaves every layer to AWS" if len(matrix.calm) == 1 else "leave every layer to AWS"
        page.text(f"{counted(len(matrix.calm), 'function')} {leave}: {named}.", indent=2)
    return {cell.standing for group in matrix.groups for row in group.rows for cell in row.cells}


def write_legend(page: Page, standings: set[StandingV1]) -> None:
    """What the words of the tables mean, as far as they occur."""
    words = [f"{_WORDS[one][0] if one != 'justified' else 'a day'}: {_MEANS[one]}" for one in _MEANS if one in standings]
    if words:
        page.text("; ".join(words) + ".", "dim", indent=2)


def _write_table(page: Page, matrix: Matrix, widths: Sequence[int], room: int, short: bool) -> None:
    is_beside = room >= _NARROWEST
    longest = max((len(harmless(row.name)) for group in matrix.groups for row in group.rows), default=0)
    width = min(max(longest, len("function")), room, _WIDEST) if is_beside else 0
    headings = [_HEADINGS[layer][short].ljust(size) for layer, size in zip(matrix.layers, widths, strict=True)]
    asks = any(row.asked for group in matrix.groups for row in group.rows)
    first = [("function".ljust(width + _GAP), "dim")] if is_beside else [("  ", "")]
    page.line(*first, ((" " * _GAP).join([*headings, _ASKED] if asks else headings).rstrip(), "dim"), indent=2)
    for group in matrix.groups:
        for row in group.rows:
            cells = _cells(row, widths, short)
            if is_beside:
                page.line((_fitted(harmless(row.name), width).ljust(width + _GAP), ""), *cells, indent=2)
            else:
                page.line((harmless(row.name), ""), indent=2)
                page.line(*cells, indent=4)
        if group.others:
            page.text(_others(group), "dim", indent=2)


def _cells(row: Row, widths: Sequence[int], short: bool) -> list[Span]:
    cells = [(_word(cell, short).ljust(size + _GAP), _STYLES[cell.standing]) for cell, size in zip(row.cells, widths, strict=True)]
    return [*cells, (row.asked, "")] if row.asked else cells


def _others(group: Group) -> str:
    names = harmless(shortened(list(group.others), _NAMED))
    return f"… and {len(group.others)} more like {'these' if len(group.rows) > 1 else 'this'}: {names}"


def _word(cell: CellV1, short: bool) -> str:
    if cell.standing != "justified":
        return _WORDS[cell.standing][short]
    until = harmless(cell.until or "")
    return until if short else f"until {until}"


def _widths(matrix: Matrix, short: bool) -> list[int]:
    cells = list(zip(*(row.cells for group in matrix.groups for row in group.rows), strict=True))
    return [
        max(len(_HEADINGS[layer][short]), *(len(_word(cell, short)) for cell in column))
        for layer, column in zip(matrix.layers, cells, strict=True)
    ]


def _asked_width(matrix: Matrix) -> int:
    asked = [len(row.asked) for group in matrix.groups for row in group.rows if row.asked]
    return max(len(_ASKED), *asked) + _GAP if asked else 0


def _fitted(name: str, width: int) -> str:
    """The name, or its beginning and its end, which tell most: `module.orders…this[0]`."""
    if len(name) <= width:
        return name
    tail = width // 2
    return f"{name[: width - tail - 1]}…{name[-tail:]}"

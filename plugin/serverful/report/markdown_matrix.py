"""Functions × layers as Markdown tables, one for each root: who runs what, and why."""

from __future__ import annotations

from collections.abc import Iterator

from serverful.record.v1 import CellV1, FunctionV1, RunV1
from serverful.report.markdown_room import Room
from serverful.report.markdown_text import code, prose
from serverful.report.matrix import MEANS, WORST_FIRST, cell_of, is_left, layers_asked
from serverful.report.order import Root, by_root, root_name, titles
from serverful.wording import counted

_FINE = len(WORST_FIRST)  # nothing is taken back

LEGEND = " ".join(f"{'AWS' if standing == 'aws' else standing.capitalize()}: {means}." for standing, means in MEANS.items())


class GrowingMatrix:
    """The functions of a record, of which as many are shown as there is room for, in the order of the record. Functions that leave every
    layer to AWS are counted, not shown.
    """

    def __init__(self, record: RunV1) -> None:
        self.functions = record.functions
        self._called = titles(record)
        self._roots = by_root(record, record.functions)
        self._layers = layers_asked(record.policies)
        self._shown: dict[Root, dict[int, str]] = {}
        urgencies = [self._urgency(function) for function in self.functions]
        self._waiting = sorted((n for n, urgency in enumerate(urgencies) if urgency != _FINE), key=lambda n: urgencies[n])
        self._waiting.reverse()  # the next one is the last

    def grow(self, room: Room, to: int | None = None) -> None:
        """Shows more functions, the most urgent first, up to that many or all, as long as they fit."""
        while self._waiting and (to is None or sum(map(len, self._shown.values())) < to):
            number = self._waiting[-1]
            function = self.functions[number]
            row, root = self._row(function), (function.part, function.place.root)
            if not room.take(row if root in self._shown else "\n".join([*self._head(root), row])):
                return
            self._shown.setdefault(root, {})[number] = row
            self._waiting.pop()

    @property
    def roots_shown(self) -> int:
        """How many tables there are."""
        return len(self._shown)

    def lines(self) -> Iterator[str]:
        """The tables, and the numbers of what is not in them."""
        for root in self._roots:
            rows = self._shown.get(root)
            if rows:
                yield from self._head(root)
                yield from (rows[number] for number in sorted(rows))
        left = len(self._waiting)
        fine = len(self.functions) - left - sum(map(len, self._shown.values()))
        told = [f"{counted(fine, 'function')} {'leaves' if fine == 1 else 'leave'} every layer to AWS"] if fine else []
        told += [f"for {left:,} more there is no room here"] if left else []
        if told:
            yield ""
            yield f"*{'; '.join(told)}*"

    def _head(self, root: Root) -> list[str]:
        called = code(self._called.get(root, root_name(root[1])), 200)
        return ["", f"Root {called}", "", f"| function | {' | '.join(self._layers)} |", f"|---|{'---|' * len(self._layers)}"]

    def _row(self, function: FunctionV1) -> str:
        return f"| {code(function.address, 200)} | {' | '.join(_cell(cell_of(function, layer)) for layer in self._layers)} |"

    def _urgency(self, function: FunctionV1) -> int:
        cells = (cell_of(function, layer) for layer in self._layers)
        return min((WORST_FIRST.index(cell.standing) for cell in cells if not is_left(cell)), default=_FINE)


def _cell(cell: CellV1) -> str:
    if cell.standing == "justified":
        return prose(f"justified until {cell.until}" if cell.until else "justified", 60)
    return {"aws": "AWS", "evidence": "evidence", "unexplained": "**unexplained**", "undecided": "undecided"}[cell.standing]

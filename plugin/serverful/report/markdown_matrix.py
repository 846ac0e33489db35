"""Functions × layers as Markdown tables, one for each root: who runs what, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from serverful.record.v1 import CellV1, FunctionV1
from serverful.report.markdown_room import Room
from serverful.report.markdown_text import code, prose
from serverful.report.matrix import LAYERS, is_left
from serverful.report.order import root_name
from serverful.wording import counted

# What people look for first.
_URGENCY = {"unexplained": 0, "undecided": 1, "justified": 2, "evidence": 3, "aws": 4}
_FINE = _URGENCY["aws"]

LEGEND = (
    "AWS: AWS runs it. Evidence: the configuration shows why. Justified: a recorded reason holds until that day. "
    "Unexplained: nothing says why. Undecided: something elsewhere decides, or nobody asked."
)


@dataclass(slots=True)
class Matrix:
    """The functions of a record, of which as many are shown as there is room for, in the order of the record. Functions that leave every
    layer to AWS are counted, not shown.
    """

    functions: Sequence[FunctionV1]
    _waiting: list[int] = field(init=False)
    _shown: dict[str, dict[int, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        urgencies = [_urgency(function) for function in self.functions]
        self._waiting = sorted((n for n, urgency in enumerate(urgencies) if urgency != _FINE), key=lambda n: urgencies[n])
        self._waiting.reverse()  # the next one is the last

    def grow(self, room: Room, to: int | None = None) -> None:
        """Shows more functions, the most urgent first, up to that many or all, as long as they fit."""
        while self._waiting and (to is None or sum(map(len, self._shown.values())) < to):
            number = self._waiting[-1]
            function = self.functions[number]
            row = _row(function)
            rows = self._shown.get(function.place.root)
            if not room.take(row if rows is not None else "\n".join([*_head(function.place.root), row])):
                return
            self._shown.setdefault(function.place.root, {})[number] = row
            self._waiting.pop()

    @property
    def roots_shown(self) -> int:
        """How many tables there are."""
        return len(self._shown)

    def lines(self) -> Iterator[str]:
        """The tables, and the numbers of what is not in them."""
        for root in dict.fromkeys(function.place.root for function in self.functions):
            rows = self._shown.get(root)
            if rows:
                yield from _head(root)
                yield from (rows[number] for number in sorted(rows))
        left = len(self._waiting)
        fine = len(self.functions) - left - sum(map(len, self._shown.values()))
        told = [f"{counted(fine, 'function')} {'leaves' if fine == 1 else 'leave'} every layer to AWS"] if fine else []
        told += [f"for {left:,} more there is no room here"] if left else []
        if told:
            yield ""
            yield f"*{'; '.join(told)}*"


def _head(root: str) -> list[str]:
    return ["", f"Root {code(root_name(root), 200)}", "", f"| function | {' | '.join(LAYERS)} |", f"|---|{'---|' * len(LAYERS)}"]


def _row(function: FunctionV1) -> str:
    cells = {cell.layer: _cell(cell) for cell in function.layers}
    return f"| {code(function.address, 200)} | {' | '.join(cells.get(layer, '') for layer in LAYERS)} |"


def _cell(cell: CellV1) -> str:
    if cell.standing == "justified":
        return prose(f"justified until {cell.until}" if cell.until else "justified", 60)
    return {"aws": "AWS", "evidence": "evidence", "unexplained": "**unexplained**", "undecided": "undecided"}[cell.standing]


def _urgency(function: FunctionV1) -> int:
    return min((_URGENCY[cell.standing] for cell in function.layers if not is_left(cell)), default=_FINE)

"""The shared responsibility picture of a root: functions × layers, each cell who runs it and why; for every format that shows it.

Decisions:
- A layer that AWS runs for every function of the root is no column: it is named below the table. Identity, which AWS runs for nobody, is a
  column where something is to be said of it: not where nobody was asked about it.
- Functions that leave every layer to AWS, and that nothing is asked about, are no rows: they are counted, and some are named.
- A cell that is undecided though no policy has asked anything has no finding that tells why, so it is told below the table.
- Rows that say the same are shown a few times and counted from then on. Worst first: unexplained, then undecided, then justified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from serverful.natural import natural
from serverful.record.v1 import CellV1, FunctionV1, LayerV1, PolicyV1, StandingV1

LAYERS: tuple[LayerV1, ...] = get_args(LayerV1)
WORST_FIRST: tuple[StandingV1, ...] = ("unexplained", "undecided", "justified", "evidence", "aws")
MEANS: dict[StandingV1, str] = {
    "aws": "AWS runs it",
    "evidence": "the configuration shows why",
    "justified": "a recorded reason holds until that day",
    "unexplained": "nothing says why",
    "undecided": "something elsewhere decides, or nobody asked",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One function. `name` is its address without the type that all of them have; `asked` how many findings it has, by severity."""

    name: str
    cells: tuple[CellV1, ...]
    asked: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that say the same: those that are shown, and the names of the others."""

    rows: tuple[Row, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`layers` are the columns, and each row has a cell for each of them; `left` are the layers that AWS runs for all.

    `calm` are the names of functions that leave everything to AWS.
    """

    layers: tuple[LayerV1, ...]
    groups: tuple[Group, ...]
    left: tuple[LayerV1, ...]
    calm: tuple[str, ...]


def matrix_of(functions: Sequence[FunctionV1], asked: Mapping[str, str], policies: Sequence[PolicyV1], shown: int | None) -> Matrix:
    """The picture of the functions of one root. `asked` tells by address what a function is asked, `policies` are all those of the run.

    Of equal rows so many are `shown`; None for all.
    """
    taken = [layer for layer in layers_asked(policies) if any(not is_left(cell_of(one, layer)) for one in functions)]
    alike: dict[tuple[tuple[str, str | None], ...], list[Row]] = {}
    calm = []
    for one in functions:
        cells = tuple(cell_of(one, layer) for layer in taken)
        row = Row(short(one.address), cells, asked.get(one.address, ""))
        if all(is_left(cell) for cell in cells) and not row.asked:
            calm.append(row.name)
        else:
            alike.setdefault(tuple((cell.standing, cell.until) for cell in cells), []).append(row)
    ranked = sorted(alike.values(), key=_rank)
    groups = tuple(_group(rows, shown) for rows in ranked)
    return Matrix(tuple(taken), groups, tuple(layer for layer in LAYERS if layer not in taken and layer != "identity"), tuple(calm))


def _group(rows: list[Row], shown: int | None) -> Group:
    if shown is None or len(rows) <= shown + 1:  # a line that says "and 1 more" takes the room of that one
        return Group(tuple(rows), ())
    return Group(tuple(rows[:shown]), tuple(row.name for row in rows[shown:]))


@dataclass(frozen=True, slots=True)
class Open:
    """Why a layer of some functions is undecided, where no finding tells that; `addresses` are theirs."""

    layer: LayerV1
    says: str
    addresses: tuple[str, ...]


def open_apart(functions: Sequence[FunctionV1], policies: Sequence[PolicyV1]) -> list[Open]:
    """What is undecided in the picture and in no finding, in the order of the layers: nobody asks about a runtime that is a variable.

    Nor does it say so of identity where nobody was asked about that.
    """
    found: dict[tuple[LayerV1, str], list[str]] = {}
    for layer in layers_asked(policies):
        for function in functions:
            cell = cell_of(function, layer)
            if cell.standing == "undecided" and not cell.policies:
                found.setdefault((layer, cell.says), []).append(function.address)
    return [Open(layer, says, tuple(addresses)) for (layer, says), addresses in found.items()]


def short(address: str) -> str:
    """`module.shop.aws_lambda_function.cart[0]` -> `module.shop.cart[0]`: in a table of functions the type is the same for all."""
    return address.removeprefix("aws_lambda_function.").replace(".aws_lambda_function.", ".")


def layers_asked(policies: Iterable[PolicyV1]) -> tuple[LayerV1, ...]:
    """The layers that the policies of a run tell something about: all of them, but identity only where it was asked about."""
    is_identity_asked = any(policy.id.startswith("SLS_ID_") for policy in policies)
    return tuple(layer for layer in LAYERS if layer != "identity" or is_identity_asked)


def is_left(cell: CellV1) -> bool:
    """Whether nothing is taken back there. Identity is everybody's own; that it is in order is nothing to show."""
    return cell.standing == "aws" or (cell.layer == "identity" and cell.standing == "evidence")


def cell_of(function: FunctionV1, layer: LayerV1) -> CellV1:
    """The cell of one layer; undecided where the record holds none: who runs that layer is not known, so it is not AWS."""
    known = next((cell for cell in function.layers if cell.layer == layer), None)
    return known or CellV1(layer, "undecided", "The record does not say who runs it.", None, None, [], [])


def _rank(rows: list[Row]) -> tuple[object, ...]:
    standings = [cell.standing for cell in rows[0].cells]
    return (*(-standings.count(standing) for standing in WORST_FIRST), natural(rows[0].name))

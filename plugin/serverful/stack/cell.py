"""The shared responsibility picture as data: for each function and layer, who runs it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from serverful.estate.place import Place


class Layer(Enum):
    """What a function stands on, from the network to who it is; the columns of the picture, in their order."""

    NETWORKING = "networking"
    FIXED_IP = "fixed IP"
    COMPUTE = "compute"
    ENVIRONMENT = "execution environment"
    RUNTIME = "runtime"
    STORAGE = "storage"
    IDENTITY = "identity"


class Standing(Enum):
    """Who runs a layer, and how that is accounted for. What each of them means stands in `serverful.stack`."""

    AWS = "AWS's"
    EVIDENCE = "taken with evidence"
    JUSTIFIED = "justified"
    UNEXPLAINED = "unexplained"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Cell:
    """One layer of one function.

    `says` is why, in a sentence, as plain text with names in it that anybody may have written. `policies` are the ids of the findings that
    it rests on, none where nothing was asked; `beside` those of failed findings that do not change its standing: about how the layer is
    run, mere questions (INFO), and what is asked of others as well. Of a justified layer, `until` is the day on which the first of its
    reasons ends, and `owner` whose reason that is.
    """

    layer: Layer
    standing: Standing
    says: str
    policies: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    until: date | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """The row of one function: a cell for each layer, in the order of `Layer`."""

    root: str
    address: str
    place: Place
    cells: tuple[Cell, ...]

    def at(self, layer: Layer) -> Cell:
        return next(cell for cell in self.cells if cell.layer is layer)

    @property
    def taken(self) -> tuple[Cell, ...]:
        """The layers that are not, or not certainly, left to AWS. Identity is everybody's own, and not among them."""
        return tuple(cell for cell in self.cells if cell.layer is not Layer.IDENTITY and cell.standing is not Standing.AWS)

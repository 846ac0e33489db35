"""What Terraform can tell of one argument: a value that is known, or an unknown that has a name.

Decided once, where blocks are read (`estate/read/`); everybody after that asks `isinstance(value, Known)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from serverful.estate.place import Place

T_co = TypeVar("T_co", covariant=True)


class Basis(Enum):
    """How we know."""

    STATED = "stated"  # written in the configuration, possibly through variables and locals
    DEFAULTED = "defaulted"  # not written; the provider's documented default
    DERIVED = "derived"  # follows from several statements


# Known and Listing have no slots: CPython 3.11 raises when a generic dataclass, frozen and slotted, is called as `Listing[Link](...)`.
@dataclass(frozen=True)
class Known(Generic[T_co]):
    """A value Terraform states, or that follows from what it states."""

    value: T_co
    place: Place
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is decided elsewhere. `expression` names it: `var.subnet_ids`, `data.aws_subnets.all.ids`.

    `mentions` are the addresses of blocks in this root that its expression refers to: enough for a hint, never for a value.
    `names` are the words that may tell what it is for: variable, key and attribute names.
    """

    expression: str
    place: Place
    mentions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


Value = Known[T_co] | Unknown


@dataclass(frozen=True)
class Listing(Generic[T_co]):
    """A list of which some items may be known and others not: `concat([aws_subnet.a.id], var.more)`.

    `items` are in source order; `unknown` names each part that could not be followed. An empty, complete listing is *known to be empty*.
    """

    items: tuple[T_co, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def is_complete(self) -> bool:
        """True when every item is known."""
        return not self.unknown

    @property
    def is_empty(self) -> bool:
        """True when it is known that there is nothing."""
        return not self.items and not self.unknown

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

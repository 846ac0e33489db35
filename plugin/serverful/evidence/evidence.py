"""Evidence: one thing we saw, where we saw it, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from serverful.estate.place import Place
from serverful.estate.value import Basis, Unknown


class Grade(Enum):
    """How strongly a thing speaks for a private network (catalogue, "Evidence grades")."""

    E1 = "edge"
    E2 = "reference"
    E3 = "shape"
    E4 = "policy"
    E5 = "recorded reason"
    E6 = "hint"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing we saw (`says`, a short phrase), where, and on what basis. `as_of` dates reference data.

    `unless_called_by` names what would explain it just as well by calling the function, because its event source mapping needs the same
    group, range or login: a thing ("aws_msk_cluster.orders"), a security group that the mapping brings, or a service ("MSK"). For a
    function that is called by one of them it is no evidence. `if_exists` names what decides outside this root whether the thing exists.
    `of` is the address of the private thing that it speaks of, or the noun for it where no certain one is named.
    """

    says: str
    place: Place
    basis: Basis = Basis.STATED
    grade: Grade | None = None
    as_of: date | None = None
    unless_called_by: tuple[str, ...] = ()
    if_exists: Unknown | None = None
    of: str = ""

    def __str__(self) -> str:
        dated = f" (as of {self.as_of})" if self.as_of else ""
        return f"{self.says}{dated} — {self.place}"

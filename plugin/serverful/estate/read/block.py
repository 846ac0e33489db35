"""Block: one instance of a Terraform block as read, whoever read it (source or, later, plan)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serverful.estate.model import Comment
from serverful.estate.place import Place
from serverful.estate.read.term import Term, Undecided
from serverful.estate.value import Value


class Block(ABC):
    """One instance of a resource, data source or module call, or a block nested in one.

    `mode` is "managed", "data", "module" or "nested"; `address` is full (`module.net.aws_subnet.a[0]`), of a nested block its owner's.
    `comments` are those inside the block, directly above it and in the module calls it is made through; `calls` these calls' places.
    """

    mode: str
    type: str
    name: str
    address: str
    place: Place
    exists: Value[bool]
    comments: tuple[Comment, ...]
    calls: tuple[Place, ...]

    @abstractmethod
    def has(self, name: str) -> bool:
        """Whether the argument is written at all (it may still be null)."""

    @abstractmethod
    def term(self, name: str) -> Term:
        """What the argument comes to; Literal(None) where it is not written."""

    @abstractmethod
    def at(self, name: str) -> Place:
        """Where the argument or first nested block of that name is written; the block itself where it is not."""

    def at_entry(self, name: str, key: str) -> Place:
        """Where one entry of a map argument is written, if it is written there and not taken from elsewhere; else as `at`."""
        return self.at(name)

    @abstractmethod
    def blocks(self, name: str) -> Blocks:
        """The nested blocks of that name: plain ones, `dynamic` ones that are on, and attributes written as lists of objects."""

    def defaults(self, name: str) -> Mapping[str, Term]:
        """The variables of the root that an argument hangs on and that only their default decides, by name; none where a plan is read."""
        return {}

    def contents(self, path: str) -> frozenset[str] | None:
        """The names at the top of a folder or archive that the configuration names; None where nobody can look."""
        return None

    @abstractmethod
    def names(self) -> Sequence[str]:
        """The names of all arguments and nested blocks that are written."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Nested blocks of one name. `undecided` names what may add some: a `dynamic` block whose `for_each` is decided outside.

    Where `dynamic` is undecided, `possible` holds the block it would make.
    """

    blocks: tuple[Block, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    possible: tuple[Block, ...] = ()

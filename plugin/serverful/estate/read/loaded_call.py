"""`module.x` of a module that is here: a block of which outputs can be asked, whoever read the module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from serverful.estate.model import Comment
from serverful.estate.place import Place
from serverful.estate.read.block import Block, Blocks
from serverful.estate.read.term import Term
from serverful.estate.value import Value


class Loaded(Protocol):
    """A module instance as its caller sees it (`tree.Module`, `plan.tree.PlannedModule`)."""

    address: str
    comments: tuple[Comment, ...]
    calls: tuple[Place, ...]

    @property
    def output_names(self) -> Sequence[str]: ...

    def output(self, name: str) -> Term: ...


class LoadedCall(Block):
    """A module call whose outputs can be asked for."""

    mode = "loaded"

    def __init__(self, module: Loaded, place: Place, exists: Value[bool]) -> None:
        self.type = self.name = "module"
        self.address, self.comments, self.calls = module.address, module.comments, module.calls
        self.place, self.exists = place, exists
        self._module = module

    def has(self, name: str) -> bool:
        return name in self._module.output_names

    def names(self) -> Sequence[str]:
        return self._module.output_names

    def at(self, name: str) -> Place:
        return self.place

    def term(self, name: str) -> Term:
        return self._module.output(name)

    def blocks(self, name: str) -> Blocks:
        return Blocks()

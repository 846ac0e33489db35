"""A block that a module makes of which only the outline is here. It stands where the module is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from serverful.estate.place import Place
from serverful.estate.read.block import Block, Blocks
from serverful.estate.read.expression import Attribute, Expression, Traversal, traversals
from serverful.estate.read.follow import Scope, follow
from serverful.estate.read.list_functions import opened
from serverful.estate.read.outlines.existence import ONLY_IF
from serverful.estate.read.source import SourceBlock
from serverful.estate.read.source_block import ReadBlock
from serverful.estate.read.term import NULL, Items, Ref, Term, Undecided

UNLESS_NULL = "unless_null"


@dataclass(eq=False)
class OutlinedBlock(ReadBlock):
    """Its lines are those of the call, and of the call's inputs where an argument is made of one."""

    call: ReadBlock | None = None

    def at(self, name: str) -> Place:
        attribute = self.source.attributes.get(name)
        if attribute is not None:
            return self._given(attribute.expression) or self.place
        nested = next(self.source.nested(name), None)
        return self._start(nested) if nested is not None else self.place

    def at_entry(self, name: str, key: str) -> Place:
        attribute = self.source.attributes.get(name)
        if attribute is not None and self.call is not None:
            for input_ in inputs_in(attribute.expression):
                if self.call.has(input_) and (place := self.call.at_entry(input_, key)) != self.call.at(input_):
                    return place
        return self.at(name)

    def blocks(self, name: str) -> Blocks:
        nested = [source for source in self.source.nested(name) if source.type != "dynamic"]
        if not any(UNLESS_NULL in source.attributes for source in nested):
            return super().blocks(name)
        found = [self._unless_null(source, name) for source in nested]
        return Blocks(
            tuple(block for blocks in found for block in blocks.blocks),
            tuple(why for blocks in found for why in blocks.undecided),
            tuple(block for blocks in found for block in blocks.possible),
        )

    def _unless_null(self, source: SourceBlock, name: str) -> Blocks:
        """The block where none of these is null; undecided where that of one of them is foreseen and decided elsewhere."""
        given = opened(follow(source.attributes[UNLESS_NULL].expression, self.scope))
        terms = [opened(item) for item in given.items] if isinstance(given, Items) else [given]
        if NULL in terms:
            return Blocks()
        block = self._nested(source, name, self.scope)
        if isinstance(given, Ref):
            return Blocks(undecided=(Undecided(given.expression, mentions=(given,)),), possible=(block,))
        is_whole = isinstance(given, Undecided)
        perhaps = tuple(term for term in terms if isinstance(term, Undecided) and (term.may_be_empty or is_whole))
        return Blocks(undecided=perhaps[:1], possible=(block,)) if perhaps else Blocks((block,))

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in super().names() if name not in (UNLESS_NULL, ONLY_IF))

    def _evaluated(self, name: str, term: Term) -> Term | None:
        return None  # evaluation knows nothing of a module that is not here

    def _is_on(self, name: str, content: SourceBlock, term: Undecided) -> bool:
        return False

    def _nested(self, source: SourceBlock, name: str, scope: Scope) -> Block:
        place = self._start(source)
        return OutlinedBlock(
            "nested", name, self.name, self.address, place, self.exists, (), self.calls, source, scope, self.module, call=self.call
        )

    def _start(self, source: SourceBlock) -> Place:
        """Where the first input stands that a nested block is made of."""
        expressions = (attribute.expression for name, attribute in source.attributes.items() if name != UNLESS_NULL)
        found = (self._given(expression) for expression in expressions)
        inner = (self._start(block) for block in source.blocks)
        return next((place for place in found if place is not None), None) or next(inner, self.place)

    def _given(self, expression: Expression) -> Place | None:
        """Where the first input that an expression speaks of is given; None where none is."""
        if self.call is None:
            return None
        names = (name for name in inputs_in(expression) if self.call.has(name))
        return next((replace(self.call.at(name), address=self.place.address) for name in names), None)


def inputs_in(expression: Expression) -> Iterator[str]:
    """The variables that an expression speaks of, in source order."""
    for traversal in traversals(expression):
        match traversal:
            case Traversal(name="var", steps=(Attribute(name), *_)):
                yield name

"""The blocks of one root, sorted once: by address, by type, by what they belong to. Every builder of things asks here.

Each question that concerns all blocks of a type is answered by one pass, and remembered: 5,000 functions must not be compared pairwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from serverful.estate.model import Link
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.documents import Documents
from serverful.estate.read.term import Every, Items, Literal, Ref, Term, Text, Undecided, references
from serverful.estate.read.things.implied import Implied
from serverful.estate.value import Known, Listing, Unknown

T = TypeVar("T")


@dataclass(slots=True)
class Children:
    """The blocks that belong to an owner: surely, or possibly (their argument is undecided and mentions the owner)."""

    sure: list[Block] = field(default_factory=list)
    possible: list[tuple[Block, Unknown]] = field(default_factory=list)


@dataclass(slots=True)
class _Grouping:
    by_owner: dict[str, Children] = field(default_factory=dict)
    by_name: dict[str, list[Block]] = field(default_factory=dict)


class Index:
    """All blocks of one root. Of two blocks with one address (not valid Terraform) the first counts."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks: dict[str, Block] = {}
        self._by_type: dict[str, list[Block]] = {}
        for block in blocks:
            if block.address not in self.blocks:
                self.blocks[block.address] = block
                if block.mode == "managed":
                    self._by_type.setdefault(block.type, []).append(block)
        self.documents = Documents()
        self.implied = Implied(self.of_type)
        self._groupings: dict[tuple[str, str, tuple[str, ...]], _Grouping] = {}
        self._named: dict[tuple[str, str], dict[str, list[Block]]] = {}
        self._remembered: dict[str, object] = {}

    def remembered(self, question: str, answer: Callable[[], T]) -> T:
        """The answer to a question about the whole root, worked out once."""
        if question not in self._remembered:
            self._remembered[question] = answer()
        return cast(T, self._remembered[question])

    def of_type(self, *types: str) -> Iterator[Block]:
        """The resources of these types, in source order."""
        for type_ in types:
            yield from self._by_type.get(type_, ())

    def named(self, type_: str, name: str, argument: str = "name") -> Sequence[Block]:
        """The resources of a type whose name is known and equal to `name`."""
        key = (type_, argument)
        if key not in self._named:
            found: dict[str, list[Block]] = {}
            for block in self.of_type(type_):
                value = convert.optional_text(block, argument)
                if isinstance(value, Known) and value.value:
                    found.setdefault(value.value, []).append(block)
            self._named[key] = found
        return self._named[key].get(name, ())

    def block_of(self, link: Link | None) -> Block | None:
        """The block that a link leads to, where it is in this root."""
        return self.blocks.get(link.target) if link is not None and link.target is not None else None

    # --- links --------------------------------------------------------------------------------------------------------------------

    def link(self, block: Block, name: str, *types: str) -> Link | None:
        """The thing an argument refers to, preferably one of these types. A named unknown is a link without target, origin "unknown"."""
        place = block.at(name)
        found = self.link_of(block.term(name), place, *types)
        return Link(None, found.expression, place, origin="unknown") if isinstance(found, Unknown) else found

    def links(self, block: Block, name: str, *types: str) -> Listing[Link]:
        """The things a list argument refers to, preferably of these types."""
        return self.links_of(block.term(name), block.at(name), *types)

    def links_of(self, term: Term, place: Place, *types: str) -> Listing[Link]:
        """Like `links`, of a term."""
        found: list[Link] = []
        missing: list[Unknown] = []
        for part in convert.parts(term):
            linked = self.link_of(part, place, *types)
            if isinstance(linked, Unknown):
                missing.append(linked)
            elif linked is not None:
                found.append(linked)
        return Listing(tuple(found), tuple(missing))

    def link_of(self, term: Term, place: Place, *types: str) -> Link | Unknown | None:
        """What a term refers to; None for null and for "" (which attributes written as blocks use for null)."""
        term = followed(term, types)
        match term:
            case Literal(""):
                return None
            case Ref():
                implied = self.implied.target(term)
                if implied is not None:
                    return Link(implied, term.expression, place, ".".join(str(step) for step in term.path))
            case Items(items=(only,), rest=()):
                return self.link_of(only, place, *types)
        return convert.link_to(term, place)

    # --- what belongs to what -----------------------------------------------------------------------------------------------------

    def children(self, owner: str, types: tuple[str, ...], type_: str, argument: str, name: str | None = None) -> Children:
        """The blocks of `type_` whose `argument` leads to the owner: by reference first, by its known name second.

        `types` are the types an owner may have; a reference to another block is followed until one of them is met.
        """
        key = (type_, argument, types)
        if key not in self._groupings:
            self._groupings[key] = self._grouping(type_, argument, types)
        grouping = self._groupings[key]
        children = grouping.by_owner.get(owner) or Children()
        if name and name in grouping.by_name:
            return Children([*children.sure, *grouping.by_name[name]], children.possible)
        return children

    def _grouping(self, type_: str, argument: str, types: tuple[str, ...]) -> _Grouping:
        grouping = _Grouping()
        for block in self.of_type(type_):
            place = block.at(argument)
            owners: dict[str, None] = {}
            perhaps: dict[str, Unknown] = {}
            names: dict[str, None] = {}
            for part in members(block.term(argument)):
                term = followed(part, types)
                match term:
                    case Ref():
                        owners[self.implied.owner(term) or term.block.address] = None
                    case Literal(str() as name):
                        names[name] = None
                    case Text():
                        owners.update((ref.block.address, None) for ref in references(term) if ref.block.type in types)
                    case Undecided():
                        for ref in references(term):
                            address = self.implied.owner(ref) or ref.block.address
                            perhaps.setdefault(address, convert.unknown(term, place))
            for owner in owners:
                grouping.by_owner.setdefault(owner, Children()).sure.append(block)
            for owner, why in perhaps.items():
                if owner not in owners:
                    grouping.by_owner.setdefault(owner, Children()).possible.append((block, why))
            for name in names:
                grouping.by_name.setdefault(name, []).append(block)
        return grouping


def members(term: Term) -> Iterator[Term]:
    """What a list consists of, as far as it can be told apart: of a list of unknown size the one term that all its items are."""
    inner = convert.settled(term)
    match inner:
        case Items(items, rest):
            for item in (*items, *rest):
                yield from members(item)
        case Every(item, _):
            yield from members(item)
        case _:
            yield from convert.parts(term)


def followed(term: Term, types: Sequence[str]) -> Term:
    """A reference to an argument of another block becomes what is written there, until a block of one of these types is met.

    `aws_subnet.a.vpc_id` becomes `aws_vpc.main.id` for `("aws_vpc",)`. A data source stays: what it is asked with is not what it tells.
    """
    if not types:
        return term
    for _ in range(20):  # a chain of references; cycles are not valid Terraform, but must not hang us
        if not isinstance(term, Ref) or term.block.type in types or term.block.mode != "managed":
            return term
        inner = convert.written(term)
        if inner is None or inner == Literal(None):
            return term
        term = inner
    return term

"""What an argument's expression comes to, as far as it can be followed.

A `Term` keeps more than a value: references stay references (`aws_subnet.a.id` is a link to that subnet, not an invented id), lists keep
their known items beside the unknown ones, and text keeps its known parts. `convert.py` turns terms into the `Value`s of the estate.
`counted` is for `size.py`: how large a term is, 0 until somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serverful.estate.read.block import Block

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A known scalar, null included."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Items:
    """A list, set or tuple. `rest` are parts of unknown length, wherever they stand in it: `concat(var.more, [a])`.

    So where there is a rest, the positions of the items are not known.
    """

    items: tuple[Term, ...] = ()
    rest: tuple[Undecided, ...] = ()
    counted: int = field(default=0, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Entries:
    """A map or object. `rest` are parts whose keys are unknown: `merge({ A = 1 }, var.more)`."""

    entries: Mapping[str, Term] = field(default_factory=dict)
    rest: tuple[Undecided, ...] = ()
    counted: int = field(default=0, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a block of this root (`managed`, `data`, or a `module` call that is not loaded) and the path taken from it.

    `path` is empty for the block itself, `("arn",)`, `("outputs", "vpc_id")`, `("endpoint", 0, "address")` otherwise.
    """

    block: Block
    path: tuple[str | int, ...] = ()

    @property
    def expression(self) -> str:
        """As Terraform would write it: `aws_subnet.a[0].id`, `data.aws_vpc.main.id`."""
        steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f"{self.block.address}{steps}"


@dataclass(frozen=True, slots=True)
class Text:
    """A template with at least one part that is not a literal. Consecutive literals are joined."""

    parts: tuple[Term, ...]
    counted: int = field(default=0, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Encoded:
    """What `jsonencode` was given; as text it is unknown unless all of it is known."""

    term: Term
    counted: int = field(default=0, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A name for what cannot be followed.

    `expression` is as written, `names` the words in it that may tell its purpose, `mentions` the terms it is made of (references in them
    are hints). `may_be_empty` says its author foresees that it is null or empty (a variable with such a default). `is_computable` says
    all its leaves are known: only a function we do not know stands in the way, and evaluation may close it. `is_missing` says Terraform
    would refuse it: an attribute or index that is not there (`try` skips it).
    """

    expression: str
    names: tuple[str, ...] = ()
    mentions: tuple[Term, ...] = ()
    may_be_empty: bool = False
    is_computable: bool = False
    is_missing: bool = False
    counted: int = field(default=0, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """A list or map of unknown size of which each item is `term`: the instances of a block whose `count` is decided elsewhere."""

    term: Term
    why: Undecided
    counted: int = field(default=0, init=False, repr=False, compare=False)


Term = Literal | Items | Entries | Ref | Text | Encoded | Every | Undecided
NULL = Literal(None)


def references(term: Term) -> Iterator[Ref]:
    """Every reference anywhere inside a term, in source order, each once by block and path."""
    seen: set[tuple[int, tuple[str | int, ...]]] = set()
    for ref in _references(term):
        key = (id(ref.block), ref.path)
        if key not in seen:
            seen.add(key)
            yield ref


def _references(term: Term) -> Iterator[Ref]:
    match term:
        case Ref():
            yield term
        case Items(items, rest):
            for item in (*items, *rest):
                yield from _references(item)
        case Entries(entries, rest):
            for value in (*entries.values(), *rest):
                yield from _references(value)
        case Text(parts):
            for part in parts:
                yield from _references(part)
        case Encoded(inner):
            yield from _references(inner)
        case Every(inner, why):
            yield from _references(inner)
            yield from _references(why)
        case Undecided(mentions=mentions):
            for mention in mentions:
                yield from _references(mention)
        case Literal():
            pass


def undecided_parts(term: Term) -> Iterator[Undecided]:
    """Every part of a term that is undecided, in source order."""
    match term:
        case Undecided():
            yield term
        case Items(items, rest):
            for item in (*items, *rest):
                yield from undecided_parts(item)
        case Entries(entries, rest):
            for value in (*entries.values(), *rest):
                yield from undecided_parts(value)
        case Text(parts):
            for part in parts:
                yield from undecided_parts(part)
        case Encoded(inner):
            yield from undecided_parts(inner)
        case Every(inner, why):
            yield from undecided_parts(inner)
            yield why
        case Ref() | Literal():
            pass


def sources(term: Term) -> Iterator[str]:
    """The names outside this root that keep a term open, as they are written where they come from: `module.vpc.private_subnets`."""
    match term:
        case Undecided(expression, mentions=()):
            yield expression
        case Ref(block) if block.mode != "managed":
            yield term.expression
        case Undecided(mentions=inner) | Text(inner):
            for part in inner:
                yield from sources(part)
        case Items(items, rest):
            for part in (*items, *rest):
                yield from sources(part)
        case Entries(entries, rest):
            for part in (*entries.values(), *rest):
                yield from sources(part)
        case Encoded(part):
            yield from sources(part)
        case Every(part, why):
            yield from sources(part)
            yield from sources(why)


def shown(term: Term) -> str:
    """A term as a person would write it, for messages; unknown parts appear as their expression."""
    match term:
        case Literal(None):
            return "null"
        case Literal(bool() as flag):
            return "true" if flag else "false"
        case Literal(str() as text):
            return f'"{text}"'
        case Literal(number):
            return str(number)
        case Items(items, rest):
            return "[" + ", ".join([shown(item) for item in items] + [f"{part.expression}..." for part in rest]) + "]"
        case Entries(entries, rest):
            return "{" + ", ".join([f"{k} = {shown(v)}" for k, v in entries.items()] + [f"{part.expression}..." for part in rest]) + "}"
        case Ref():
            return term.expression
        case Text(parts):
            return '"' + "".join(str(p.value) if isinstance(p, Literal) else f"${{{shown(p)}}}" for p in parts) + '"'
        case Encoded(inner):
            return f"jsonencode({shown(inner)})"
        case Every(inner, why):
            return f"[{shown(inner)} for each of {why.expression}]"
        case Undecided(expression):
            return expression

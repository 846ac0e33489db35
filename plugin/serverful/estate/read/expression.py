"""Expressions of Terraform's language, as written: a small tree without tree-sitter in it.

Built by `syntax.py` from source; evaluated by `follow.py`. `text` is the source of an expression, for naming it to people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from serverful.estate.read.term import Scalar


@dataclass(frozen=True, slots=True)
class Constant:
    value: Scalar


@dataclass(frozen=True, slots=True)
class Template:
    """A quoted or heredoc template with at least one part that is not plain text."""

    parts: tuple[Expression, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Tuple:
    items: tuple[Expression, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Object:
    """`lines` says where each item begins; empty for JSON, which has no lines to cite."""

    items: tuple[tuple[Expression, Expression], ...]
    text: str
    lines: tuple[int, ...] = ()

    def line_of(self, key: str) -> int | None:
        """Where the item of that key begins; the last one counts, as in Terraform."""
        found = [line for (name, _), line in zip(self.items, self.lines, strict=False) if name == Constant(key)]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A step `.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """A step `[key]`, or the legacy `.0`."""

    key: Expression


@dataclass(frozen=True, slots=True)
class Splat:
    """A step `[*]` or `.*` and the steps that follow it, which apply to each item."""

    steps: tuple[Step, ...]


Step = Attribute | Index | Splat


@dataclass(frozen=True, slots=True)
class Traversal:
    """`name` followed by steps: `var.x`, `aws_subnet.a[0].id`, `each.key`, an iterator of a `for`."""

    name: str
    steps: tuple[Step, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Access:
    """Steps taken from any other expression: `merge(a, b).c`, `(x)[0]`."""

    source: Expression
    steps: tuple[Step, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; `expands` says that the last argument is followed by `...`."""

    function: str
    arguments: tuple[Expression, ...]
    expands: bool
    text: str


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Expression
    then: Expression
    otherwise: Expression
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A unary (one operand) or binary operation."""

    operator: str
    operands: tuple[Expression, ...]
    text: str


@dataclass(frozen=True, slots=True)
class For:
    """`[for k, v in source : value if condition]`, an object when `key` is set; `groups` is `...`; `joins` makes text, in templates."""

    key_name: str | None
    value_name: str
    source: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    groups: bool
    text: str
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An expression with a syntax error."""

    text: str = field(default="")


Expression = Constant | Template | Tuple | Object | Traversal | Access | Call | Conditional | Operation | For | Unreadable


def traversals(expression: Expression) -> Iterator[Traversal]:
    """Every name that an expression speaks of, with the steps taken from it, in source order; a condition comes after what it chooses."""
    match expression:
        case Traversal(steps=steps):
            yield expression
            yield from _in_steps(steps)
        case Template(parts) | Tuple(items=parts) | Call(arguments=parts) | Operation(operands=parts):
            for part in parts:
                yield from traversals(part)
        case Object(items):
            for key, value in items:
                yield from traversals(key)
                yield from traversals(value)
        case Conditional(condition, then, otherwise):
            for part in (then, otherwise, condition):
                yield from traversals(part)
        case Access(source, steps):
            yield from traversals(source)
            yield from _in_steps(steps)
        case For(source=source, value=value):
            yield from traversals(source)
            yield from traversals(value)


def _in_steps(steps: tuple[Step, ...]) -> Iterator[Traversal]:
    for step in steps:
        match step:
            case Index(key):
                yield from traversals(key)
            case Splat():
                pass

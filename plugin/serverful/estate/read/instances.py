"""`count` and `for_each`: which instances a block has, and what a reference to all of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serverful.estate.read.convert import settled, whole
from serverful.estate.read.decode import term_of
from serverful.estate.read.expression import Expression
from serverful.estate.read.follow import Scope, follow
from serverful.estate.read.list_functions import opened
from serverful.estate.read.source import SourceBlock
from serverful.estate.read.term import Entries, Every, Items, Literal, Ref, Term, Undecided

if TYPE_CHECKING:
    from serverful.estate.read.evaluate import Evaluation

MAX_INSTANCES = 10_000  # of one block: Terraform itself would not finish

Key = int | str | None
"""The key of one instance, as evaluation has it too: `[0]`, `["a"]`, or None where a block has neither `count` nor `for_each`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One instance: its key (None for a block without count and for_each) and the names bound in it."""

    key: Key
    bindings: Mapping[str, Term]

    @property
    def suffix(self) -> str:
        """`[0]`, `["blue"]` or nothing, as in Terraform's addresses."""
        if self.key is None:
            return ""
        if isinstance(self.key, int):
            return f"[{self.key}]"
        return '["{}"]'.format(self.key.replace("\\", "\\\\").replace('"', '\\"'))


@dataclass(frozen=True, slots=True)
class Instances:
    """`rows` are the instances that are known; `why` says what decides about more. Where nothing is known, one row stands for all."""

    kind: str  # "one", "count" or "for_each"
    rows: tuple[Row, ...]
    why: Undecided | None = None

    @property
    def is_stand_in(self) -> bool:
        """Whether the only row stands for an unknown number of instances."""
        return self.why is not None and len(self.rows) == 1 and self.rows[0].key is None

    def term(self, refs: Sequence[Ref]) -> Term:
        """What a reference to the block itself is: one block, a list or a map of them. `refs` are in the order of `rows`."""
        if self.kind == "one":
            return refs[0]
        if self.is_stand_in and self.why is not None:
            return Every(refs[0], self.why)
        rest = (self.why,) if self.why is not None else ()
        if self.kind == "count":
            return Items(tuple(refs), rest)
        return Entries({str(row.key): ref for row, ref in zip(self.rows, refs, strict=True)}, rest)


Evaluated = Callable[[], Sequence[tuple[Key, object]] | None]


def instances(source: SourceBlock, scope: Scope, evaluated: Evaluated) -> Instances:
    """The instances of a block. `evaluated` gives the keys (and `each.value`s) that evaluation saw, if there was one."""
    if "count" in source.attributes:
        return _counted(source, scope, evaluated)
    if "for_each" in source.attributes:
        return _for_each(source, scope, evaluated)
    return Instances("one", (Row(None, {}),))


def _counted(source: SourceBlock, scope: Scope, evaluated: Evaluated) -> Instances:
    expression = source.attributes["count"].expression
    term = settled(follow(expression, scope))
    if isinstance(term, Literal):
        number = whole(term.value)
        if number is not None and number <= MAX_INSTANCES:
            return Instances("count", tuple(count_row(index) for index in range(max(number, 0))))
    why = term if isinstance(term, Undecided) else Undecided(getattr(expression, "text", "count"), mentions=(term,))
    if why.is_computable and (seen := evaluated()) is not None:
        return Instances("count", tuple(count_row(key) for key, _ in seen if isinstance(key, int)))
    return _some_number(why)


def stand_in(expression: Expression) -> Instances:
    """One instance for all that a `count` or `for_each` makes."""
    return _some_number(Undecided(getattr(expression, "text", "count")))


def _some_number(why: Undecided) -> Instances:
    """One instance for an unknown number of them; `each` is as open as `count` is."""
    each = Entries({"key": Undecided("each.key"), "value": Undecided("each.value")})
    return Instances("count", (Row(None, {"count": Entries({"index": Undecided("count.index")}), "each": each}),), why)


def count_row(index: int) -> Row:
    return Row(index, {"count": Entries({"index": Literal(index)})})


def _for_each(source: SourceBlock, scope: Scope, evaluated: Evaluated) -> Instances:
    expression = source.attributes["for_each"].expression
    term = opened(follow(expression, scope))
    rest: tuple[Undecided, ...] = ()
    rows: list[Row] = []
    match term:
        case Entries(entries, rest):
            rows = [_each_row(key, entries[key]) for key in sorted(entries)]
        case Items(items, rest):
            keys = [settled(item) for item in items]
            if all(isinstance(key, Literal) for key in keys):
                rows = [_each_row(name, Literal(name)) for name in sorted({str(key.value) for key in keys if isinstance(key, Literal)})]
            else:
                rest = (*rest, Undecided(getattr(expression, "text", "for_each"), mentions=(term,)))
        case Undecided() if term.is_computable and (seen := evaluated()) is not None:
            return Instances("for_each", tuple(_each_row(str(key), term_of(value, "each.value")) for key, value in seen))
        case Undecided():
            rest = (term,)
        case Every(_, why):
            rest = (why,)
        case _:
            rest = (Undecided(getattr(expression, "text", "for_each"), mentions=(term,)),)
    why_more = rest[0] if rest else None
    if not rows and why_more is not None:
        value: Term = term.term if isinstance(term, Every) else Undecided("each.value", why_more.names, why_more.mentions)
        each = Entries({"key": Undecided("each.key", why_more.names), "value": value})
        return Instances("for_each", (Row(None, {"each": each}),), why_more)
    return Instances("for_each", tuple(rows), why_more)


def _each_row(key: str, value: Term) -> Row:
    return Row(key, {"each": Entries({"key": Literal(key), "value": value})})


def seen(evaluation: Evaluation | None, address: str) -> list[tuple[Key, object]] | None:
    """The instances of `address` that evaluation saw, with the value each got from `for_each`; None where it cannot tell."""
    keys = evaluation.instances(address) if evaluation is not None else None
    if evaluation is None or keys is None:
        return None
    rows: list[tuple[Key, object]] = []
    for key in keys:
        path = address + Row(key, {}).suffix
        block = evaluation.instance(address, key) or {}
        if evaluation.count_is_open(path):
            return None
        each = block.get("for_each")
        rows.append((key, each.get(str(key), key) if isinstance(each, dict) else key))
    return rows

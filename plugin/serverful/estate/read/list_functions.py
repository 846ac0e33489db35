"""Terraform's list and set functions over terms: known items stay beside parts of unknown length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from serverful.estate.read.convert import settled
from serverful.estate.read.operators import because, equal, is_empty
from serverful.estate.read.term import NULL, Entries, Every, Items, Literal, Ref, Term, Undecided

Function = Callable[[Sequence[Term], str], Term]
"""Arguments and the call as written, which names what stays open; the result."""


def opened(term: Term) -> Term:
    """A reference to a written list or map, opened; anything else as it is."""
    inner = settled(term)
    return inner if isinstance(inner, (Items, Entries, Every, Undecided)) or inner == NULL else term


def parts_of(term: Term) -> Iterator[Term]:
    """The items of a list or map, unknown parts last."""
    inner = opened(term)
    match inner:
        case Items(items, rest):
            yield from (*items, *rest)
        case Entries(entries, rest):
            yield from (*entries.values(), *rest)
        case Literal(None):
            pass
        case _:
            yield inner


def _listed(terms: Iterator[Term] | Sequence[Term]) -> Items:
    """Items of known parts, with parts of unknown length set aside."""
    known: list[Term] = []
    rest: list[Undecided] = []
    for term in terms:
        if isinstance(term, Every):
            known.append(term.term)
            rest.append(term.why)
        else:
            known.append(term)
    return Items(tuple(known), tuple(rest))


def _spread(term: Term) -> tuple[list[Term], list[Undecided]]:
    """A list argument as its items and its parts of unknown length."""
    inner = opened(term)
    match inner:
        case Items(items, rest):
            return list(items), list(rest)
        case Entries(entries, rest):
            return list(entries.values()), list(rest)
        case Every(item, why):
            return [item], [why]
        case Undecided():
            return [], [inner]
        case Literal(None):
            return [], []
    return [], [because(name_of(inner), inner)]


def name_of(term: Term) -> str:
    """What to call a list that cannot be opened."""
    return term.expression if isinstance(term, (Ref, Undecided)) else "an unknown list"


def _concat(arguments: Sequence[Term], _text: str) -> Term:
    if len(arguments) == 1 and isinstance(opened(arguments[0]), Every):
        return opened(arguments[0])
    items: list[Term] = []
    rest: list[Undecided] = []
    for argument in arguments:
        known, unknown = _spread(argument)
        items += known
        rest += unknown
    return Items(tuple(items), tuple(rest))


def _flatten(arguments: Sequence[Term], _text: str) -> Term:
    items: list[Term] = []
    rest: list[Undecided] = []

    def visit(term: Term) -> None:
        inner = opened(term)
        if isinstance(inner, (Items, Every)):
            known, unknown = _spread(inner)
            for item in known:
                visit(item)
            rest.extend(unknown)
        elif isinstance(inner, Undecided):
            rest.append(inner)
        else:
            items.append(term)

    visit(arguments[0])
    return Items(tuple(items), tuple(rest))


def _same(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    if isinstance(inner, Entries):
        return Items(tuple(inner.entries.values()), inner.rest)
    return inner if isinstance(inner, (Items, Every, Undecided, Ref)) or inner == NULL else because(text, *arguments)


def _set(arguments: Sequence[Term], text: str) -> Term:
    inner = _same(arguments, text)
    if not isinstance(inner, Items):
        return inner
    unique = _unique(inner.items)
    if not inner.rest and all(isinstance(item, Literal) for item in unique):
        unique.sort(key=lambda item: str(item.value) if isinstance(item, Literal) else "")
    return Items(tuple(unique), inner.rest)


def _distinct(arguments: Sequence[Term], text: str) -> Term:
    inner = _same(arguments, text)
    return Items(tuple(_unique(inner.items)), inner.rest) if isinstance(inner, Items) else inner


def _unique(items: Sequence[Term]) -> list[Term]:
    """Each item once, as far as it is known to be the same as another one. Of lists in a long list nobody compares each with each."""
    unique: list[Term] = []
    plain: set[object] = set()
    others: list[Term] = []
    for item in items:
        inner = settled(item)
        key: object = None
        if isinstance(inner, Literal):
            key = (type(inner.value) in (int, float), isinstance(inner.value, bool), inner.value)
        elif isinstance(inner, Ref):
            key = (id(inner.block), inner.path)
        if key is not None:
            if key in plain:
                continue
            plain.add(key)
        elif len(others) < _COMPARED:
            if any(equal(inner, other) is True for other in others):
                continue
            others.append(inner)
        unique.append(item)
    return unique


_COMPARED = 200


def _compact(arguments: Sequence[Term], text: str) -> Term:
    inner = _same(arguments, text)
    if not isinstance(inner, Items):
        return inner
    kept = tuple(item for item in inner.items if is_empty(item) is not True)
    sure = tuple(item for item in kept if not isinstance(item, Undecided))
    return Items(sure, (*inner.rest, *(item for item in kept if isinstance(item, Undecided))))


# `count = length(aws_subnet.a)`: whatever the subnets' own `count` is, by whatever decides that. A `for` may leave some of them out.
_OF_A_BLOCK = re.compile(r"length\(\s*aws_\w+\.[\w-]+((\[\*\]|\.\*)(\.\w+)?)?\s*\)")


def _length(arguments: Sequence[Term], text: str) -> Term:
    inner = settled(arguments[0])
    match inner:
        case Items(items, ()):
            return Literal(len(items))
        case Entries(entries, ()):
            return Literal(len(entries))
        case Literal(str() as value):
            return Literal(len(value))
        case Every(_, why) if _OF_A_BLOCK.fullmatch(text):
            return replace(because(text, *arguments), expression=why.expression, names=why.names)
    return because(text, *arguments)


def _element(arguments: Sequence[Term], text: str) -> Term:
    inner, index = opened(arguments[0]), settled(arguments[1])
    if isinstance(inner, Every):
        return inner.term
    if isinstance(inner, Items) and not inner.rest and inner.items:
        if isinstance(index, Literal) and isinstance(index.value, int):
            return inner.items[index.value % len(inner.items)]
        if len(inner.items) == 1:
            return inner.items[0]
    if isinstance(inner, Ref) and inner.path and isinstance(index, Literal) and isinstance(index.value, int) and index.value >= 0:
        if index.value == 0:
            return Ref(inner.block, (*inner.path, 0))
        # It may begin again at the end of a list whose length nobody knows. Named by what is counted, which `count.index` hides.
        return Undecided(f"element({inner.expression}, {index.value})", mentions=(inner, index))
    return because(text, *arguments)


def _slice(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    start, end = settled(arguments[1]), settled(arguments[2])
    if not (isinstance(start, Literal) and isinstance(end, Literal) and isinstance(start.value, int) and isinstance(end.value, int)):
        return because(text, *arguments)
    if isinstance(inner, Items) and not inner.rest:
        if len(inner.items) < end.value:
            return Undecided(text, mentions=tuple(arguments), is_missing=True)
        return Items(inner.items[start.value : end.value])
    if end.value - start.value > 100:
        return because(text, *arguments)
    # Terraform refuses a slice that is longer than its list, so the number of items is known where the items are not
    if isinstance(inner, Ref) and inner.path and start.value >= 0:
        return Items(tuple(Ref(inner.block, (*inner.path, number)) for number in range(start.value, end.value)))
    source = because(text, *arguments)
    return Items(tuple(Undecided(f"{source.expression}[{n}]", source.names, source.mentions) for n in range(end.value - start.value)))


def _one(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    if isinstance(inner, Items) and not inner.rest:
        return inner.items[0] if inner.items else NULL
    return inner.term if isinstance(inner, Every) else because(text, *arguments)


_LONGEST_RANGE = 1024  # Terraform refuses more (its documentation of `range`)


def _range(arguments: Sequence[Term], text: str) -> Term:
    numbers = [settled(argument) for argument in arguments]
    if all(isinstance(number, Literal) and isinstance(number.value, int) for number in numbers):
        values = range(*(int(str(n.value)) for n in numbers if isinstance(n, Literal)))
        if len(values[: _LONGEST_RANGE + 1]) > _LONGEST_RANGE:
            raise ValueError("more than Terraform makes")
        return Items(tuple(Literal(n) for n in values))
    return because(text, *arguments)


def _set_product(arguments: Sequence[Term], text: str) -> Term:
    rows: list[tuple[Term, ...]] = [()]
    for argument in arguments:
        inner = _set([argument], text)
        if not isinstance(inner, Items) or inner.rest or len(rows) * len(inner.items) > 10_000 or len(rows[0]) > 20:
            return because(text, *arguments)
        rows = [(*row, item) for row in rows for item in inner.items]
        if not rows:
            return Items()
    return Items(tuple(Items(row) for row in rows))


def _set_subtract(arguments: Sequence[Term], text: str) -> Term:
    left, right = _set(arguments[:1], text), _set(arguments[1:], text)
    if isinstance(left, Items) and isinstance(right, Items) and not right.rest:
        answers = [[equal(item, other) for other in right.items] for item in left.items]
        if all(None not in row for row in answers):
            return Items(tuple(item for item, row in zip(left.items, answers, strict=True) if True not in row), left.rest)
    return because(text, *arguments)


def _reverse(arguments: Sequence[Term], text: str) -> Term:
    inner = _same(arguments, text)
    return Items(inner.items[::-1], inner.rest) if isinstance(inner, Items) else inner


LIST_FUNCTIONS: dict[str, Function] = {
    "compact": _compact,
    "concat": _concat,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "length": _length,
    "list": lambda arguments, _text: _listed(arguments),
    "one": _one,
    "range": _range,
    "reverse": _reverse,
    "setproduct": _set_product,
    "setsubtract": _set_subtract,
    "setunion": lambda arguments, text: _set([_concat(arguments, text)], text),
    "slice": _slice,
    "sort": _set,
    "tolist": _same,
    "toset": _set,
}

"""Terraform's functions over terms: what they make of lists, maps and references that are only partly known.

Only functions that carry references or decide existence are here; a function that is not here leaves a computable unknown, which
evaluation may close. Semantics: Terraform language documentation, "Built-in Functions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from serverful.estate.read.convert import settled
from serverful.estate.read.operators import TRUE, because, equal, is_empty, is_null, truth
from serverful.estate.read.term import NULL, Encoded, Entries, Every, Items, Literal, Ref, Term, Undecided, undecided_parts
from serverful.estate.read.text_functions import TEXT_FUNCTIONS

Function = Callable[[Sequence[Term], str], Term]


def call(name: str, arguments: Sequence[Term], text: str) -> Term:
    """The result of a function of that name; `text` is the call as written, which names what stays open."""
    function = _COLLECTIONS.get(name.removeprefix("core::")) or TEXT_FUNCTIONS.get(name)
    if function is None:
        return because(text, *arguments)
    try:
        result = function(arguments, text)
    except (IndexError, ValueError, TypeError, KeyError, ArithmeticError, RecursionError):  # arguments Terraform would refuse too
        return Undecided(text, mentions=tuple(arguments), is_missing=True)
    return result


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


def opened(term: Term) -> Term:
    """A reference to a written list or map, opened; anything else as it is."""
    inner = settled(term)
    return inner if isinstance(inner, (Items, Entries, Every, Undecided)) or inner == NULL else term


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
    return [], [because(_name(inner), inner)]


def _name(term: Term) -> str:
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
    unique: list[Term] = []
    for item in inner.items:
        if not any(equal(item, other) is True for other in unique):
            unique.append(item)
    if not inner.rest and all(isinstance(item, Literal) for item in unique):
        unique.sort(key=lambda item: str(item.value) if isinstance(item, Literal) else "")
    return Items(tuple(unique), inner.rest)


def _distinct(arguments: Sequence[Term], text: str) -> Term:
    inner = _same(arguments, text)
    if not isinstance(inner, Items) or len(inner.items) > 200:  # long lists are compared by nobody
        return inner
    unique: list[Term] = []
    for item in inner.items:
        if not any(equal(item, other) is True for other in unique):
            unique.append(item)
    return Items(tuple(unique), inner.rest)


def _compact(arguments: Sequence[Term], text: str) -> Term:
    inner = _same(arguments, text)
    if not isinstance(inner, Items):
        return inner
    kept = tuple(item for item in inner.items if is_empty(item) is not True)
    sure = tuple(item for item in kept if not isinstance(item, Undecided))
    return Items(sure, (*inner.rest, *(item for item in kept if isinstance(item, Undecided))))


def _merge(arguments: Sequence[Term], text: str) -> Term:
    merged: dict[str, Term] = {}
    rest: list[Undecided] = []
    for argument in arguments:
        inner = opened(argument)
        match inner:
            case Entries(entries, more):
                merged.update(entries)
                rest += more
            case Literal(None):
                pass
            case Undecided():
                rest.append(inner)
            case _:
                rest.append(because(text, argument))
    return Entries(merged, tuple(rest))


def _length(arguments: Sequence[Term], text: str) -> Term:
    inner = settled(arguments[0])
    match inner:
        case Items(items, ()):
            return Literal(len(items))
        case Entries(entries, ()):
            return Literal(len(entries))
        case Literal(str() as value):
            return Literal(len(value))
    return because(text, *arguments)


def _keys(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    if isinstance(inner, Entries):
        return Items(tuple(Literal(key) for key in sorted(inner.entries)), inner.rest)
    return because(text, *arguments)


def _values(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    if isinstance(inner, Entries):
        return Items(tuple(inner.entries[key] for key in sorted(inner.entries)), inner.rest)
    return inner if isinstance(inner, Every) else because(text, *arguments)


def _lookup(arguments: Sequence[Term], text: str) -> Term:
    inner, key = opened(arguments[0]), settled(arguments[1])
    if isinstance(inner, Entries) and isinstance(key, Literal):
        if str(key.value) in inner.entries:
            return inner.entries[str(key.value)]
        if not inner.rest:
            return arguments[2] if len(arguments) > 2 else Undecided(text, is_missing=True)
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
    return because(text, *arguments)


def _slice(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    start, end = settled(arguments[1]), settled(arguments[2])
    if not (isinstance(start, Literal) and isinstance(end, Literal) and isinstance(start.value, int) and isinstance(end.value, int)):
        return because(text, *arguments)
    if isinstance(inner, Items) and len(inner.items) >= end.value:
        return Items(inner.items[start.value : end.value])
    if isinstance(inner, Items) and not inner.rest:
        return Undecided(text, mentions=tuple(arguments), is_missing=True)
    if end.value - start.value > 100:
        return because(text, *arguments)
    # Terraform refuses a slice that is longer than its list, so the number of items is known where the items are not
    source = because(text, *arguments)
    return Items(tuple(Undecided(f"{source.expression}[{n}]", source.names, source.mentions) for n in range(end.value - start.value)))


def _one(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    if isinstance(inner, Items) and not inner.rest:
        return inner.items[0] if inner.items else NULL
    return inner.term if isinstance(inner, Every) else because(text, *arguments)


def _coalesce(arguments: Sequence[Term], text: str) -> Term:
    for position, argument in enumerate(arguments):
        empty = is_empty(argument)
        if empty is False:
            return argument
        if empty is None:
            return because(text, *arguments[position:])
    return Undecided(text, is_missing=True)


def _try(arguments: Sequence[Term], text: str) -> Term:
    for position, argument in enumerate(arguments):
        missing = _is_missing(argument)
        if missing is False:
            return argument
        if missing is None:
            return because(text, *arguments[position:])
    return Undecided(text, is_missing=True)


def _can(arguments: Sequence[Term], text: str) -> Term:
    missing = _is_missing(arguments[0])
    return because(text, *arguments) if missing is None else Literal(not missing)


def _is_missing(term: Term) -> bool | None:
    """Whether Terraform would refuse a term, also where the refused part stands inside it: `try([each.value.absent], [])`."""
    if any(part.is_missing for part in undecided_parts(term)):
        return True
    if isinstance(term, Undecided):  # `var.settings.name` may or may not be there; `data.x.y` and `each.key` are
        return None if term.expression.startswith(("var.", "local.")) or term.mentions else False
    return False


def _contains(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    if isinstance(inner, Items):
        answers = [equal(item, arguments[1]) for item in inner.items]
        if True in answers:
            return TRUE
        if None not in answers and not inner.rest:
            return Literal(False)
    return because(text, *arguments)


def _zipmap(arguments: Sequence[Term], text: str) -> Term:
    keys, values = opened(arguments[0]), opened(arguments[1])
    if isinstance(keys, Items) and isinstance(values, Items) and not keys.rest and not values.rest and len(keys.items) == len(values.items):
        names = [settled(key) for key in keys.items]
        if all(isinstance(name, Literal) for name in names):
            return Entries({str(name.value): value for name, value in zip(names, values.items, strict=True) if isinstance(name, Literal)})
    return because(text, *arguments)


def _all_true(arguments: Sequence[Term], text: str) -> Term:
    answers = [truth(item) for item in parts_of(arguments[0])]
    return Literal(False) if False in answers else because(text, *arguments) if None in answers else TRUE


def _any_true(arguments: Sequence[Term], text: str) -> Term:
    answers = [truth(item) for item in parts_of(arguments[0])]
    return TRUE if True in answers else because(text, *arguments) if None in answers else Literal(False)


def _range(arguments: Sequence[Term], text: str) -> Term:
    numbers = [settled(argument) for argument in arguments]
    if all(isinstance(number, Literal) and isinstance(number.value, int) for number in numbers):
        return Items(tuple(Literal(n) for n in range(*(int(str(n.value)) for n in numbers if isinstance(n, Literal)))[:1000]))
    return because(text, *arguments)


def _set_product(arguments: Sequence[Term], text: str) -> Term:
    rows: list[tuple[Term, ...]] = [()]
    for argument in arguments:
        inner = _set([argument], text)
        if not isinstance(inner, Items) or inner.rest:
            return because(text, *arguments)
        rows = [(*row, item) for row in rows for item in inner.items]
        if len(rows) > 10_000:
            return because(text, *arguments)
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


def _map(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    return inner if isinstance(inner, (Entries, Every, Undecided)) or inner == NULL else because(text, *arguments)


def _encoded(arguments: Sequence[Term], _text: str) -> Term:
    return Encoded(arguments[0])


def _decoded(arguments: Sequence[Term], text: str) -> Term:
    from serverful.estate.read.decode import decoded

    inner = settled(arguments[0])
    if isinstance(inner, Encoded):
        return inner.term
    if isinstance(inner, Literal) and isinstance(inner.value, str):
        return decoded(inner.value, is_yaml=text.startswith("yaml"), text=text)
    return because(text, *arguments)


def _is_given(arguments: Sequence[Term], _text: str) -> Term:
    return arguments[0]


def _to_text(arguments: Sequence[Term], text: str) -> Term:
    inner = settled(arguments[0])
    if isinstance(inner, Literal):
        value = inner.value
        return inner if value is None else Literal(str(value).lower() if isinstance(value, bool) else str(value))
    return arguments[0] if is_null(arguments[0]) is False else because(text, *arguments)


def _to_number(arguments: Sequence[Term], text: str) -> Term:
    inner = settled(arguments[0])
    if isinstance(inner, Literal):
        if inner.value is None or (isinstance(inner.value, (int, float)) and not isinstance(inner.value, bool)):
            return inner
        return Literal(float(str(inner.value)) if "." in str(inner.value) else int(str(inner.value)))
    return because(text, *arguments)


def _to_bool(arguments: Sequence[Term], text: str) -> Term:
    answer = truth(arguments[0])
    return because(text, *arguments) if answer is None else Literal(answer)


def _sum_of(pick: Callable[[Sequence[float]], float]) -> Function:
    def function(arguments: Sequence[Term], text: str) -> Term:
        terms = [settled(item) for argument in arguments for item in parts_of(argument)]
        numbers = [term.value for term in terms if isinstance(term, Literal) and isinstance(term.value, (int, float))]
        return Literal(pick(numbers)) if len(numbers) == len(terms) and numbers else because(text, *arguments)

    return function


_COLLECTIONS: dict[str, Function] = {
    "alltrue": _all_true,
    "anytrue": _any_true,
    "can": _can,
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "jsondecode": _decoded,
    "jsonencode": _encoded,
    "keys": _keys,
    "length": _length,
    "list": lambda arguments, _text: _listed(arguments),
    "lookup": _lookup,
    "max": _sum_of(max),
    "merge": _merge,
    "min": _sum_of(min),
    "nonsensitive": _is_given,
    "one": _one,
    "range": _range,
    "reverse": _reverse,
    "sensitive": _is_given,
    "setproduct": _set_product,
    "setsubtract": _set_subtract,
    "setunion": lambda arguments, text: _set([_concat(arguments, text)], text),
    "slice": _slice,
    "sort": _set,
    "sum": _sum_of(sum),
    "tobool": _to_bool,
    "tolist": _same,
    "tomap": _map,
    "tonumber": _to_number,
    "toset": _set,
    "tostring": _to_text,
    "try": _try,
    "values": _values,
    "yamldecode": _decoded,
    "yamlencode": _encoded,
    "zipmap": _zipmap,
}

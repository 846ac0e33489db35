"""Terraform's map functions over terms: known entries stay beside parts whose keys are unknown."""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.read.choice_functions import or_else
from serverful.estate.read.convert import settled
from serverful.estate.read.list_functions import Function, opened
from serverful.estate.read.operators import because
from serverful.estate.read.term import NULL, Entries, Every, Items, Literal, Term, Undecided


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
    return or_else(because(text, *arguments), arguments[2:])


def _zipmap(arguments: Sequence[Term], text: str) -> Term:
    keys, values = opened(arguments[0]), opened(arguments[1])
    if isinstance(keys, Items) and isinstance(values, Items) and not keys.rest and not values.rest and len(keys.items) == len(values.items):
        names = [settled(key) for key in keys.items]
        if all(isinstance(name, Literal) for name in names):
            return Entries({str(name.value): value for name, value in zip(names, values.items, strict=True) if isinstance(name, Literal)})
    return because(text, *arguments)


def _map(arguments: Sequence[Term], text: str) -> Term:
    inner = opened(arguments[0])
    return inner if isinstance(inner, (Entries, Every, Undecided)) or inner == NULL else because(text, *arguments)


MAP_FUNCTIONS: dict[str, Function] = {
    "keys": _keys,
    "lookup": _lookup,
    "merge": _merge,
    "tomap": _map,
    "values": _values,
    "zipmap": _zipmap,
}

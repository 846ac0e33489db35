"""Terraform's functions that choose or test: what is empty, missing or true, with *undecided* as third answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from serverful.estate.read.list_functions import Function, opened, parts_of
from serverful.estate.read.operators import TRUE, because, equal, is_empty, truth
from serverful.estate.read.term import Items, Literal, Term, Undecided, undecided_parts


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
            return or_else(because(text, *arguments[position:]), arguments[position + 1 :])
    return Undecided(text, is_missing=True)


def or_else(undecided: Undecided, otherwise: Sequence[Term]) -> Undecided:
    """What is undecided, whose author foresees that it is empty where one of the alternatives is: `try(var.network.subnet_ids, null)`."""
    return replace(undecided, may_be_empty=undecided.may_be_empty or any(is_empty(term) is True for term in otherwise))


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


def _all_true(arguments: Sequence[Term], text: str) -> Term:
    answers = [truth(item) for item in parts_of(arguments[0])]
    return Literal(False) if False in answers else because(text, *arguments) if None in answers else TRUE


def _any_true(arguments: Sequence[Term], text: str) -> Term:
    answers = [truth(item) for item in parts_of(arguments[0])]
    return TRUE if True in answers else because(text, *arguments) if None in answers else Literal(False)


CHOICE_FUNCTIONS: dict[str, Function] = {
    "alltrue": _all_true,
    "anytrue": _any_true,
    "can": _can,
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "contains": _contains,
    "try": _try,
}

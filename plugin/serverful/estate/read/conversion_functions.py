"""Terraform's conversions over terms: to text, number and boolean, to JSON and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from serverful.estate.read.convert import settled
from serverful.estate.read.decode import decoded
from serverful.estate.read.list_functions import Function, parts_of
from serverful.estate.read.operators import because, is_null, truth
from serverful.estate.read.term import Encoded, Literal, Term


def _encoded(arguments: Sequence[Term], _text: str) -> Term:
    return Encoded(arguments[0])


def _decoded(arguments: Sequence[Term], text: str) -> Term:
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


CONVERSION_FUNCTIONS: dict[str, Function] = {
    "jsondecode": _decoded,
    "jsonencode": _encoded,
    "max": _sum_of(max),
    "min": _sum_of(min),
    "nonsensitive": _is_given,
    "sensitive": _is_given,
    "sum": _sum_of(sum),
    "tobool": _to_bool,
    "tonumber": _to_number,
    "tostring": _to_text,
    "yamldecode": _decoded,
    "yamlencode": _encoded,
}

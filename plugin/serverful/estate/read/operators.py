"""Operators of Terraform's language over terms, with three answers: true, false, undecided."""

from __future__ import annotations

from collections.abc import Callable

from serverful.estate.read.convert import settled
from serverful.estate.read.term import Encoded, Entries, Every, Items, Literal, Ref, Scalar, Term, Text, Undecided, undecided_parts

TRUE = Literal(True)
ALWAYS_SET = ("id", "arn")  # computed attributes that every applied resource has: never null, never empty
ALWAYS_LISTED = ("ids", "names")  # lists that a data source always answers with, though perhaps empty ones


def because(text: str, *terms: Term) -> Undecided:
    """Undecided, and why: the parts of `terms` that are. Computable when no part of them is open and nothing refers to a block."""
    parts = [part for term in terms for part in undecided_parts(term)]
    has_reference = any(_has_reference(term) for term in terms)
    return Undecided(
        expression=text,
        names=tuple(dict.fromkeys(name for part in parts for name in part.names)),
        mentions=terms,
        may_be_empty=any(part.may_be_empty for part in parts),
        is_computable=not has_reference and all(part.is_computable for part in parts),
    )


def _has_reference(term: Term) -> bool:
    match term:
        case Ref():
            return True
        case Items(items=inner):
            return any(_has_reference(item) for item in inner)
        case Entries(entries=entries):
            return any(_has_reference(item) for item in entries.values())
        case Text(parts):
            return any(_has_reference(part) for part in parts)
        case Encoded(term=inner_term) | Every(term=inner_term):
            return _has_reference(inner_term)
        case Undecided(mentions=mentions, is_computable=False):
            return any(_has_reference(mention) for mention in mentions)
    return False


def truth(term: Term) -> bool | None:
    """True, False, or None when it is undecided."""
    inner = settled(term)
    if isinstance(inner, Literal):
        if isinstance(inner.value, bool):
            return inner.value
        return {"true": True, "false": False}.get(str(inner.value))
    return None


def is_null(term: Term) -> bool | None:
    """Whether a term is null. A reference to an `id` or `arn`, or to a whole block, is not; other computed attributes may be, and so may
    the outputs of a module that is not loaded."""
    inner = settled(term)
    match inner:
        case Literal(value):
            return value is None
        case Items() | Entries() | Text() | Encoded():
            return False
        case Every():
            return False
        case Ref(block, path):
            if block.mode == "module":
                return None
            return False if not path or path[-1] in ALWAYS_SET or (block.mode == "data" and path[-1] in ALWAYS_LISTED) else None
    return None


def is_empty(term: Term) -> bool | None:
    """Whether a term is null, `""`, or a list or map without items; None when it is undecided."""
    inner = settled(term)
    match inner:
        case Literal(value):
            return value is None or value == ""
        case Items(items, rest):
            return False if items else None if rest else True
        case Entries(entries, rest):
            return False if entries else None if rest else True
        case Text(parts):
            return False if any(isinstance(part, Literal) and part.value != "" for part in parts) else None
        case Encoded():
            return False
        case Ref(block, path):
            may_be_empty = block.mode == "module" or (bool(path) and path[-1] in ALWAYS_LISTED)
            return None if may_be_empty else is_null(inner)
    return None


def equal(left: Term, right: Term) -> bool | None:
    """`==` as Terraform has it: values of different types are not equal."""
    first, second = settled(left), settled(right)
    if first == Literal(None) or second == Literal(None):
        return is_null(second if first == Literal(None) else first)
    if isinstance(first, Literal) and isinstance(second, Literal):
        return first.value == second.value and _kind(first) == _kind(second)
    for one, other_term in ((first, second), (second, first)):
        if one == Literal("") and is_empty(other_term) is False:
            return False
        if isinstance(one, Items) and isinstance(other_term, Items):
            if one.rest or other_term.rest:
                return None
            if len(one.items) != len(other_term.items):
                return False
            answers = [equal(a, b) for a, b in zip(one.items, other_term.items, strict=True)]
            return False if False in answers else None if None in answers or not answers else True
    if isinstance(first, Ref) and isinstance(second, Ref) and first.block is second.block and first.path == second.path:
        return True
    return None


def _kind(literal: Literal) -> str:
    return "bool" if isinstance(literal.value, bool) else "string" if isinstance(literal.value, str) else "number"


def unary(operator: str, operand: Term, text: str) -> Term:
    """`!x` and `-x`."""
    inner = settled(operand)
    if operator == "!":
        answer = truth(inner)
        return because(text, operand) if answer is None else Literal(not answer)
    if isinstance(inner, Literal) and isinstance(inner.value, (int, float)) and not isinstance(inner.value, bool):
        return Literal(-inner.value)
    return because(text, operand)


def binary(operator: str, left: Term, right: Term, text: str) -> Term:
    """Every binary operator; a known operand decides `&&` and `||` whatever the other one is."""
    if operator in ("==", "!="):
        same = equal(left, right)
        return because(text, left, right) if same is None else Literal(same is (operator == "=="))
    if operator in ("&&", "||"):
        return _logical(operator, left, right, text)
    first, second = _number(left), _number(right)
    if first is None or second is None or (operator in "/%" and second == 0):
        return because(text, left, right)
    if operator not in _ARITHMETIC or (operator == "*" and _bits(first) + _bits(second) > _MAX_BITS):
        return because(text, left, right)
    try:
        return Literal(_ARITHMETIC[operator](first, second))
    except (ArithmeticError, ValueError):  # more than a float holds, or infinite
        return because(text, left, right)


_MAX_BITS = 1024  # Terraform's numbers have 512 bits


def _bits(number: float) -> int:
    return number.bit_length() if isinstance(number, int) else 0


def _logical(operator: str, left: Term, right: Term, text: str) -> Term:
    decisive = operator == "||"
    answers = (truth(left), truth(right))
    if decisive in answers:
        return Literal(decisive)
    if None in answers:
        return because(text, *(term for term, answer in zip((left, right), answers, strict=True) if answer is None))
    return Literal(not decisive)


def _number(term: Term) -> float | int | None:
    inner = settled(term)
    if not isinstance(inner, Literal) or isinstance(inner.value, bool) or inner.value is None:
        return None
    if isinstance(inner.value, str):
        try:
            return float(inner.value) if "." in inner.value else int(inner.value)
        except ValueError:
            return None
    return inner.value


def _divide(first: float, second: float) -> float | int:
    result = first / second
    return int(result) if result == int(result) else result


_ARITHMETIC: dict[str, Callable[[float, float], Scalar]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "%": lambda a, b: a % b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}

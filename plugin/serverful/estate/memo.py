"""Answers that are worked out once per estate: an index of security groups, the sentence about a role, the way out of a function."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple, cast

from serverful.estate.estate import Estate

Ts = TypeVarTuple("Ts")
T = TypeVar("T")
S = TypeVar("S")


def once_per_estate(question: Callable[[Estate, *Ts], T]) -> Callable[[Estate, *Ts], T]:
    """Decorate a pure question whose first parameter is the estate; further arguments are hashable (addresses, never things).

    An estate never changes, so its answers do not either. They are kept in the estate itself and go when it goes: 5,000 functions that
    share a role ask about that role once.
    """

    @wraps(question)
    def answer(estate: Estate, /, *args: *Ts) -> T:
        key = (question, args)
        answers = estate._cache
        if key not in answers:
            answers[key] = question(estate, *args)
        return answers[key]  # type: ignore[return-value]

    return answer


def once_per_subject(question: Callable[[S, Estate, *Ts], T]) -> Callable[[S, Estate, *Ts], T]:
    """Decorate a pure question about one part of an estate that several policies ask: why is it attached, which way does it go out?

    Kept like the answers of `once_per_estate`, by the identity of the part, which is cheaper than its content and is never mistaken. The
    part is kept with its answer, so that no other can take its place.
    """

    @wraps(question)
    def answer(subject: S, estate: Estate, /, *args: *Ts) -> T:
        key = (question, id(subject), args)
        known = cast("tuple[S, T] | None", estate._cache.get(key))
        if known is None:
            known = (subject, question(subject, estate, *args))
            estate._cache[key] = known
        return known[1]

    return answer

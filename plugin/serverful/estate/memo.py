"""Answers that are worked out once per estate: an index of security groups, the sentence about a role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple, cast

from serverful.estate.estate import Estate

Ts = TypeVarTuple("Ts")
T = TypeVar("T")


def once_per_estate(question: Callable[[Estate, *Ts], T]) -> Callable[[Estate, *Ts], T]:
    """Decorate a pure question whose first parameter is the estate; further arguments are hashable (addresses, never things).

    An estate never changes, so its answers do not either. They are kept in the estate itself and go when it goes: 5,000 functions that
    share a role ask about that role once.
    """

    @wraps(question)
    def answer(estate: Estate, /, *args: *Ts) -> T:
        key = (question, args)
        if key not in estate._cache:
            estate._cache[key] = question(estate, *args)
        return cast(T, estate._cache[key])

    return answer

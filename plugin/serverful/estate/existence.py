"""Whether one thing exists where another does: subnets and their route tables are often made by one and the same `for_each`."""

from __future__ import annotations

from serverful.estate.naming import module_of
from serverful.estate.value import Unknown, Value


def doubt(exists: Value[bool], given: Value[bool] | None = None) -> Unknown | None:
    """What keeps us from telling that a thing exists, when another one does; None when nothing does.

    Where the same expression of the same module decides both, the one exists exactly where the other does.
    """
    if not isinstance(exists, Unknown):
        return None
    if (
        isinstance(given, Unknown)
        and given.expression == exists.expression
        and module_of(given.place.address) == module_of(exists.place.address)
    ):
        return None
    return exists

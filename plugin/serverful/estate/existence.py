"""Whether one thing exists where another does: subnets and their route tables are often made by one and the same `for_each`."""

from __future__ import annotations

from serverful.estate.value import Unknown, Value


def doubt(exists: Value[bool], given: Value[bool] | None = None) -> Unknown | None:
    """What keeps us from telling that a thing exists, when another one does; None when nothing does.

    Where the same expression of the same module decides both, the one exists exactly where the other does.
    """
    if not isinstance(exists, Unknown):
        return None
    if isinstance(given, Unknown) and given.expression == exists.expression and _module(given) == _module(exists):
        return None
    return exists


def _module(value: Unknown) -> str:
    """The address of the module instance that a block stands in: `module.net[0]` of `module.net[0].aws_subnet.a`."""
    return value.place.address.rpartition(".")[0].rpartition(".")[0]

"""The order in which people expect names with numbers in them: ids of policies, addresses of instances."""

from __future__ import annotations

import re

_NUMBERS = re.compile("([0-9]+)")

NaturalKey = tuple[tuple[str | tuple[int, str], ...], str]


def natural(text: str) -> NaturalKey:
    """A key that sorts as people do: SLS_VPC_2 before SLS_VPC_10, `aws_subnet.a[2]` before `aws_subnet.a[10]`."""
    # Text and numbers alternate and the first is always text, so like is compared with like. Numbers are compared as texts of a length:
    # `int` refuses very long ones. The whole text breaks ties (`a01`, `a1`).
    parts: list[str | tuple[int, str]] = _NUMBERS.split(text)
    for position in range(1, len(parts), 2):
        number = str(parts[position]).lstrip("0")
        parts[position] = (len(number), number)
    return tuple(parts), text

"""The references of a planned expression, as they were written.

A plan lists each reference followed by all that it begins with: `aws_subnet.a[0].id`, `aws_subnet.a[0]`, `aws_subnet.a` (Terraform,
internal/command/jsonconfig/expression.go). Repetitions are kept: who names a block twice has written a condition on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_STEP = re.compile(r'\.?([\w-]+)|\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]|\.(\d+)')


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: `text` as Terraform writes it, `steps` its names (str) and indexes (int, or a str in `keys`)."""

    text: str
    steps: tuple[str | int, ...]


def written(references: Iterable[object]) -> list[Reference]:
    """What was written, in source order, without the beginnings that Terraform adds."""
    found: list[Reference] = []
    last = ""
    for text in references:
        if not isinstance(text, str):
            continue
        if not (last.startswith(text) and last[len(text) : len(text) + 1] in (".", "[")):
            found.append(Reference(text, _steps(text)))
        last = text
    return found


def _steps(text: str) -> tuple[str | int, ...]:
    steps: list[str | int] = []
    for name, key, number, legacy in _STEP.findall(text):
        if name:
            steps.append(int(name) if name.isdigit() else name)
        else:
            steps.append(int(number or legacy) if number or legacy else key)
    return tuple(steps)

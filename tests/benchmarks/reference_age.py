"""How old the reference data is. No test, which would fail one day by itself: whoever measures is told what to look up again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from serverful.evidence import reference

YEAR = 365


def ages(today: date) -> dict[str, int]:
    """The age in days of each file of reference data, by its name, the oldest first: of the oldest date in it.

    Raises ValueError for a file without any date.
    """
    found = {}
    for path in Path(reference.__file__).parent.glob("*.yaml"):
        dates = list(_dates(reference.read(path.name)))
        if not dates:
            raise ValueError(f"{path.name} does not say as of when it is")
        found[path.name] = (today - min(dates)).days
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _dates(data: Any) -> list[date]:
    if isinstance(data, dict):
        own = [data["as_of"]] if isinstance(data.get("as_of"), date) else []
        return [*own, *(found for value in data.values() for found in _dates(value))]
    return [found for value in data for found in _dates(value)] if isinstance(data, list) else []

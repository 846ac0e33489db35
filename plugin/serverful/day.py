"""The day with which end dates of reasons and the age of reference data are compared: given, so that a run can be repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from serverful.errors import UsageError

VARIABLE = "SERVERFUL_TODAY"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat alone would also take 20261123 and 2026-W48-1


def stated_day(environment: Mapping[str, str]) -> date:
    """SERVERFUL_TODAY when it is set, else the clock's day. Raises UsageError for a value that is no day."""
    stated = environment.get(VARIABLE, "")
    if not stated:
        return date.today()
    try:
        if _DAY.fullmatch(stated):
            return date.fromisoformat(stated)
    except ValueError:
        pass
    raise UsageError(f"{VARIABLE}={stated!r} is no day. Write it as YYYY-MM-DD, or unset it to use today.")

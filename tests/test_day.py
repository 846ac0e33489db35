"""The day of a run is today's unless told."""

from __future__ import annotations

from datetime import date

import pytest

from serverful.day import stated_day
from serverful.errors import UsageError


def test_the_day_is_todays_unless_told() -> None:
    assert stated_day({"SERVERFUL_TODAY": "2026-01-15"}) == date(2026, 1, 15)
    before = date.today()
    assert before <= stated_day({}) <= date.today()
    assert before <= stated_day({"SERVERFUL_TODAY": ""}) <= date.today()


@pytest.mark.parametrize("word", ["tomorrow", "20260115", "2026-W03-4", "2026-02-30", "2026-1-5", " 2026-01-15", "٢٠٢٦-٠١-١٥"])
def test_what_is_no_day_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="Write it as YYYY-MM-DD, or unset it"):
        stated_day({"SERVERFUL_TODAY": word})

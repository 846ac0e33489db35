"""Fixtures as our own command judges them, each once for all tests that look at its Run: nobody changes a Run."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from serverful.finding import Run
from serverful.scan import scan

TODAY = date(2026, 11, 23)  # the day of which the fixtures' expectations speak


@cache
def judged(*paths: Path) -> Run:
    return scan(list(paths), today=TODAY)

"""The dated list of runtimes: that it can be read, and what follows from a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from serverful.evidence.runtimes import Keeper, runtime_named, runtimes


def test_the_data_is_dated_and_complete() -> None:
    assert len(runtimes()) > 40 and all(isinstance(runtime.as_of, date) for runtime in runtimes().values())
    by_aws = {runtime.name for runtime in runtimes().values() if runtime.keeper is not Keeper.AWS}
    assert by_aws == {"provided", "provided.al2", "provided.al2023", "custom"}
    assert {r.name for r in runtimes().values() if r.ends is None} == {"nodejs26.x", "python3.15", "custom"}


@pytest.mark.parametrize("name", ["", "python9.9", "Provided", "provided.al2022", "nodejs22"])
def test_what_is_not_listed_is_not_known(name: str) -> None:
    assert runtime_named(name) is None


def test_it_ends_on_its_day() -> None:
    runtime = runtime_named("provided.al2")
    assert runtime is not None and runtime.ends is not None
    assert runtime.has_ended(runtime.ends) and not runtime.has_ended(runtime.ends - timedelta(days=1))
    unscheduled = runtime_named("nodejs26.x")
    assert unscheduled is not None and not unscheduled.has_ended(date.max)

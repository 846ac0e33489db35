"""Every policy on whole designs: `fixtures/estates/<design>/`, judged from source as `serverful scan` does it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from expectations import ESTATES, Expectation, base_of, disagreements, expectations_in
from fixtures_judged import judged

TROUBLE = "SLS_RUN_1"


@pytest.mark.parametrize("estate", sorted(folder for folder in ESTATES.iterdir() if folder.is_dir()), ids=lambda folder: folder.name)
def test_estate(estate: Path) -> None:
    expected = expectations_in(estate)
    assert expected, "a design that expects nothing proves nothing"
    assert [e for e in expected if e.policy is None] == [], "in a whole design each expectation names its policy"
    run = judged(estate)
    base = base_of(estate)
    assert disagreements((e for e in expected if e.policy != TROUBLE), run.findings, base) == []
    assert sorted({base / trouble.file for trouble in run.troubles}) == sorted(troubled(expected))


def troubled(expected: Iterable[Expectation]) -> set[Path]:
    """The files that a trouble is expected to name. Where exactly a broken file breaks is for the parser to say."""
    return {expectation.file for expectation in expected if expectation.policy == TROUBLE}

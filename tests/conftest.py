"""Puts this folder on the import path, so that every test finds its neighbours (`estates_by_hand`) whatever folder it stands in.

How long hypothesis looks: `suite` asks the same few things each time, so that a pipeline is quick and says the same twice. By hand,
`SERVERFUL_HYPOTHESIS=long python -m pytest tests/tough` looks for a quarter of an hour, each time elsewhere, and prints how to come back
to what it finds.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from both_doors import Doors

# Reading a whole root takes longer than hypothesis expects of one example, and no test asserts how long something takes.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], database=None)

settings.register_profile("suite", _PATIENT, max_examples=100, derandomize=True)
settings.register_profile("long", _PATIENT, max_examples=5_000, print_blob=True)
settings.load_profile(os.environ.get("SERVERFUL_HYPOTHESIS", "suite"))


@pytest.fixture(scope="session")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    """All fixtures through both doors."""
    from both_doors import through_both

    return through_both(tmp_path_factory.mktemp("doors"))

"""All fixtures through the real Checkov and through our own command: once for all tests that compare the two, since it takes minutes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from real_checkov import REPOSITORY, TODAY, Scan, scan
from serverful.finding import Run
from serverful.scan import scan as scan_ourselves

# Fixtures on which Checkov itself does not come to an end (3.3.30: it follows a circle of modules until its memory is full).
TOO_MUCH_FOR_CHECKOV = ("module_cycle",)


@dataclass(frozen=True)
class Doors:
    """`fixtures` is a copy of all of them, `record` the file that Checkov has left with SERVERFUL_RESULT."""

    fixtures: Path
    checkov: Scan
    record: Path
    ourselves: Run


def through_both(folder: Path) -> Doors:
    """Reads and judges a copy in that folder, outside of any git repository, so that both doors name files relative to the same folder."""
    left_out = shutil.ignore_patterns(*TOO_MUCH_FOR_CHECKOV)
    fixtures = Path(shutil.copytree(REPOSITORY / "fixtures", folder / "fixtures", ignore=left_out))
    record = folder / "run.json"
    # Ours alone: its own thousand checks say nothing here, and take most of the time. `host/test_peace.py` runs them together.
    checkov = scan(fixtures, REPOSITORY / "policies", "--check", "SLS_*", env={"SERVERFUL_RESULT": str(record)})
    return Doors(fixtures, checkov, record, scan_ourselves([fixtures], today=date.fromisoformat(TODAY)))

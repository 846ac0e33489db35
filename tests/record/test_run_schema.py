"""The published schema of the record is the one that we read by, says what each part is, and says yes and no as we do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from expectations import ESTATES, FIXTURES
from fixtures_judged import judged
from real_checkov import REPOSITORY
from runs_by_hand import as_json, whole_run
from serverful.record.read import record_from, schema
from serverful.report.json_v1 import to_json

WHOLE: dict[str, Any] = json.loads(as_json(whole_run()))
VALIDATOR = Draft202012Validator(json.loads(schema()))


def test_it_is_one_and_published() -> None:
    Draft202012Validator.check_schema(json.loads(schema()))
    published = REPOSITORY / "plugin" / "serverful" / "run.schema.json"
    assert published.read_text(encoding="utf-8") == schema() + "\n", f"serverful schema run > {published}"


def test_the_command_prints_it() -> None:
    done = subprocess.run([sys.executable, "-m", "serverful", "schema", "run"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == json.loads(schema())


def test_every_part_is_described() -> None:
    made = json.loads(schema())
    assert made["title"] == "The record of a serverful run, version 1"
    assert [name for name, part in made["$defs"].items() if not part.get("description")] == []
    assert made["description"]


def changed(*path: str | int, to: object) -> dict[str, Any]:
    """The whole record with one value changed; `...` takes the key away."""
    copy: dict[str, Any] = json.loads(json.dumps(WHOLE))
    at: Any = copy
    for step in path[:-1]:
        at = at[step]
    if to is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return copy


@pytest.mark.parametrize(
    "wrong",
    [
        changed("version", to=2),
        changed("today", to=...),
        changed("findings", to={}),
        changed("findings", 0, "outcome", to="bad"),
        changed("findings", 0, "place", "line", to="3"),
        changed("findings", 0, "place", to=None),
        changed("parts", 0, "door", to="window"),
        changed("counts", "failed_by_severity", to={"CRITICAL": 1}),
        changed("decision", "fail_on", to="sometimes"),
        [],
    ],
)
def test_what_is_wrong_is_refused_by_both(wrong: Any) -> None:
    assert list(VALIDATOR.iter_errors(wrong))
    with pytest.raises(Exception, match=r"run\.json"):
        record_from(json.dumps(wrong).encode(), "run.json")


def test_a_record_may_know_more() -> None:
    assert list(VALIDATOR.iter_errors(changed("of_tomorrow", to=1))) == []


def scanned() -> Iterator[Path]:
    yield from (folder for folder in sorted(FIXTURES.iterdir()) if folder.is_dir() and folder != ESTATES)
    yield from (folder for folder in sorted(ESTATES.iterdir()) if folder.is_dir())


@pytest.mark.parametrize("folder", list(scanned()), ids=lambda folder: folder.name)
def test_what_is_written_is_as_the_schema_says_and_is_read_again(folder: Path) -> None:
    run = judged(folder, *sorted(folder.glob("plan*.json")))
    assert run.roots
    text = as_json(run)
    assert list(VALIDATOR.iter_errors(json.loads(text))) == []
    assert to_json(record_from(text.encode(), "run.json")) == text

"""SLS_RUN_1 on its fixtures, through both doors: what could not be read is named once, and everything else is judged.

There is no *unsure* and no *justified*: trouble is mended, never explained.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expectations import FIXTURES
from real_checkov import REPOSITORY, TODAY, Scan
from real_checkov import scan as scan_with_checkov
from serverful.gate import decide
from serverful.policy import Severity
from serverful.scan import scan

FOLDER = FIXTURES / "run_is_complete"
# What the trouble of each case names: a file, or the folder when it is the evaluation of the whole root.
NAMED = {"bad": ("bad/queues.tf", "not valid Terraform"), "bad_evaluation_dies": ("bad_evaluation_dies", "could not be evaluated")}


@pytest.fixture(scope="module")
def checked() -> Scan:
    return scan_with_checkov(FOLDER, REPOSITORY / "policies")


def test_every_case_is_known() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*NAMED, "good"}


@pytest.mark.parametrize(("case", "named"), NAMED.items())
def test_scan_names_it_and_is_not_green(case: str, named: tuple[str, str]) -> None:
    run = scan([FOLDER / case], today=date.fromisoformat(TODAY))
    (trouble,) = run.troubles
    assert trouble.file.endswith(named[0])
    assert named[1] in trouble.what
    assert run.functions == 1
    assert decide(run, Severity.HIGH).exit_code == 2


def test_a_run_without_trouble_is_green() -> None:
    run = scan([FOLDER / "good"], today=date.fromisoformat(TODAY))
    assert run.troubles == []
    assert decide(run, Severity.INFO).exit_code == 0


def test_checkov_shows_one_record_for_each_root_in_trouble(checked: Scan) -> None:
    records = {record.file: record for record in checked.records if record.id == "SLS_RUN_1"}
    assert {file: (record.outcome, record.severity) for file, record in records.items()} == {
        f"{case}/main.tf": ("FAILED", "HIGH") for case in NAMED
    }
    for case, (_, says) in NAMED.items():
        record = records[f"{case}/main.tf"]
        assert record.resource.startswith("aws_lambda_function.orders")
        assert "# the record stands here" in Path(FOLDER / record.file).read_text()
        assert any(says in line for line in record.details)
        assert record.details[-1].endswith("serverful explain SLS_RUN_1")

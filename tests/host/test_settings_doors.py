"""The settings through both doors: plain Checkov and our own command heed the same file, and neither passes over one that is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from real_checkov import REPOSITORY, TODAY, Scan
from real_checkov import scan as scan_with_checkov

BAD = (REPOSITORY / "fixtures" / "vpc_reaches_something_private" / "bad" / "main.tf").read_text(encoding="utf-8")
HEAD = 'resource "aws_lambda_function" "orders" {'
ORDERS = "aws_lambda_function.orders"

# Three roots: one as it is, one whose function has a tag, one whose function only a variable switches off.
ROOTS = {
    "plain": BAD,
    "tagged": BAD.replace(HEAD, f'{HEAD}\n  tags = {{ data-class = "confidential" }}\n'),
    "counted": BAD.replace(HEAD, f"{HEAD}\n  count = var.wanted\n") + '\nvariable "wanted" {\n  default = 1\n}\n',
}

SETTINGS = """\
reasons:
  - address: "aws_lambda_function.*"
    root: pl?in
    key: vpc
    category: relational-database
    until: 2026-12-31
    owner: payments
    text: the ledger
  - {address: aws_lambda_function.refunds, key: image, category: package-size, until: 2026-12-31, owner: shop}
organisation:
  vpc_required:
    - {tag: data-class, value: confidential, because: the ISMS says so}
var_files: [values/off.tfvars]
pages_url: https://docs.example.com/serverful
"""


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings")
    for name, text in ROOTS.items():
        (folder / name).mkdir()
        (folder / name / "main.tf").write_text(text)
    (folder / "values").mkdir()
    (folder / "values" / "off.tfvars").write_text("wanted = 0\n")
    return folder


def ours(folder: Path, *options: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "serverful", "scan", str(folder), "--format", "json", *options]
    environment = {**os.environ, "SERVERFUL_TODAY": TODAY, **(env or {})}
    return subprocess.run(words, capture_output=True, text=True, env=environment, check=False)


def theirs(folder: Path, env: dict[str, str] | None = None) -> Scan:
    return scan_with_checkov(folder, REPOSITORY / "policies", "--check", "SLS_VPC_1,SLS_RUN_1", env=env)


def outcomes(said: Any) -> dict[str, str]:
    """SLS_VPC_1 of our own command by root."""
    return {f["place"]["root"]: f["outcome"] for f in said["findings"] if f["policy"]["id"] == "SLS_VPC_1"}


@pytest.fixture(scope="module")
def found(design: Path) -> tuple[Any, Scan]:
    file = design / ".serverful.yaml"
    file.write_text(SETTINGS)
    both = json.loads(ours(design).stdout), theirs(design)
    file.unlink()
    return both


def test_without_a_file_each_root_fails(design: Path) -> None:
    assert outcomes(json.loads(ours(design).stdout)) == dict.fromkeys(ROOTS, "failed")


def test_both_doors_heed_the_file_that_is_found(found: tuple[Any, Scan]) -> None:
    said, checked = found
    assert outcomes(said) == {"plain": "justified", "tagged": "passed"}
    assert checked.of("SLS_VPC_1") == {("plain/main.tf", ORDERS): "SKIPPED", ("tagged/main.tf", ORDERS): "PASSED"}
    assert not checked.of("SLS_RUN_1")


def test_the_reason_says_where_it_stands(found: tuple[Any, Scan]) -> None:
    said, checked = found
    comment = checked.one("SLS_VPC_1", ORDERS, "plain/main.tf").comment
    assert comment == "relational-database: the ledger (owner payments, until 2026-12-31, settings at .serverful.yaml:2)"
    (reason,) = [finding["reason"] for finding in said["findings"] if finding["reason"]]
    assert (reason["source"], reason["place"]["file"], reason["place"]["line"]) == ("settings", ".serverful.yaml", 2)
    details = checked.one("SLS_VPC_1", ORDERS, "tagged/main.tf").details
    assert any("the ISMS says so · organisation.vpc_required[0] · .serverful.yaml:12" in line for line in details)


def test_a_reason_that_matches_nothing_is_noted_by_both(found: tuple[Any, Scan]) -> None:
    said, checked = found
    says = "the reason for `aws_lambda_function.refunds` matches nothing, so it explains nothing."
    assert said["notes"] == [{"file": ".serverful.yaml", "line": 9, "says": says, "part": 0}]
    assert said["parts"][0]["settings"] == ".serverful.yaml"
    assert f"serverful: .serverful.yaml:9 {says}" in checked.stderr


def test_the_file_that_is_named_beats_the_one_that_is_found(design: Path, tmp_path: Path) -> None:
    (design / ".serverful.yaml").write_text(SETTINGS)
    by_option, by_variable = tmp_path / "option.yaml", tmp_path / "variable.yaml"
    by_option.write_text("")
    by_variable.write_text(f"var_files: [{json.dumps(str(design / 'values' / 'off.tfvars'))}]\npages_url: https://pages.example.com\n")
    env = {"SERVERFUL_CONFIG": str(by_variable)}
    try:
        checked = theirs(design, env)
        assert checked.of("SLS_VPC_1") == {("plain/main.tf", ORDERS): "FAILED", ("tagged/main.tf", ORDERS): "FAILED"}
        last = checked.one("SLS_VPC_1", ORDERS, "plain/main.tf").details[-1]
        assert last == "Read on: https://pages.example.com/network/vpc_reaches_something_private.md"
        assert outcomes(json.loads(ours(design, env=env).stdout)) == {"plain": "failed", "tagged": "failed"}
        assert outcomes(json.loads(ours(design, "--config", str(by_option), env=env).stdout)) == dict.fromkeys(ROOTS, "failed")
    finally:
        (design / ".serverful.yaml").unlink()


def test_wrong_settings_judge_nothing_and_say_so_through_both(design: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("treshholds: {}\nreasons:\n- {address: '*', key: vpc, category: cache, until: 2027-02-30, owner: \"a\\e[31m\"}\n")
    env = {"SERVERFUL_CONFIG": str(wrong)}
    done = ours(design, env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert ":1: there is no setting 'treshholds'; did you mean 'thresholds'?" in done.stderr
    assert ":3: until=2027-02-30 is not a day of the calendar." in done.stderr and "\x1b" not in done.stderr
    checked = theirs(design, env)
    assert checked.code == 1
    assert {(record.id, record.file, record.outcome) for record in checked.records} == {
        ("SLS_RUN_1", f"{root}/main.tf", "FAILED") for root in ROOTS
    }
    for record in checked.records:
        assert any(line.endswith("wrong.yaml:1: there is no setting 'treshholds'; did you mean 'thresholds'?") for line in record.details)
        assert any(line.endswith("wrong.yaml:3: until=2027-02-30 is not a day of the calendar.") for line in record.details)
        assert record.details[-2].endswith("All settings: README.md#settings, or `serverful schema settings`.")


def test_a_named_file_that_is_not_there_is_said_by_both(design: Path) -> None:
    env = {"SERVERFUL_CONFIG": "no/such.yaml"}
    says = "SERVERFUL_CONFIG names no/such.yaml, and there is no such file. Check the path."
    done = ours(design, env=env)
    assert (done.returncode, done.stderr) == (2, f"{says}\n")
    checked = theirs(design, env)
    assert {record.id for record in checked.records} == {"SLS_RUN_1"} and len(checked.records) == len(ROOTS)
    assert all(f"  How to mend it: {says}" in record.details for record in checked.records)

"""Plans through real Checkov: several at once, many instances of one block, and the source beside them."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from real_checkov import REPOSITORY, TODAY, Scan
from real_checkov import scan as scan_with_checkov
from serverful.finding import Run
from serverful.scan import scan

ESTATES = REPOSITORY / "fixtures" / "estates"
LEGACY, QUEUE, MODULES = (ESTATES / name for name in ("legacy_vpc", "warm_queue", "three_modules"))
POLICIES = REPOSITORY / "policies"
DAY = date.fromisoformat(TODAY)
PLANS = ("--framework", "terraform_plan")
WRITE_CART = "aws_lambda_function.write_cart"
BOOK_RETURN = "aws_lambda_function.book_return"  # whose reason is a comment in the source


def failed(said: Scan, file: str) -> list[tuple[str, str]]:
    return sorted((record.id, record.resource) for record in said.records if record.outcome == "FAILED" and record.file == file)


def ours(run: Run, root: str) -> list[tuple[str, str]]:
    return sorted((f.policy.id, f.address) for f in run.findings if f.is_failed and f.place.root == root)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans of equal addresses in one folder: in `b.json` no function is in a VPC."""
    folder = tmp_path_factory.mktemp("two")
    plan: Any = json.loads((LEGACY / "plan.json").read_text("utf-8"))
    (folder / "a.json").write_text(json.dumps(plan), "utf-8")
    for change in plan["resource_changes"]:
        if change["type"] == "aws_lambda_function":
            change["change"]["after"]["vpc_config"] = change["change"]["after_unknown"]["vpc_config"] = []
    for resource in plan["planned_values"]["root_module"]["resources"]:
        if resource["type"] == "aws_lambda_function":
            resource["values"]["vpc_config"] = []
    (folder / "b.json").write_text(json.dumps(plan), "utf-8")
    return folder


@pytest.mark.parametrize("by", ["-d", "-f"])
def test_two_plans_of_equal_addresses_keep_their_own_verdicts(two: Path, by: str) -> None:
    what = ["-d", str(two)] if by == "-d" else ["-f", str(two / "a.json"), "-f", str(two / "b.json")]
    said, run = scan_with_checkov(what, POLICIES, *PLANS), scan([two / "a.json", two / "b.json"], today=DAY)
    assert run.troubles == []
    for name in ("a.json", "b.json"):
        assert failed(said, name) == ours(run, name)
    assert ("SLS_VPC_1", WRITE_CART) in failed(said, "a.json")
    assert not any(policy == "SLS_VPC_1" for policy, _ in failed(said, "b.json"))


def test_each_instance_of_a_module_called_for_each_is_one_record() -> None:
    plan = MODULES / "plan.json"
    said, run = scan_with_checkov(["-f", str(plan)], POLICIES, *PLANS), scan([plan], today=DAY)
    judged = {record.resource for record in said.records if "aws_lambda_function" in record.resource}
    assert {f'module.function["{key}"].aws_lambda_function.this' for key in ("print", "reconcile")} <= judged
    found = sorted((record.id, record.resource) for record in said.records if record.outcome == "FAILED")
    assert found == sorted((f.policy.id, f.address) for f in run.findings if f.is_failed)
    assert len(found) == len(set(found)) > 0
    skipped = {(record.id, record.resource) for record in said.records if record.outcome == "SKIPPED"}
    assert skipped == {(f.policy.id, f.address) for f in run.findings if f.verdict.reason is not None}


def test_beside_its_source_a_record_cites_the_source_and_a_comment_counts(tmp_path: Path) -> None:
    """Checkov's own file and line stay those of the plan; what we say below names the source's."""
    (tmp_path / "infra").mkdir()
    for file in QUEUE.glob("*.tf"):
        shutil.copy(file, tmp_path / "infra")
    shutil.copy(QUEUE / "plan.json", tmp_path)
    what = ["-f", str(tmp_path / "plan.json")]
    alone = scan_with_checkov(what, POLICIES, *PLANS)
    beside = scan_with_checkov(what, POLICIES, *PLANS, env={"SERVERFUL_SOURCE": str(tmp_path / "infra")})
    assert alone.one("SLS_PC_1", BOOK_RETURN).outcome == "FAILED"
    record = beside.one("SLS_PC_1", BOOK_RETURN)
    assert (record.outcome, record.file) == ("SKIPPED", "plan.json")
    assert "(owner returns, until 2027-01-31, comment at functions.tf:235)" in record.comment
    assert any(" · functions.tf:" in line for line in record.details)
    run = scan([tmp_path / "plan.json"], today=DAY, source=tmp_path / "infra")
    expected = sorted((f.policy.id, f.address) for f in run.findings if f.is_failed)
    assert sorted((r.id, r.resource) for r in beside.records if r.outcome == "FAILED") == expected


def test_a_source_that_is_not_there_is_said_and_nothing_is_judged(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    done = scan_with_checkov(["-f", str(QUEUE / "plan.json")], POLICIES, *PLANS, env={"SERVERFUL_SOURCE": str(gone)})
    assert [record.id for record in done.records] == ["SLS_RUN_1"]
    says = f"SERVERFUL_SOURCE names {gone}, and there is no such folder. Name the folder that the plan was made from."
    assert f"  How to mend it: {says}" in done.records[0].details
    assert done.code == 1

"""What is judged from a recorded plan, beside what is judged from the source that it was made from.

No verdict of a plan contradicts that of its source. A plan holds neither locals nor expressions nor comments, so some of it stays open
that the source decides; what does is counted here, design by design, and each count may only fall.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expectations import ESTATES
from serverful.errors import UsageError
from serverful.estate.read.plan.references import written
from serverful.finding import Run
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 11, 23)
PLANS = sorted(ESTATES.rglob("plan.json"))
LEGACY = ESTATES / "legacy_vpc" / "plan.json"

# How many answers the source gives that its plan leaves open: through locals, `dynamic` blocks, loops and `each.value` of a local.
LEFT_OPEN = {
    "partner_firewall/bank": 13,
    "partner_firewall/customs": 5,
    "shared_everything": 41,
    "three_modules": 24,
}
# A comment with a reason stands in the source alone.
BY_COMMENT = {
    ("many_roots/loyalty", "SLS_VPC_1", "module.handler.aws_lambda_function.this"),
    ("warm_queue", "SLS_PC_1", "aws_lambda_function.book_return"),
}


def name_of(plan: Path) -> str:
    return plan.parent.relative_to(ESTATES).as_posix()


def outcomes(run: Run) -> dict[tuple[str, str], Outcome]:
    return {(f.policy.id, f.address): f.verdict.outcome for f in run.findings}


@pytest.mark.parametrize("plan", PLANS, ids=name_of)
def test_a_plan_does_not_contradict_its_source(plan: Path) -> None:
    source, planned = outcomes(scan([plan.parent], today=TODAY)), outcomes(scan([plan], today=TODAY))
    assert planned, "a plan of which nothing is judged proves nothing"
    name = name_of(plan)
    left_open = 0
    for key in sorted(source.keys() | planned.keys()):
        before, after = source.get(key), planned.get(key)
        if before == after or (name, *key) in BY_COMMENT:
            continue
        # RAD_3 asks what no other policy has asked; what is undecided of the others changes what it asks.
        if after not in (None, Outcome.UNDECIDED) and key[0] != "SLS_RAD_3":
            assert before in (None, Outcome.UNDECIDED), f"{key}: {before} in the source, {after} in the plan"
            continue
        left_open += key[0] != "SLS_RAD_3"
    assert left_open <= LEFT_OPEN.get(name, 0)


# With the source beside it, a plan answers as its source does; each answer that differs is named, with its cause.
DIFFERENT_BESIDE_ITS_SOURCE = {
    # `var.statements_host` has no value in the source, and has one in the plan.
    ("three_modules", "SLS_IP_1", 'module.function["reconcile"].aws_lambda_function.this'): (Outcome.UNDECIDED, Outcome.PASSED),
    ("three_modules", "SLS_VPC_1", 'module.function["reconcile"].aws_lambda_function.this'): (Outcome.UNDECIDED, Outcome.FAILED),
    ("three_modules", "SLS_RAD_3", 'module.function["reconcile"].aws_lambda_function.this'): (Outcome.FAILED, None),
}


def test_plans_beside_their_source_answer_as_it_does() -> None:
    different = {}
    for plan in PLANS:
        source, planned = outcomes(scan([plan.parent], today=TODAY)), outcomes(scan([plan], today=TODAY, source=plan.parent))
        for key in source.keys() | planned.keys():
            if source.get(key) != planned.get(key):
                different[(name_of(plan), *key)] = (source.get(key), planned.get(key))
    assert different == DIFFERENT_BESIDE_ITS_SOURCE


def test_findings_of_a_plan_stand_where_its_source_is_written() -> None:
    beside = scan([LEGACY], today=TODAY, source=LEGACY.parent)
    alone = scan([LEGACY.parent], today=TODAY)
    spots = {(f.policy.id, f.address): f.place.spot for f in alone.findings}
    assert {(f.policy.id, f.address): f.place.spot for f in beside.findings} == spots


def test_what_is_too_much_to_follow_beside_a_plan_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serverful.estate.read.plan.tree.MAX_WORK", 10)
    plan = ESTATES / "shared_everything" / "plan.json"
    run = scan([plan], today=TODAY, source=plan.parent)
    assert ["computes more than serverful follows" in trouble.what for trouble in run.troubles] == [True]
    assert run.functions == 6


def test_a_reason_for_another_root_is_left_alone_where_a_plan_is_judged(tmp_path: Path) -> None:
    plan = changed(tmp_path)
    reason = "{address: '*', root: elsewhere, key: vpc, category: cache, until: 2027-01-31, owner: shop, text: sessions}"
    (tmp_path / ".serverful.yaml").write_text(f"reasons:\n  - {reason}\n", "utf-8")
    assert scan([plan], today=TODAY).notes == []


def test_a_plan_and_a_folder_outside_of_git_have_one_base(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.tf").write_text((LEGACY.parent / "main.tf").read_text("utf-8"), "utf-8")
    run = scan([changed(tmp_path, resource_changes=[]), tmp_path / "app"], today=TODAY)
    assert [(note.file, note.says) for note in run.notes] == [("../plan.json", "plans no Lambda function, so no function was asked about.")]


def test_a_source_without_a_plan_is_refused() -> None:
    with pytest.raises(UsageError, match="--source"):
        scan([LEGACY.parent], today=TODAY, source=LEGACY.parent)


def test_every_design_that_can_be_planned_has_its_plan() -> None:
    assert {name_of(plan).partition("/")[0] for plan in PLANS} == {folder.name for folder in ESTATES.iterdir() if folder.is_dir()}


def changed(tmp_path: Path, **changes: Any) -> Path:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({**json.loads(LEGACY.read_text("utf-8")), **changes}), "utf-8")
    return plan


BROKEN: Mapping[str, tuple[bytes, str]] = {
    "empty": (b"", "it is empty"),
    "no JSON": (b"resource {}", "not valid JSON"),
    "a list": (b"[]", "not a Terraform plan"),
    "another JSON": (b'{"name": "x"}', "not a Terraform plan"),
    "a state file": (b'{"version": 4, "terraform_version": "1.9.0", "resources": []}', "state file"),
    "a state as JSON": (b'{"format_version": "1.0", "values": {}}', "state in JSON"),
    "no text": (b"\xff\xfe\x00", "not text"),
    "nested": (b'{"format_version": ' + b"[" * 500_000, "nested too deeply"),
    "other version": (b'{"format_version": "2.0", "resource_changes": []}', "format_version '2.0'"),
    "no configuration": (b'{"format_version": "1.2", "resource_changes": []}', "without its configuration"),
    "null for a list": (b'{"format_version": "1.2", "resource_changes": 3, "configuration": {"a": 1}}', "not a list"),
}


@pytest.mark.parametrize("raw, says", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_plan_is_named_and_the_others_are_judged(raw: bytes, says: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(raw)
    run = scan([broken, LEGACY], today=TODAY)
    assert [says in trouble.what for trouble in run.troubles] == [True]
    assert run.functions == 8


def test_a_truncated_plan_is_named(tmp_path: Path) -> None:
    cut = tmp_path / "plan.json"
    cut.write_bytes(LEGACY.read_bytes()[:50_000])
    run = scan([cut], today=TODAY)
    assert ["cut off" in trouble.what for trouble in run.troubles] == [True]


def test_an_errored_plan_is_refused(tmp_path: Path) -> None:
    assert ["errored" in trouble.what for trouble in scan([changed(tmp_path, errored=True)], today=TODAY).troubles] == [True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_plans_written_by_powershell_are_read(encoding: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(LEGACY.read_text("utf-8"), encoding)
    run = scan([plan], today=TODAY)
    assert (run.troubles, outcomes(run)) == ([], outcomes(scan([LEGACY], today=TODAY)))


def test_what_is_deleted_is_not_judged_and_what_is_replaced_is(tmp_path: Path) -> None:
    changes = json.loads(LEGACY.read_text("utf-8"))["resource_changes"]
    functions = [change for change in changes if change["type"] == "aws_lambda_function"]
    functions[0]["change"].update(actions=["delete"], after=None)
    functions[1]["change"].update(actions=["delete", "create"])
    run = scan([changed(tmp_path, resource_changes=changes)], today=TODAY)
    judged = {finding.address for finding in run.findings}
    assert (run.functions, functions[0]["address"] in judged, functions[1]["address"] in judged) == (7, False, True)


def test_addresses_that_come_twice_are_judged_once(tmp_path: Path) -> None:
    changes = json.loads(LEGACY.read_text("utf-8"))["resource_changes"]
    run = scan([changed(tmp_path, resource_changes=[*changes, *changes])], today=TODAY)
    assert (run.functions, outcomes(run)) == (8, outcomes(scan([LEGACY], today=TODAY)))


def test_nothing_sensitive_reaches_a_finding(tmp_path: Path) -> None:
    changes = json.loads(LEGACY.read_text("utf-8"))["resource_changes"]
    for change in changes:
        if change["type"] == "aws_lambda_function":
            variables = change["change"]["after"]["environment"][0]["variables"]
            variables["DATABASE_URL"] = "https://user:hunter2@orders.example.com"
            change["change"]["after_sensitive"] = {"environment": [{"variables": {"DATABASE_URL": True}}]}
    run = scan([changed(tmp_path, resource_changes=changes)], today=TODAY)
    assert run.troubles == []
    assert "hunter2" not in repr(run.findings)


def test_references_are_told_from_what_they_begin_with() -> None:
    listed = [
        "aws_subnet.a[0].id",
        "aws_subnet.a[0]",
        "aws_subnet.a",
        "aws_subnet.a",
        'module.net["x.y"].ids',
        'module.net["x.y"]',
        "module.net",
    ]
    assert [(each.text, each.steps) for each in written(listed)] == [
        ("aws_subnet.a[0].id", ("aws_subnet", "a", 0, "id")),
        ("aws_subnet.a", ("aws_subnet", "a")),
        ('module.net["x.y"].ids', ("module", "net", "x.y", "ids")),
    ]

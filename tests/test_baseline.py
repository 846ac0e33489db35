"""What a baseline covers, what of it is gone, and what nobody can tell: by findings made by hand, and on real Terraform."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from expectations import ESTATES
from runs_by_hand import (
    TODAY,
    asks_for_destinations,
    contradicted,
    finding,
    justified,
    open_question,
    trouble,
    unexplained,
    well,
    whole_run,
)
from serverful.baseline import Baseline, Compared, Entry, Looked, begun, compare, entries_of, notes_of_baseline
from serverful.finding import Finding, Run
from serverful.gate import decide
from serverful.policy import Severity
from serverful.scan import scan

FILE = "old.json"


def looked(**more: object) -> Looked:
    """Everything in `shop` was looked at by SLS_VPC_1, and nothing else."""
    plain = Looked(frozenset({"SLS_VPC_1"}), frozenset({"SLS_VPC_1", "SLS_IP_1"}), frozenset({"shop"}), (), {}, (), False)
    return replace(plain, **more)  # type: ignore[arg-type]


def baseline(*findings: Finding) -> Baseline:
    return Baseline(entries_of(findings), FILE)


def compared(was: Sequence[Finding], now: Sequence[Finding], **more: object) -> Compared:
    return compare(now, baseline(*was), looked(**more))


def known(result: Compared) -> list[str]:
    return [f.address.removeprefix("aws_lambda_function.") for f in result.findings if f.in_baseline]


def gone(result: Compared) -> list[str]:
    return [entry.address.removeprefix("aws_lambda_function.") for entry in result.gone]


def noted(result: Compared, **more: object) -> list[str]:
    return [str(note) for note in notes_of_baseline(result, looked(**more))]


# --- what goes in -----------------------------------------------------------------------------------------------------------------------


def test_only_what_failed_goes_in_by_root_address_and_policy() -> None:
    assert [(e.root, e.address, e.policy, e.argument, e.severity.name) for e in entries_of(whole_run().findings)] == [
        ("shop", "aws_lambda_function.first", "SLS_VPC_1", "vpc_config", "MEDIUM"),
        ("shop", "aws_lambda_function.low", "SLS_VPC_1", "vpc_config", "LOW"),
        ("shop", "aws_lambda_function.out", "SLS_IP_1", "", "HIGH"),
        ("shop", "aws_lambda_function.second", "SLS_VPC_1", "vpc_config", "MEDIUM"),
    ]


def test_the_order_of_a_run_does_not_matter() -> None:
    findings = whole_run().findings
    assert entries_of(findings) == entries_of(findings[::-1])
    assert [e.address for e in entries_of([finding(f"a[{n}]", unexplained()) for n in (10, 9, 1)])] == [
        f"aws_lambda_function.a[{n}]" for n in (1, 9, 10)
    ]


def test_an_entry_is_known_by_the_fingerprint_of_its_finding() -> None:
    (failed,) = (f for f in whole_run().findings if f.address == "aws_lambda_function.out")
    assert [entry.fingerprint for entry in entries_of([failed])] == [failed.fingerprint]


# --- what it covers ---------------------------------------------------------------------------------------------------------------------


def test_what_was_there_is_covered_and_what_is_new_is_not() -> None:
    was = [finding("a", unexplained(), line=3)]
    result = compared(was, [finding("a", unexplained(), line=300), finding("b", unexplained())])
    assert known(result) == ["a"] and gone(result) == [] and noted(result) == []
    assert [f.is_failed for f in result.findings] == [False, True]
    assert result.left == baseline(*was)


def test_another_root_policy_or_argument_is_another_finding() -> None:
    was = [finding("a", unexplained())]
    other = replace(unexplained(), argument="image_uri")
    for now in (
        finding("a", unexplained(), root="stock"),
        finding("a", unexplained(), asked=asks_for_destinations),
        finding("a", other),
    ):
        assert known(compared(was, [now])) == []


def test_what_grew_worse_is_not_covered_and_said_so() -> None:
    was = [finding("a", unexplained(Severity.LOW))]
    result = compared(was, [finding("a", unexplained())])
    assert known(result) == [] and gone(result) == []
    assert noted(result) == [
        "old.json 1 finding is graded higher than its entry, which does not cover it: SLS_VPC_1 at aws_lambda_function.a in shop "
        "(LOW then, MEDIUM now)."
    ]
    assert result.left == baseline(*was), "it is not raised by writing it again"


def test_what_grew_better_is_covered_and_its_entry_is_lowered() -> None:
    result = compared([finding("a", unexplained())], [finding("a", unexplained(Severity.LOW))])
    assert known(result) == ["a"] and noted(result) == []
    assert [entry.severity for entry in result.left.entries] == [Severity.LOW]


def test_what_does_not_fail_is_not_marked() -> None:
    was = [finding("a", unexplained())]
    for verdict in (justified(), well(), open_question()):
        assert known(compared(was, [finding("a", verdict)])) == []
    assert known(compared(was, [finding("a", unexplained(), skipped="later")])) == []


# --- what is gone -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [[], [finding("a", well())], [finding("a", justified())], [finding("a", unexplained(), skipped="later")], [finding("b", well())]],
    ids=["not there", "passes", "justified", "skipped", "renamed"],
)
def test_an_entry_without_its_finding_is_gone(now: list[Finding]) -> None:
    result = compared([finding("a", unexplained())], now)
    assert gone(result) == ["a"] and result.left.entries == ()
    assert noted(result) == [
        "old.json 1 entry matches no finding any more: SLS_VPC_1 at aws_lambda_function.a in shop. "
        "--write-baseline beside --baseline takes it out."
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"policies": frozenset({"SLS_IP_1"})},
        {"roots": frozenset({"stock"})},
        {"has_trouble": True},
        {"untold": [finding("a", unexplained())]},
        {"not_here": {"shop": ["aws_lambda_function"]}},
    ],
    ids=["another policy", "another root", "trouble", "left out by --skip-path", "made by a module that is not here"],
)
def test_what_was_not_looked_at_is_not_gone(more: dict[str, object]) -> None:
    was = [finding("a", unexplained())]
    result = compared(was, [], **more)
    assert gone(result) == [] and result.left == baseline(*was)


def test_what_is_undecided_today_is_not_gone() -> None:
    assert gone(compared([finding("a", unexplained())], [finding("a", open_question())])) == []


def test_a_module_of_like_name_is_another_one() -> None:
    address = "module.orders_archive.aws_lambda_function.this[0]"
    was = Baseline((Entry("SLS_VPC_1", "shop", address, "", Severity.LOW),), FILE)
    for call, is_gone in (("module.orders", True), ("module.orders_archive", False)):
        assert bool(compare([], was, looked(not_here={"shop": [call]})).gone) is is_gone
    was = Baseline((Entry("SLS_VPC_1", "shop", 'module.orders["a"].aws_lambda_function.this', "", Severity.LOW),), FILE)
    assert not compare([], was, looked(not_here={"shop": ["module.orders"]})).gone


@pytest.mark.parametrize(
    ("root", "folders", "is_gone"),
    [
        ("legacy", (".",), True),
        ("legacy", ("legacy",), True),
        ("legacy/a", ("legacy",), True),
        ("legacy2", ("legacy",), False),
        ("legacy", (), False),
        ("legacy/plan.json", (".",), False),
        ("<stdin>", (".",), False),
    ],
)
def test_a_root_that_is_not_there_any_more(root: str, folders: tuple[str, ...], is_gone: bool) -> None:
    was = [finding("a", unexplained(), root=root), finding("b", unexplained())]
    result = compared(was, was[1:], folders=folders)
    assert gone(result) == ["a"] * is_gone


def test_one_that_was_written_elsewhere_is_not_emptied() -> None:
    """Roots have other names there: to call all of it gone would let --write-baseline throw it away."""
    was = [finding("a", unexplained(), root="infra/shop")]
    result = compared(was, [finding("a", unexplained())], folders=(".",))
    assert gone(result) == [] and result.left == baseline(*was)
    assert [says[:35] for says in noted(result)] == ["old.json speaks of no root that was"]


def test_an_entry_of_a_policy_that_is_none_any_more_is_gone() -> None:
    assert gone(compared([finding("a", unexplained())], [], known=frozenset({"SLS_IP_1"}), policies=frozenset({"SLS_IP_1"}))) == ["a"]


def test_many_are_counted() -> None:
    result = compared([finding(f"a{number}", unexplained()) for number in range(30)], [])
    (says,) = noted(result)
    assert says.startswith("old.json 30 entries match no finding any more: SLS_VPC_1 at aws_lambda_function.a0 in shop, ")
    assert says.endswith(" at aws_lambda_function.a4 in shop and 25 more. --write-baseline beside --baseline takes them out.")
    result = compared([finding(f"a{n}", unexplained(Severity.LOW)) for n in range(9)], [finding(f"a{n}", unexplained()) for n in range(9)])
    (says,) = noted(result)
    assert says.startswith("old.json 9 findings are graded higher than their entries, which do not cover them: ")
    assert says.endswith("(LOW then, MEDIUM now) and 4 more.")


def test_one_that_is_about_something_else_is_noted() -> None:
    was = [finding("a", unexplained(), root=f"infra/{name}") for name in ("a", "b")]
    (says,) = noted(compared(was, [finding("a", unexplained())]))
    assert says.startswith(
        "old.json speaks of no root that was looked at: it has entries for infra/a and infra/b, and looked at was shop. "
    )
    assert noted(compared([*was, finding("a", unexplained())], [finding("a", unexplained())])) == []
    assert noted(compared(was, [], has_trouble=True), has_trouble=True) == [], "the root may be among what could not be read"


# --- what it means for the gate ---------------------------------------------------------------------------------------------------------


def test_what_it_covers_closes_no_gate_and_trouble_does() -> None:
    run = Run([finding("a", unexplained()), finding("b", contradicted(), asked=asks_for_destinations)], roots=["shop"], policies=2)
    assert decide(run, Severity.INFO).exit_code == 1
    assert decide(begun(run), Severity.INFO).exit_code == 0
    assert decide(replace(begun(run), troubles=[trouble()]), None).exit_code == 2
    new = replace(run, findings=[*begun(run).findings, finding("c", unexplained())])
    assert decide(new, Severity.MEDIUM).exit_code == 1


def test_only_what_fails_is_known_once_it_has_begun() -> None:
    run = whole_run()
    known = [f.fingerprint for f in begun(run).findings if f.in_baseline]
    assert known == [f.fingerprint for f in run.findings if f.is_failed or f.in_baseline] and len(known) >= 4
    assert not any(f.is_failed for f in begun(run).findings)


# --- real Terraform ---------------------------------------------------------------------------------------------------------------------

LAMBDA = """
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  role          = aws_iam_role.{name}.arn
  vpc_config {{
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.{name}.id]
  }}
}}
resource "aws_iam_role" "{name}" {{}}
resource "aws_security_group" "{name}" {{}}
"""


def estate(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text('provider "aws" {}\n' + "".join(LAMBDA.format(name=name) for name in names))
    return folder


def again(folder: Path, was: Baseline, **options: object) -> Run:
    return scan([folder], today=TODAY, baseline=was, **options)  # type: ignore[arg-type]


def test_a_scan_marks_names_and_leaves(tmp_path: Path) -> None:
    estate(tmp_path / "shop", "a", "b")
    first = scan([tmp_path], today=TODAY)
    was = Baseline(entries_of(first.findings), str(tmp_path / "old.json"))
    assert was.entries
    same = again(tmp_path, was)
    assert not any(f.is_failed for f in same.findings) and same.notes == [] and same.baseline == Baseline(was.entries, "old.json")
    estate(tmp_path / "shop", "b", "c")
    run = again(tmp_path, was)
    assert {f.address.rpartition(".")[2] for f in run.findings if f.is_failed} == {"c"}
    assert {f.address.rpartition(".")[2] for f in run.findings if f.in_baseline} == {"b"}
    (note,) = run.notes
    assert note.file == "old.json" and "match no finding any more" in note.says and "aws_lambda_function.a in shop" in note.says
    assert run.baseline is not None and {entry.address.rpartition(".")[2] for entry in run.baseline.entries} == {"b"}


def test_what_a_scan_leaves_out_is_not_gone(tmp_path: Path) -> None:
    for name in ("shop", "stock"):
        estate(tmp_path / name, "a")
    (tmp_path / ".git").mkdir()
    was = Baseline(entries_of(scan([tmp_path], today=TODAY).findings), "old.json")
    for paths, options in (
        ([tmp_path / "stock"], {}),
        ([tmp_path], {"skip_path": ["shop"]}),
        ([tmp_path], {"check": ["SLS_VPC_6"]}),
        ([tmp_path], {"skip_check": ["LOW"]}),
        ([tmp_path / "stock" / "main.tf"], {}),
    ):
        run = scan(paths, today=TODAY, baseline=was, **options)  # type: ignore[arg-type]
        assert run.notes == [] and run.baseline is not None and run.baseline.entries == was.entries, (paths, options)
    (tmp_path / "shop" / "main.tf").unlink()
    assert [note.says[:24] for note in again(tmp_path, was).notes] == [f"{len(was.entries) // 2} entries match no findi"]
    (tmp_path / "stock" / "broken.tf").write_text("resource {")
    assert again(tmp_path, was).notes == []


def test_what_a_module_that_is_not_here_makes_is_not_gone(tmp_path: Path) -> None:
    estate(tmp_path / "module", "a")
    (tmp_path / "main.tf").write_text('provider "aws" {}\nmodule "m" {\n  source = "./module"\n}\n')
    was = Baseline(entries_of(scan([tmp_path], today=TODAY).findings), "old.json")
    assert {entry.address for entry in was.entries} >= {"module.m.aws_lambda_function.a"}
    (tmp_path / "main.tf").write_text('provider "aws" {}\nmodule "m" {\n  source = "acme/m/aws"\n}\n')
    (tmp_path / "module" / "main.tf").unlink()
    run = again(tmp_path, was)
    assert run.unread and run.notes == [] and run.baseline is not None and run.baseline.entries == was.entries


def test_what_a_plan_leaves_out_is_not_gone(tmp_path: Path) -> None:
    plan = json.loads((ESTATES / "legacy_vpc" / "plan.json").read_text("utf-8"))
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    was = Baseline(entries_of(scan([file], today=TODAY).findings), "old.json")
    assert was.entries
    plan["resource_changes"] = []
    for is_complete in (True, False):
        file.write_text(json.dumps({**plan, "complete": is_complete}), "utf-8")
        run = again(file, was)
        assert run.baseline is not None and bool(run.baseline.entries) is not is_complete

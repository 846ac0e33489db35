"""The trees that the benchmarks measure are valid, deterministic and of the kind that they say they are. Nothing here is timed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from compare import CASES, Measured, table
from large_plans import PLANS
from large_roots import SHAPES, designs, functions_of_designs
from patterns_tree import Files, patterns_tree, write
from reference_age import YEAR, ages
from serverful import catalogue
from serverful.finding import Run
from serverful.scan import scan
from serverful.verdict import Outcome


def judged(files: Files, folder: Path) -> Run:
    run = scan([write(files, folder)], today=date(2026, 11, 23))
    assert run.troubles == []
    return run


def test_the_tree_is_the_same_every_time() -> None:
    assert patterns_tree(40) == patterns_tree(40)
    assert patterns_tree(40) != patterns_tree(40, seed=4)


def test_a_tree_of_roots_is_read_and_judged(tmp_path: Path) -> None:
    run = judged(patterns_tree(30), tmp_path)
    assert len(run.roots) == 30
    assert 15 <= run.functions <= 30, "a little more than half of the roots have a function"
    assert {f.policy.id for f in run.findings} >= {"SLS_IP_1", "SLS_VPC_1", "SLS_RAD_3"}
    assert not any("terraform-aws-modules/lambda/aws" in unread for unread in run.unread), "its functions are seen without it"


def test_few_roots_need_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from serverful.estate.read import reader

    asked: list[str] = []
    evaluate = reader.evaluate
    monkeypatch.setattr(reader, "evaluate", lambda requests: asked.extend(r.folder.name for r in requests) or evaluate(requests))
    judged(patterns_tree(60), tmp_path)
    assert len(asked) == 2


@pytest.mark.parametrize("shape", SHAPES)
def test_a_large_root_has_as_many_functions_as_it_says(shape: str, tmp_path: Path) -> None:
    run = judged(SHAPES[shape](40), tmp_path)
    assert (len(run.roots), run.functions) == (1, 40)
    assert {f.policy.id for f in run.findings} >= {"SLS_IP_1", "SLS_IP_2", "SLS_VPC_6", "SLS_VPC_7", "SLS_VPC_8", "SLS_VPC_10"}


def test_the_designs_give_every_policy_something_to_say(tmp_path: Path) -> None:
    run = judged(designs(2 * functions_of_designs()), tmp_path)
    assert run.functions == 2 * functions_of_designs()
    assert {p.id for p in catalogue.load()} == {f.policy.id for f in run.findings}


def test_reference_data_is_as_old_as_its_oldest_date() -> None:
    found = ages(date(2027, 2, 2))
    assert found["prices.yaml"] == 366 > YEAR
    assert list(found.values()) == sorted(found.values(), reverse=True), "the oldest first"


@pytest.mark.parametrize("shape", PLANS)
def test_a_large_plan_is_judged_as_the_source_beside_it(shape: str, tmp_path: Path) -> None:
    source = judged(PLANS[shape](6), tmp_path)
    plan, day = tmp_path / "plan.json", date(2026, 11, 23)
    alone, beside = scan([plan], today=day), scan([plan], today=day, source=tmp_path)
    assert source.functions == 6 + 8, "those that the recorded plan has anyway"
    answers = [{(f.policy.id, f.address): f.verdict.outcome for f in run.findings} for run in (source, alone, beside)]
    assert answers[0] == answers[2]
    if shape == "called":  # of `module.worker[each.key].function_arn` a plan says `module.worker` and `each.key`: not which output is meant
        told = {key: outcome for key, outcome in answers[0].items() if not key[0].startswith("SLS_FLOW_") or "module." not in key[1]}
        assert {key: outcome for key, outcome in answers[1].items() if outcome is not Outcome.UNDECIDED} == told
    else:
        assert answers[0] == answers[1]
    assert [run.troubles for run in (alone, beside)] == [[], []]


@pytest.mark.parametrize("shape", ["counted", "keyed", "called"])
def test_instances_of_one_block_are_put_together_once_and_not_for_each_that_refers_to_them(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from serverful.estate.read.plan import tree

    together, gathered = tree.together, []
    monkeypatch.setattr(tree, "together", lambda terms, text: gathered.append(len(terms)) or together(terms, text))

    def work(functions: int) -> int:
        gathered.clear()
        folder = write(PLANS[shape](functions), tmp_path / str(functions))
        scan([folder / "plan.json"], today=date(2026, 11, 23), source=folder)
        return sum(gathered)

    assert work(60) <= 2 * work(30)


def test_a_missed_target_is_seen() -> None:
    rows = [
        Measured("a", "x", 1.3, 1.29, cpu_ratio=1.2, seconds=(2.0, 1.0)),
        Measured("e", "y", 600, 601, "MB"),
        Measured("f", "z", None, 9),
    ]
    assert [row.verdict for row in rows] == ["met", "MISSED", ""]
    assert [line.split()[0] for line in table(rows).splitlines()] == ["what", "a", "e", "f"]
    assert list(CASES) == list("abcdefghijkl")

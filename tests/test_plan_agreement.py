"""What is judged from each recorded plan, beside what is judged from the source that it was made from.

Of every design there are a first plan (`plan.json`: nothing stands yet) and a second one (`second_plan.json`: all of it stands), of some a
plan of the rest (`partial_plan.json`: the network stands). No verdict of a plan contradicts that of its source. Where they differ, the
plan knows a value that the source does not, or it lacks what only the source holds: comments, `lifecycle`, and, before an apply, what
hands on ids that are not known yet. Each difference is listed with its cause, and none may come or go unnoticed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expectations import ESTATES
from runs_by_hand import untroubled
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 11, 23)
PLANS = sorted(ESTATES.rglob("*plan.json"))
LISTED = Path(__file__).with_name("plan_differences.txt")

Answers = dict[tuple[str, str], Outcome]


def name_of(plan: Path) -> str:
    return plan.relative_to(ESTATES).as_posix()


def differences(plan: Path, planned: Answers) -> list[str]:
    source = untroubled(scan([plan.parent], today=TODAY))
    assert source, "a design of which nothing is judged proves nothing"
    return [
        f"{name_of(plan)}  {policy}  {_shown(source.get((policy, address)))} -> {_shown(planned.get((policy, address)))}  {address}"
        for policy, address in sorted(source.keys() | planned.keys())
        if source.get((policy, address)) != planned.get((policy, address))
    ]


def _shown(outcome: Outcome | None) -> str:
    return outcome.value if outcome is not None else "not asked"


def listed() -> list[str]:
    return [line for line in LISTED.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("plan", PLANS, ids=name_of)
def test_a_plan_alone_answers_as_its_source_but_for_what_is_listed(plan: Path) -> None:
    expected = sorted(line for line in listed() if line.startswith(f"{name_of(plan)}  "))
    assert sorted(differences(plan, untroubled(scan([plan], today=TODAY)))) == expected


@pytest.mark.parametrize("plan", PLANS, ids=name_of)
def test_a_plan_beside_its_source_answers_as_its_source_or_surer(plan: Path) -> None:
    expected = BESIDE_ITS_SOURCE if plan.parent.name == "three_modules" else []
    found = differences(plan, untroubled(scan([plan], today=TODAY, source=plan.parent)))
    assert [line.removeprefix(f"{name_of(plan)}  ") for line in found] == expected


RECONCILE = 'module.function["reconcile"].aws_lambda_function.this'
BESIDE_ITS_SOURCE = [  # `var.statements_host` has no value in the source, and one in each plan
    f"SLS_IP_1  undecided -> passed  {RECONCILE}",
    f"SLS_RAD_3  failed -> not asked  {RECONCILE}",  # the rest is decided now, so it is not asked any more
    f"SLS_VPC_1  undecided -> failed  {RECONCILE}",
]


def test_what_is_listed_is_of_a_kind_that_may_be() -> None:
    """A plan may be surer, or leave open, or not see a comment. It never turns one decided answer into another one."""
    allowed = ("-> undecided", "undecided ->", "justified -> failed", "SLS_RAD_3")  # SLS_RAD_3 asks what the others have left
    not_asked_then = [line for line in listed() if not any(kind in line for kind in allowed)]
    assert [line for line in not_asked_then if "-> not asked" not in line and "not asked ->" not in line] == []
    for line in not_asked_then:  # then what makes it be asked is open or decided, and that is in the list as well
        name, _, _, address = line.split("  ")
        assert any(address in other and name in other and "undecided" in other for other in listed()) or "aws_eip" in address, line


def test_a_second_plan_differs_only_by_what_no_plan_holds() -> None:
    """Once everything stands, ids are known: what is left are comments, `lifecycle` and the value that was handed in."""
    kinds = {line.split("  ")[1] for line in listed() if line.partition("  ")[0].endswith("second_plan.json")}
    assert kinds == {"SLS_IP_1", "SLS_PC_1", "SLS_PC_4", "SLS_RAD_3", "SLS_VPC_1"}
    assert sum("second_plan.json" in line for line in listed()) == 10


def test_every_design_that_can_be_planned_has_its_plans() -> None:
    designs = {folder.name for folder in ESTATES.iterdir() if folder.is_dir()}
    for name in ("plan.json", "second_plan.json"):
        assert {plan.relative_to(ESTATES).parts[0] for plan in PLANS if plan.name == name} == designs
    assert all(plan.stat().st_size < 1_000_000 for plan in PLANS)

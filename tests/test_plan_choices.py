"""What a plan alone may conclude from the names that an unknown value refers to: never more than they say."""

from __future__ import annotations

from datetime import date

import pytest

from expectations import FIXTURES
from runs_by_hand import untroubled
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 11, 23)
PLANS = sorted((FIXTURES / "plans").glob("*/plan.json"))
DECIDED = (Outcome.PASSED, Outcome.FAILED)

Answers = dict[tuple[str, str], Outcome]


def of(name: str, *, beside_source: bool = False) -> tuple[Answers, Answers]:
    """The answers from the source, and those from its plan."""
    folder = FIXTURES / "plans" / name
    planned = scan([folder / "plan.json"], today=TODAY, source=folder if beside_source else None)
    return untroubled(scan([folder], today=TODAY)), untroubled(planned)


@pytest.mark.parametrize("name", [plan.parent.name for plan in PLANS])
def test_no_decided_answer_becomes_another_one(name: str) -> None:
    source, planned = of(name)
    both = {key: (source[key], planned[key]) for key in source.keys() & planned.keys() if key[0] != "SLS_RAD_3"}
    assert both
    assert {key: pair for key, pair in both.items() if pair[0] is not pair[1] and set(pair) <= set(DECIDED)} == {}


@pytest.mark.parametrize("name", [plan.parent.name for plan in PLANS])
def test_with_the_source_the_answers_are_its_own(name: str) -> None:
    source, planned = of(name, beside_source=True)
    assert planned == source


@pytest.mark.parametrize("name", ["data_subnets", "known_condition", "not_planned"])
def test_what_leaves_one_meaning_is_decided(name: str) -> None:
    source, planned = of(name)
    assert planned == source


def test_whole_lists_and_single_elements_are_decided_and_choices_are_not() -> None:
    source, planned = of("fewer_planned")
    zones = {
        address.removeprefix("aws_lambda_function."): outcome for (policy, address), outcome in planned.items() if policy == "SLS_VPC_6"
    }
    told = {name for name, outcome in zones.items() if outcome in DECIDED}
    assert (told, set(zones) - told) == ({"all", "index", "try"}, {"coalesce", "element", "for_if", "one_of", "slice", "tolist"})
    for name in told:
        key = ("SLS_VPC_6", f"aws_lambda_function.{name}")
        assert planned[key] is source[key]

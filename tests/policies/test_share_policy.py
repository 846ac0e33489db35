"""SLS_RAD_1 by cases: what counts, how large is too large, what budgets grant, and what cannot be seen."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import estate, function, link, place, provisioned, unknown
from policies_by_hand import policy_of
from serverful.estate.model import Function
from serverful.estate.settings import Budget, Settings, Thresholds
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_RAD_1")
MOUNTED = link("aws_efs_access_point.shared.arn")


def asked(serverful: int, plain: int, settings: Settings | None = None, *more: Any, **given: Any) -> Verdict:
    """The verdict on the first of so many functions that mount a file system, beside so many that take nothing back."""
    functions = [function(f"aws_lambda_function.a{number}", file_system=MOUNTED) for number in range(serverful)]
    functions += [function(f"aws_lambda_function.b{number}") for number in range(plain)]
    whole = estate(*functions, *more, settings=settings or Settings(), **given)
    told = [verdict for one in whole.all(Function) if (verdict := POLICY(one, whole)).outcome is not Outcome.NOT_OURS]
    assert len(told) < 2, "it is asked once"
    return told[0] if told else POLICY(whole.all(Function)[0], whole)


@pytest.mark.parametrize(
    ("serverful", "plain", "outcome"),
    [
        (1, 2, Outcome.NOT_OURS),  # three functions
        (1, 3, Outcome.PASSED),
        (2, 4, Outcome.PASSED),  # exactly one third
        (2, 3, Outcome.FAILED),
        (5, 9, Outcome.FAILED),
        (0, 9, Outcome.NOT_OURS),
    ],
)
def test_more_than_one_third_is_too_many(serverful: int, plain: int, outcome: Outcome) -> None:
    verdict = asked(serverful, plain)
    assert verdict.outcome is outcome
    if outcome is Outcome.FAILED:
        assert verdict.kind is Kind.CONTRADICTED
        assert f"{serverful} of the {serverful + plain} functions of this root take layers" in verdict.says


def test_it_is_asked_once() -> None:
    whole = estate(*(function(f"aws_lambda_function.{name}", file_system=MOUNTED) for name in "dbca"))
    outcomes = {one.address: POLICY(one, whole).outcome for one in whole.all(Function)}
    assert [address for address, outcome in outcomes.items() if outcome is Outcome.FAILED] == ["aws_lambda_function.a"]


def test_two_features_are_two_layers_of_one_function() -> None:
    warm = provisioned("aws_lambda_provisioned_concurrency_config.a", "aws_lambda_function.a0.arn")
    verdict = asked(1, 3, None, warm)
    assert verdict.outcome is Outcome.PASSED
    assert verdict.path[0].says == (
        "aws_lambda_function.a0 takes compute and storage back: it has provisioned concurrency, and it mounts a file system"
    )


def test_a_large_root_is_told_in_few_lines() -> None:
    path = asked(14, 0).path
    assert (len(path), path[10].says) == (12, "and 4 more")
    assert path[11].says.endswith("and 11 more share the file system aws_efs_access_point.shared")


@pytest.mark.parametrize(("share", "outcome"), [(0.5, Outcome.PASSED), (0.49, Outcome.FAILED), (1, Outcome.PASSED)])
def test_the_settings_set_the_share(share: float, outcome: Outcome) -> None:
    assert asked(2, 2, Settings(thresholds=Thresholds(serverful_share=share))).outcome is outcome


def test_the_settings_set_how_many_functions_are_few() -> None:
    assert asked(1, 1, Settings(thresholds=Thresholds(serverful_functions=2))).outcome is Outcome.FAILED
    assert asked(4, 0, Settings(thresholds=Thresholds(serverful_functions=5))).outcome is Outcome.NOT_OURS


def test_a_budget_is_for_its_roots_alone_and_is_cited() -> None:
    granted = (
        Budget("elsewhere", 1, "another", place("x")),
        Budget("*", 0.75, "all of it moves in 2027", place("x")),
        Budget("*", 0, "late", place("x")),
    )
    verdict = asked(3, 1, Settings(budgets=granted))
    assert (verdict.outcome, verdict.path[-1].says) == (Outcome.PASSED, "a budget of 75 %: all of it moves in 2027")
    over = asked(4, 1, Settings(budgets=granted))
    assert over.outcome is Outcome.FAILED
    assert "more than the 75 % that the settings allow it (all of it moves in 2027)" in over.says


def test_what_is_decided_elsewhere_is_counted_apart() -> None:
    perhaps = [function(f"aws_lambda_function.p{number}", file_system=unknown("var.mount")) for number in range(2)]
    verdict = asked(1, 1, None, *perhaps)
    assert (verdict.outcome, [each.expression for each in verdict.unknown]) == (Outcome.UNDECIDED, ["var.mount"])
    assert asked(1, 5, None, *perhaps[:1]).outcome is Outcome.PASSED, "also with it, two of seven are no third"
    assert asked(0, 5, None, *perhaps[:1]).outcome is Outcome.PASSED
    assert asked(3, 1, None, *perhaps).outcome is Outcome.FAILED


def test_a_module_that_nobody_calls_here_is_not_asked() -> None:
    assert asked(4, 0, is_child=True).outcome is Outcome.NOT_OURS

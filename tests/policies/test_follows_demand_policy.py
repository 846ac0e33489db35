"""SLS_PC_4 by cases: what follows demand, what stays as it is, how much is too much, and what cannot be seen."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import alias, estate, function, link, module_call, on, place, provisioned, scaling, unknown
from policies_by_hand import policy_of
from serverful.estate.model import Callee, Means, Provisioned, Qualified, Scaling, Thing
from serverful.estate.settings import Settings, Thresholds
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_PC_4")

A = "aws_lambda_function.a"
LIVE = on(f"{A}.arn", "live", alias="aws_lambda_alias.live")
ALIAS = alias("aws_lambda_alias.live", A)


def config(executions: Any = 5, **given: Any) -> Provisioned:
    return provisioned("aws_lambda_provisioned_concurrency_config.a", callee=LIVE, executions=executions, **given)


def target(low: Any = 2, high: Any = 9, **given: Any) -> Thing:
    address, to = "aws_appautoscaling_target.a", given.pop("callee", LIVE)
    if low == 0:
        return scaling(address, None, callee=to, means=Means.TARGET, minimum=low, maximum=high, **given)
    return provisioned(address, callee=to, means=Means.TARGET, executions=low, maximum=high, **given)


def policy(**given: Any) -> Scaling:
    return scaling("aws_appautoscaling_policy.a", None, **{"callee": LIVE, **given})


def schedule(name: str, low: Any = None, high: Any = None, **given: Any) -> Thing:
    address = f"aws_appautoscaling_scheduled_action.{name}"
    if low:
        return provisioned(address, callee=LIVE, means=Means.SCHEDULE, executions=low, maximum=high, **given)
    return scaling(address, None, callee=LIVE, means=Means.SCHEDULE, minimum=low, maximum=high, **given)


def asked(*things: Thing, thresholds: Thresholds | None = None, **given: Any) -> Verdict:
    whole = estate(function(A), ALIAS, *things, settings=Settings(thresholds=thresholds or Thresholds()), **given)
    return POLICY(whole.things[A], whole)


NIGHT, MORNING = schedule("night", 0, 0), schedule("morning", 5, 20)


@pytest.mark.parametrize(
    ("things", "why"),
    [
        ([config()], "no scaling target, policy or schedule moves them"),
        ([target()], "no policy and no schedule moves their scaling target (aws_appautoscaling_target.a)"),
        ([config(), target()], "no policy and no schedule"),
        ([config(), target(0)], "no policy and no schedule"),
        ([config(is_left_alone=True), target()], "no policy and no schedule"),
        ([target(4, 4, is_left_alone=True), schedule("day", 4, 4)], "a schedule raises them"),
        ([target(4, 4), policy()], "their scaling target (aws_appautoscaling_target.a) has the same minimum and maximum"),
        ([target(0), MORNING], "a schedule raises them, and none lowers them again"),
        ([target(0), MORNING, schedule("again", 5, 20)], "a schedule raises them"),
    ],
)
def test_flat(things: list[Thing], why: str) -> None:
    verdict = asked(*things)
    assert (verdict.outcome, verdict.kind) == (Outcome.FAILED, Kind.CONTRADICTED)
    assert POLICY.severity is Severity.LOW
    assert "kept ready on alias live at all hours" in verdict.says and why in verdict.says


def test_what_to_write() -> None:
    without = asked(config()).instead
    assert without is not None
    assert 'resource_id = "function:${aws_lambda_function.a.function_name}:${aws_lambda_alias.live.name}"' in without
    assert "LambdaProvisionedConcurrencyUtilization (target_value = 0.7)" in without
    assert "aws_lambda_provisioned_concurrency_config.a lifecycle { ignore_changes = [provisioned_concurrent_executions] }" in without
    for callee, first in ((on(f"{A}.arn", ""), "Let it stand on an aws_lambda_alias"), (on(f"{A}.arn"), "Publish versions")):
        version = asked(provisioned("x.a", callee=callee, executions=5)).instead
        assert version is not None and version.startswith(first) and ':${aws_lambda_alias.….name}"' in version
    pinned = asked(target(4, 4)).instead
    assert pinned is not None and pinned.startswith("Give aws_appautoscaling_target.a (main.tf:1) a max_capacity above")


@pytest.mark.parametrize(
    "things",
    [
        [config(), target(), policy()],
        [target(), policy()],
        [target(unknown("var.min"), unknown("var.max")), policy()],
        [target(0, 20), MORNING, NIGHT],
        [config(), target(0, 5), NIGHT],
        [target(4, 4), policy(), MORNING, NIGHT],
        [config(unknown("var.executions")), target(), policy()],
        [target(), policy(), schedule("cap", None, 3)],
        [target(0), schedule("day", unknown("var.day")), schedule("night", unknown("var.night"))],
    ],
)
def test_it_follows_demand(things: list[Thing]) -> None:
    verdict = asked(*things)
    assert verdict.outcome is Outcome.PASSED
    assert "moves what is kept ready on alias live" in verdict.path[0].says


@pytest.mark.parametrize("things", [[config(1)], [target(1)], [config(1), target(0)], [target(1, 1), policy()]])
def test_a_few_are_left_alone(things: list[Thing]) -> None:
    assert asked(*things).says == "Only a few executions are kept ready."
    assert asked(config(5), thresholds=Thresholds(provisioned_small=5)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("things", "names"),
    [
        ([config(unknown("var.executions"))], ["var.executions"]),
        ([config(), target(), policy(exists=unknown("var.scaled"))], ["var.scaled"]),
        ([config(), target(unknown("var.min"))], ["var.min"]),
        ([config(), policy(callee=on(f"{A}.arn", qualified=Qualified.UNKNOWN))], [f"{A}.arn"]),
        ([config(), policy(callee=on(f"{A}.arn", "7"))], ["the number of the version behind version 7 and alias live"]),
        ([config(), policy(callee=Callee(None, "var.id", unknown=unknown("var.id")))], ["var.id"]),
        ([config(), module_call("module.scaling", "acme/scaling", "function", links=(link(f"{A}.function_name"),))], ["module.scaling"]),
        ([config(), module_call("module.scaling", "acme/scaling", "id", links=(link("aws_lambda_alias.live.name"),))], ["module.scaling"]),
        ([config(is_left_alone=True)], ["who changes the numbers of aws_lambda_provisioned_concurrency_config.a, which Terraform ignores"]),
        ([target(is_left_alone=True)], ["who changes the numbers of aws_appautoscaling_target.a, which Terraform ignores"]),
        ([config(exists=unknown("var.kept"))], ["var.kept"]),
    ],
)
def test_what_is_decided_elsewhere_is_named(things: list[Thing], names: list[str]) -> None:
    verdict = asked(*things)
    assert (verdict.outcome, [why.expression for why in verdict.unknown]) == (Outcome.UNDECIDED, names)
    assert verdict.answerable is (names != ["var.kept"])


def test_a_module_that_scales_nothing() -> None:
    api = module_call("module.api", "terraform-aws-modules/apigateway-v2/aws", "routes", links=(link("aws_lambda_alias.live.invoke_arn"),))
    assert asked(config(), api).outcome is Outcome.FAILED


def test_what_was_not_read() -> None:
    for given in ({"is_child": True}, {"evaluated": False}, {"unreadable": ("scaling.tf",)}):
        assert asked(config(), **given).outcome is Outcome.UNDECIDED
        assert asked(target(), policy(), **given).outcome is Outcome.PASSED


class TestCeiling:
    LIMIT = Thresholds(provisioned_ceiling=10)

    def test_above(self) -> None:
        verdict = asked(target(2, 50), policy(), thresholds=self.LIMIT)
        assert verdict.outcome is Outcome.FAILED
        assert "Up to 50 executions are kept ready on alias live, more than 10 (provisioned_ceiling)." in verdict.says
        assert verdict.instead is not None and verdict.instead.startswith("Keep ready what must")

    def test_within(self) -> None:
        assert asked(target(2, 10), policy(), thresholds=self.LIMIT).outcome is Outcome.PASSED

    def test_unknown(self) -> None:
        verdict = asked(target(2, unknown("var.max")), policy(), thresholds=self.LIMIT)
        assert [why.expression for why in verdict.unknown] == ["var.max"]

    def test_flat_as_well(self) -> None:
        says = asked(config(40), thresholds=self.LIMIT).says
        assert "at all hours" in says and "more than 10" in says


class TestManyFunctions:
    @staticmethod
    def scaled(name: str) -> list[Thing]:
        to = on(f"{name}.arn", "live")
        return [
            function(name),
            provisioned(f"{name}_target", callee=to, means=Means.TARGET, executions=2, maximum=9),
            scaling(f"{name}_policy", None, callee=to),
        ]

    def judged(self, *names: str, beside: tuple[Thing, ...] = ()) -> list[Outcome]:
        whole = estate(*(thing for name in names for thing in self.scaled(name)), *beside)
        return [POLICY(whole.things[name], whole).outcome for name in names]

    def test_more_than_three_of_a_module(self) -> None:
        names = [f"aws_lambda_function.f{n}" for n in range(4)]
        assert self.judged(*names) == [Outcome.FAILED, *[Outcome.PASSED] * 3], "one fault of four functions is told once"
        assert self.judged(*names[:3]) == [Outcome.PASSED] * 3

    def test_each_module_for_itself(self) -> None:
        inside = [f"module.shop.aws_lambda_function.f{n}" for n in range(2)]
        assert self.judged(*inside, *(f"aws_lambda_function.f{n}" for n in range(3))) == [Outcome.PASSED] * 5

    def test_a_module_that_makes_one_function_is_a_way_of_writing_it(self) -> None:
        names = [f'module.f["{n}.x"].aws_lambda_function.this[0]' for n in range(4)]
        assert self.judged(*names) == [Outcome.FAILED, *[Outcome.PASSED] * 3]

    def test_a_few_do_not_count(self) -> None:
        small = [function("aws_lambda_function.s"), provisioned("x.s", "aws_lambda_function.s.arn", executions=1)]
        assert self.judged(*(f"aws_lambda_function.f{n}" for n in range(3)), beside=tuple(small)) == [Outcome.PASSED] * 3


def test_not_ours() -> None:
    assert asked().outcome is Outcome.NOT_OURS
    assert asked(target(0), policy()).outcome is Outcome.NOT_OURS


def test_the_functions_of_a_root_are_counted_once() -> None:
    """However many functions there are: the work for each does not grow with their number."""
    things = [thing for n in range(300) for thing in TestManyFunctions.scaled(f"aws_lambda_function.f{n}")]
    whole = estate(*things)
    assert {POLICY(whole.things[f"aws_lambda_function.f{n}"], whole).says for n in range(300)} == {
        "300 functions of this module have provisioned concurrency, more than 3 (provisioned_functions): aws_lambda_function.f0, "
        "aws_lambda_function.f1, aws_lambda_function.f10, aws_lambda_function.f100, aws_lambda_function.f101 and 295 more.",
        "What is kept ready follows demand.",
    }


def test_two_capacities_are_told_together() -> None:
    version = provisioned("x.b", callee=on(f"{A}.arn", "7"), executions=3, place=place("x.b", line=30))
    says = asked(config(), version).says
    assert "5 executions are kept ready on alias live" in says and "3 executions are kept ready on version 7" in says

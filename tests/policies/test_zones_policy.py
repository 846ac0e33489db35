"""SLS_VPC_6: which answer each situation gets. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    capacity_provider,
    estate,
    function,
    inside,
    link,
    listing,
    module_call,
    subnet,
    subnet_query,
    unknown,
)
from policies_by_hand import judged, policy_of
from serverful.estate.model import Thing
from serverful.finding import Finding
from serverful.policy import Policy, Severity
from serverful.verdict import Kind, Outcome

A, B = subnet("aws_subnet.a"), subnet("aws_subnet.b", zone="eu-central-1b")
SAME = subnet("aws_subnet.same")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of("SLS_VPC_6")


def answer(policy: Policy, subnets: Any, *things: Thing, **given: Any) -> Finding | None:
    asked = function("aws_lambda_function.f", attachment=attachment(subnets=subnets), **given)
    findings = judged(estate(asked, *things), policy)
    return findings[0] if findings else None


def outcome(policy: Policy, subnets: Any, *things: Thing, **given: Any) -> Outcome:
    found = answer(policy, subnets, *things, **given)
    return found.verdict.outcome if found else Outcome.NOT_OURS


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        (inside("aws_subnet.a.id", "aws_subnet.b.id"), Outcome.PASSED),
        (inside("aws_subnet.a.id"), Outcome.FAILED),
        (inside("aws_subnet.a.id", "aws_subnet.a.id"), Outcome.FAILED),  # a set, after all
        (inside("aws_subnet.a.id", "aws_subnet.same.id"), Outcome.FAILED),
        (inside("aws_subnet.a.id", "aws_subnet.same.id", "aws_subnet.b.id"), Outcome.PASSED),
        (inside("subnet-0a1b2c3d"), Outcome.FAILED),
        (inside("subnet-0a1b2c3d", "subnet-1a1b2c3d"), Outcome.UNDECIDED),
        (listing(link("aws_subnet.a.id"), unknown=[unknown("var.more")]), Outcome.UNDECIDED),
        (listing(link("aws_subnet.a.id"), link("aws_subnet.b.id"), unknown=[unknown("var.more")]), Outcome.PASSED),
        (listing(unknown=[unknown("var.subnet_ids")]), Outcome.UNDECIDED),
        (inside("data.aws_subnets.q.ids"), Outcome.UNDECIDED),
        (listing(link("module.net.subnet_ids", origin="module")), Outcome.UNDECIDED),
    ],
)
def test_subnets(policy: Policy, subnets: Any, expected: Outcome) -> None:
    things = (A, B, SAME, subnet_query("data.aws_subnets.q"), module_call("module.net", "./gone"))
    assert outcome(policy, subnets, *things) is expected


def test_the_finding_is_small_and_contradicted(policy: Policy) -> None:
    found = answer(policy, inside("aws_subnet.a.id", "aws_subnet.same.id"), A, SAME)
    assert found is not None
    assert (found.severity, found.verdict.kind) == (Severity.LOW, Kind.CONTRADICTED)
    assert "one availability zone (eu-central-1a)" in found.verdict.says
    assert found.verdict.instead is not None
    assert found.verdict.instead.startswith("First ask whether the function needs the VPC at all")


def test_a_zone_that_is_decided_elsewhere_is_named(policy: Policy) -> None:
    found = answer(policy, inside("aws_subnet.a.id", "aws_subnet.x.id"), A, subnet("aws_subnet.x", zone=unknown("var.zone")))
    assert found is not None
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert "var.zone" in [part.expression for part in found.verdict.unknown]


def test_one_block_for_an_unknown_number_of_subnets_is_no_single_one(policy: Policy) -> None:
    many = subnet("aws_subnet.many", exists=unknown("length(var.zones)"))
    assert outcome(policy, inside("aws_subnet.many.id"), many) is Outcome.UNDECIDED


def test_a_capacity_provider_is_asked_as_well(policy: Policy) -> None:
    asked = capacity_provider("aws_lambda_capacity_provider.p", attachment=attachment(subnets=inside("aws_subnet.a.id")))
    findings = judged(estate(asked, A), policy)
    assert [(f.address, f.verdict.outcome) for f in findings] == [(asked.address, Outcome.FAILED)]
    assert "capacity provider stands in one subnet" in findings[0].verdict.says
    assert "function" not in findings[0].verdict.says


def test_an_attachment_that_is_decided_elsewhere_is_undecided(policy: Policy) -> None:
    findings = judged(estate(function("aws_lambda_function.f", attachment=unknown("var.vpc_config"))), policy)
    assert [f.verdict.outcome for f in findings] == [Outcome.UNDECIDED]

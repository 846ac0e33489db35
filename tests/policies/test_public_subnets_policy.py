"""SLS_VPC_7: which answer each situation gets. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    association,
    attachment,
    estate,
    function,
    inside,
    known,
    link,
    listing,
    nat_gateway,
    outside,
    route,
    route_table,
    subnet,
    unknown,
    vpc,
)
from policies_by_hand import judged, policy_of
from serverful.estate.model import Route, Target, Thing
from serverful.finding import Finding
from serverful.policy import Policy, Severity
from serverful.verdict import Kind, Outcome

TO_IGW = route("0.0.0.0/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY)
TO_IGW6 = route("::/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY)
TO_NAT = route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY)
BOTH = inside("aws_subnet.public.id", "aws_subnet.private.id")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of("SLS_VPC_7")


def tier(name: str, *routes: Route, **given: Any) -> list[Thing]:
    return [
        subnet(f"aws_subnet.{name}", **given),
        route_table(f"aws_route_table.{name}", *routes),
        association(f"aws_route_table_association.{name}", f"aws_route_table.{name}.id", subnet=f"aws_subnet.{name}.id"),
    ]


def answer(policy: Policy, *things: Thing, subnets: Any = None, tags: dict[str, str] | None = None, **vpc_config: Any) -> Finding:
    attached = attachment(subnets=subnets or inside("aws_subnet.public.id"), **vpc_config)
    asked = function("aws_lambda_function.f", attachment=attached, tags=tags or {})
    (finding,) = judged(estate(asked, vpc("aws_vpc.main"), nat_gateway("aws_nat_gateway.main"), *things), policy)
    return finding


def outcome(policy: Policy, *things: Thing, **given: Any) -> Outcome:
    return answer(policy, *things, **given).verdict.outcome


def test_a_public_subnet_contradicts(policy: Policy) -> None:
    found = answer(policy, *tier("public", TO_IGW))
    assert (found.verdict.outcome, found.verdict.kind, found.severity) == (Outcome.FAILED, Kind.CONTRADICTED, Severity.MEDIUM)
    assert found.verdict.says == (
        "aws_subnet.public is a public subnet: its default route leads to an internet gateway, but the function gets no public address "
        "there. So it has neither a way to the internet nor isolation."
    )
    assert found.verdict.missed == (
        "NAT gateway: none on the way of these subnets",
        "IPv6: ipv6_allowed_for_dual_stack is not true",
    )
    assert "aws_route_table_association" in (found.verdict.instead or "")


def test_one_public_subnet_of_two_is_enough(policy: Policy) -> None:
    found = answer(policy, *tier("public", TO_IGW), *tier("private", TO_NAT), subnets=BOTH)
    assert found.verdict.outcome is Outcome.FAILED
    assert "Whenever Lambda uses it" in found.verdict.says
    assert not any("aws_subnet.private" in step.says for step in found.verdict.path)


def test_a_public_subnet_is_enough_whatever_else_is_unknown(policy: Policy) -> None:
    both = listing(link("aws_subnet.public.id"), unknown=[unknown("var.more")])
    assert outcome(policy, *tier("public", TO_IGW), subnets=both) is Outcome.FAILED


@pytest.mark.parametrize("routes", [(), (TO_NAT,)], ids=["isolated", "NAT"])
def test_a_private_subnet_passes_with_its_path(policy: Policy, routes: tuple[Route, ...]) -> None:
    found = answer(policy, *tier("public", *routes))
    assert found.verdict.outcome is Outcome.PASSED
    assert "aws_route_table_association.public" in [step.place.address for step in found.verdict.path]


def test_no_vpc_is_not_ours(policy: Policy) -> None:
    assert judged(estate(function("aws_lambda_function.f")), policy) == []


@pytest.mark.parametrize(
    "things",
    [
        tier("public", route("0.0.0.0/0", "var.gateway_id", Target.UNKNOWN)),
        tier("public", route("0.0.0.0/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY, exists=unknown("var.public"))),
        [subnet("aws_subnet.public", vpc=link("var.vpc_id"))],
    ],
    ids=["gateway from outside", "route may not exist", "main table unseen"],
)
def test_what_cannot_be_seen_is_undecided(policy: Policy, things: list[Thing]) -> None:
    found = answer(policy, *things)
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert found.verdict.unknown


def test_subnets_from_outside_are_undecided(policy: Policy) -> None:
    found = answer(policy, subnets=outside("var.subnet_ids"))
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert [part.expression for part in found.verdict.unknown] == ["var.subnet_ids"]


def test_default_subnets_are_public(policy: Policy) -> None:
    default = subnet("aws_default_subnet.a", is_default=True, vpc=None)
    assert outcome(policy, default, subnets=inside("aws_default_subnet.a.id")) is Outcome.FAILED


def test_ipv6_leads_out_of_a_public_subnet(policy: Policy) -> None:
    dual = tier("public", TO_IGW, TO_IGW6, ipv6_cidr=known("2001:db8::/64"))
    assert outcome(policy, *dual, ipv6_allowed=True) is Outcome.PASSED
    assert outcome(policy, *dual, ipv6_allowed=False) is Outcome.FAILED
    assert outcome(policy, *dual, ipv6_allowed=unknown("var.ipv6")) is Outcome.UNDECIDED
    assert outcome(policy, *tier("public", TO_IGW, ipv6_cidr=known("2001:db8::/64")), ipv6_allowed=True) is Outcome.FAILED


@pytest.mark.parametrize(
    ("key", "expected"), [("serverful:vpc", Outcome.FAILED), ("serverful:SLS_VPC_7", Outcome.JUSTIFIED)], ids=["for the VPC", "by id"]
)
def test_only_a_reason_by_id_answers(policy: Policy, key: str, expected: Outcome) -> None:
    reason = {key: "private-service until=2026-06-30 owner=network private tier is being built"}
    assert outcome(policy, *tier("public", TO_IGW), tags=reason) is expected

"""SLS_VPC_10: which answer each situation gets. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    association,
    attachment,
    capacity_provider,
    estate,
    function,
    inside,
    link,
    listing,
    module_call,
    nat_gateway,
    route,
    route_table,
    security_group,
    subnet,
    subnet_query,
    unknown,
    vpc,
    vpc_query,
)
from policies_by_hand import judged, policy_of
from serverful.estate.model import Route, Target, Thing
from serverful.estate.settings import Settings, Thresholds
from serverful.finding import Finding
from serverful.policy import Policy, Severity
from serverful.verdict import Kind, Outcome

TO_IGW = route("0.0.0.0/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY)
TO_NAT = route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY)
TO_HUB = route("0.0.0.0/0", "aws_ec2_transit_gateway.hub.id", Target.TRANSIT_GATEWAY)


def tier(name: str, *routes: Route, zones: str = "ab", **given: Any) -> list[Thing]:
    """Subnets `aws_subnet.<name>_<zone>` that share one table."""
    made: list[Thing] = [route_table(f"aws_route_table.{name}", *routes)]
    for number, letter in enumerate(zones):
        address = f"aws_subnet.{name}_{number}"
        made.append(subnet(address, zone=f"eu-central-1{letter}", **given))
        made.append(association(f"aws_route_table_association.{name}_{number}", f"aws_route_table.{name}.id", subnet=f"{address}.id"))
    return made


NETWORK = (vpc("aws_vpc.main"), nat_gateway("aws_nat_gateway.main"), *tier("public", TO_IGW), *tier("private", TO_NAT), *tier("data"))
PRIVATE = ("aws_subnet.private_0.id", "aws_subnet.private_1.id")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of("SLS_VPC_10")


def answer(policy: Policy, subnets: Any, *things: Thing, settings: Settings | None = None, groups: Any = None) -> Finding:
    asked = function(
        "aws_lambda_function.f", attachment=attachment(subnets=subnets, security_groups=groups), role=link("aws_iam_role.f.arn")
    )
    findings = judged(estate(asked, *NETWORK, *things, settings=settings), policy)
    return next(found for found in findings if found.address == asked.address)


def outcome(policy: Policy, subnets: Any, *things: Thing, **given: Any) -> Outcome:
    return answer(policy, subnets, *things, **given).verdict.outcome


def names(*tiers: str) -> Any:
    return inside(*(f"aws_subnet.{tier}_{number}.id" for tier in tiers for number in (0, 1)))


def test_one_tier_in_two_zones_passes(policy: Policy) -> None:
    assert outcome(policy, names("private")) is Outcome.PASSED
    assert outcome(policy, names("data")) is Outcome.PASSED


@pytest.mark.parametrize("tiers", [("public", "private"), ("private", "data"), ("public", "data"), ("private", "hub")])
def test_two_tiers_fail(policy: Policy, tiers: tuple[str, str]) -> None:
    found = answer(policy, names(*tiers), *tier("hub", TO_HUB))
    assert (found.verdict.outcome, found.severity, found.verdict.kind) == (Outcome.FAILED, Severity.MEDIUM, Kind.CONTRADICTED)
    assert "more than one tier" in found.verdict.says
    assert "Every subnet more" in found.verdict.says and "neighbour" not in found.verdict.says


def test_a_route_that_may_exist_leaves_the_tier_open(policy: Policy) -> None:
    perhaps = route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY, exists=unknown("var.internet"))
    assert outcome(policy, names("perhaps"), *tier("perhaps", perhaps)) is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        (listing(unknown=[unknown("var.subnet_ids")]), ["var.subnet_ids"]),
        (listing(*inside(*PRIVATE).items, unknown=[unknown("var.more")]), ["var.more"]),
        (inside("data.aws_subnets.tagged.ids"), ["data.aws_subnets.tagged.ids"]),
        (listing(link("module.net.subnet_ids", origin="module")), ["module.net.subnet_ids"]),
    ],
)
def test_what_is_not_seen_is_named(policy: Policy, subnets: Any, expected: list[str]) -> None:
    query = subnet_query("data.aws_subnets.tagged", narrowed_by=("tag:tier",))
    found = answer(policy, subnets, query, module_call("module.net", "./gone"))
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert [part.expression for part in found.verdict.unknown] == expected


# --- every subnet -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Outcome.FAILED),
        ({"vpc": None}, Outcome.FAILED),
        ({"narrowed_by": ("tag:tier",)}, Outcome.UNDECIDED),
        ({"unknown": (unknown("var.tags"),)}, Outcome.UNDECIDED),
        ({"default_only": unknown("var.default")}, Outcome.UNDECIDED),
    ],
    ids=["by VPC", "by nothing", "by tag", "perhaps by tag", "perhaps default ones"],
)
def test_a_query_that_asks_for_nothing_else_finds_every_subnet(policy: Policy, given: dict[str, Any], expected: Outcome) -> None:
    assert outcome(policy, inside("data.aws_subnets.q.ids"), subnet_query("data.aws_subnets.q", **given)) is expected


def test_one_of_many_is_not_every_subnet(policy: Policy) -> None:
    one = listing(link("data.aws_subnets.q.ids[0]", target="data.aws_subnets.q", attribute="ids.0"))
    assert outcome(policy, one, subnet_query("data.aws_subnets.q")) is Outcome.UNDECIDED


# --- the default VPC ----------------------------------------------------------------------------------------------------------------------

DEFAULT = link("data.aws_vpc.d.id")


@pytest.mark.parametrize(
    ("subnets", "things"),
    [
        ("aws_default_subnet.a.id", (subnet("aws_default_subnet.a", is_default=True, vpc=None),)),
        ("aws_subnet.own.id", (subnet("aws_subnet.own", vpc=DEFAULT), vpc_query("data.aws_vpc.d", is_default=True))),
        ("aws_subnet.own.id", (subnet("aws_subnet.own", vpc=link("aws_default_vpc.d.id")), vpc("aws_default_vpc.d", is_default=True))),
        ("data.aws_subnets.q.ids", (subnet_query("data.aws_subnets.q", vpc=DEFAULT), vpc_query("data.aws_vpc.d", is_default=True))),
        ("data.aws_subnets.q.ids", (subnet_query("data.aws_subnets.q", default_only=True, narrowed_by=("tag:a",)),)),
    ],
    ids=["default subnet", "own subnet", "adopted", "query", "default for zone"],
)
def test_the_default_vpc_weighs_more(policy: Policy, subnets: str, things: tuple[Thing, ...]) -> None:
    found = answer(policy, inside(subnets), *things)
    assert (found.verdict.outcome, found.severity) == (Outcome.FAILED, Severity.HIGH)
    assert "the default VPC" in found.verdict.says
    assert ("becomes its neighbour" in found.verdict.says) is ("every subnet" not in found.verdict.says)  # what it means fits what is
    assert "an aws_vpc of your own" in str(found.verdict.instead)


def test_a_vpc_that_may_be_the_default_one_leaves_it_open(policy: Policy) -> None:
    query = vpc_query("data.aws_vpc.d", is_default=unknown("var.use_default"))
    subnets = tier("own", vpc=DEFAULT)
    found = answer(policy, names("own"), query, *subnets)
    assert "var.use_default" in [part.expression for part in found.verdict.unknown]


# --- numbers ------------------------------------------------------------------------------------------------------------------------------


def test_many_subnets_in_all_and_in_one_zone(policy: Policy) -> None:
    seven = inside(*(f"aws_subnet.many_{number}.id" for number in range(7)))
    found = answer(policy, seven, *tier("many", zones="aabbccd"))
    assert "stands in 7 subnets" in found.verdict.says
    three = inside(*(f"aws_subnet.crowd_{number}.id" for number in range(3)))
    assert "3 subnets of one availability zone (eu-central-1a)" in answer(policy, three, *tier("crowd", zones="aaa")).verdict.says
    assert outcome(policy, three, *tier("crowd", zones="aab")) is Outcome.PASSED


def test_how_many_are_many_is_a_setting(policy: Policy) -> None:
    strict = Settings(thresholds=Thresholds(vpc_subnets=1))
    assert outcome(policy, names("private"), settings=strict) is Outcome.FAILED
    loose = Settings(thresholds=Thresholds(vpc_subnets_per_zone=3))
    three = inside(*(f"aws_subnet.crowd_{number}.id" for number in range(3)))
    assert outcome(policy, three, *tier("crowd", zones="aaa"), settings=loose) is Outcome.PASSED


def test_zones_that_are_not_known_matter_when_there_are_many_subnets(policy: Policy) -> None:
    unsure = [subnet(f"aws_subnet.x_{n}", zone=unknown(f"var.zones[{n}]")) for n in range(3)]
    ways = [association(f"aws_route_table_association.x_{n}", "aws_route_table.data.id", subnet=f"aws_subnet.x_{n}.id") for n in range(3)]
    three, two = (inside(*(f"aws_subnet.x_{n}.id" for n in range(number))) for number in (3, 2))
    assert outcome(policy, three, *unsure, *ways) is Outcome.UNDECIDED
    assert outcome(policy, two, *unsure, *ways) is Outcome.PASSED


# --- a shared group counts beside something else ------------------------------------------------------------------------------------------


def test_a_shared_group_counts_beside_something_else_only(policy: Policy) -> None:
    groups = inside("aws_security_group.g.id")
    others = [
        function(f"aws_lambda_function.o{n}", attachment=attachment(security_groups=groups), role=link(f"aws_iam_role.o{n}.arn"))
        for n in range(2)
    ]
    things = (security_group("aws_security_group.g"), *others)
    assert outcome(policy, names("private"), *things, groups=groups) is Outcome.PASSED
    says = answer(policy, names("private", "public"), *things, groups=groups).verdict.says
    assert "shares aws_security_group.g with functions of 3 roles in all" in says
    assert "shares" not in answer(policy, names("private", "public"), *things[:-1], groups=groups).verdict.says


def test_a_capacity_provider_is_asked_as_well(policy: Policy) -> None:
    asked = capacity_provider("aws_lambda_capacity_provider.p", attachment=attachment(subnets=names("public", "private")))
    findings = judged(estate(asked, *NETWORK), policy)
    assert [(f.address, f.verdict.outcome) for f in findings] == [(asked.address, Outcome.FAILED)]
    assert findings[0].verdict.says.startswith("The capacity provider's attachment is wider")


def test_every_tier_is_named(policy: Policy) -> None:
    everywhere = inside("aws_subnet.data_0.id", "aws_subnet.private_0.id", "aws_subnet.public_0.id", "aws_subnet.data_1.id")
    said = answer(policy, everywhere).verdict.says
    assert "aws_subnet.data_0 is isolated, aws_subnet.private_0 is private (behind a NAT gateway) and aws_subnet.public_0 is public" in said


def test_a_subnet_is_cited_once(policy: Policy) -> None:
    crowded = tier("crowd", TO_NAT, zones="aaa")
    found = answer(
        policy, inside("aws_subnet.crowd_0.id", "aws_subnet.crowd_1.id", "aws_subnet.crowd_2.id", "aws_subnet.data_0.id"), *crowded
    )
    cited = [step.place.address for step in found.verdict.path if step.says.startswith("subnet")]
    assert sorted(cited) == sorted(set(cited))

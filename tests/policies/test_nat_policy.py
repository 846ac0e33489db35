"""SLS_IP_1: which answer each situation gets. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    association,
    attachment,
    document,
    eip,
    environment,
    estate,
    function,
    inside,
    link,
    listing,
    nat_gateway,
    other,
    outside,
    role,
    route,
    route_table,
    rule,
    security_group,
    statement,
    store,
    subnet,
    unknown,
    vpc,
)
from policies_by_hand import judged, policy_of
from serverful.estate.model import Target, Thing
from serverful.finding import Finding
from serverful.policy import Policy, Severity
from serverful.verdict import Kind, Outcome

TO_NAT = route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY, address="aws_route_table.private")
NAT = nat_gateway("aws_nat_gateway.main", addresses=inside("aws_eip.nat.id"))
FIXED_IP = "fixed-ip until=2026-06-30 owner=shop the bank admits one address"
DATABASE = "relational-database until=2026-06-30 owner=shop orders are in Aurora"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of("SLS_IP_1")


def things(*more: Thing, to: Any = TO_NAT, nat: Thing = NAT, **given: Any) -> list[Thing]:
    """A function that reaches the internet through a NAT gateway, with everything visible."""
    arguments: dict[str, Any] = {
        "attachment": attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside("aws_security_group.f.id")),
        "role": link("aws_iam_role.f.arn"),
        **given,
    }
    return [
        function("aws_lambda_function.f", **arguments),
        role("aws_iam_role.f", document(statement("dynamodb:GetItem"))),
        security_group("aws_security_group.f", rule("egress", cidrs=listing("0.0.0.0/0"))),
        vpc("aws_vpc.main"),
        subnet("aws_subnet.a"),
        route_table("aws_route_table.private", *([to] if to else [])),
        association("aws_route_table_association.a", "aws_route_table.private.id", subnet="aws_subnet.a.id"),
        nat,
        eip("aws_eip.nat"),
        *more,
    ]


def answer(policy: Policy, *all_things: Thing) -> Finding | None:
    findings = judged(estate(*all_things), policy)
    return findings[0] if findings else None


def outcome(policy: Policy, *all_things: Thing) -> Outcome:
    found = answer(policy, *all_things)
    return found.verdict.outcome if found else Outcome.NOT_OURS


def test_an_unexplained_nat_gateway_fails_with_its_path(policy: Policy) -> None:
    found = answer(policy, *things())
    assert found is not None
    assert (found.verdict.outcome, found.verdict.kind, found.severity) == (Outcome.FAILED, Kind.UNEXPLAINED, Severity.HIGH)
    assert [step.place.address for step in found.verdict.path][-4:] == [
        "aws_route_table_association.a",
        "",
        "aws_nat_gateway.main",
        "aws_eip.nat",
    ]
    assert any("DynamoDB" in line for line in found.verdict.missed)
    assert found.verdict.instead is not None


@pytest.mark.parametrize(
    ("attached", "expected"),
    [
        (None, Outcome.NOT_OURS),
        (unknown("var.vpc_config"), Outcome.UNDECIDED),
        (attachment(subnets=outside("var.subnet_ids")), Outcome.UNDECIDED),
    ],
    ids=["no VPC", "decided outside", "subnets from outside"],
)
def test_attachment(policy: Policy, attached: Any, expected: Outcome) -> None:
    assert outcome(policy, *things(attachment=attached)) is expected


@pytest.mark.parametrize(
    "to",
    [
        None,
        route("0.0.0.0/0", "aws_ec2_transit_gateway.hub.id", Target.TRANSIT_GATEWAY),
        route("0.0.0.0/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY),
        route("0.0.0.0/0", "aws_network_interface.nat.id", Target.NETWORK_INTERFACE),
        route("203.0.113.0/24", "aws_nat_gateway.main.id", Target.NAT_GATEWAY),
    ],
    ids=["none", "transit gateway", "internet gateway", "NAT instance", "one network"],
)
def test_another_way_out_is_not_ours(policy: Policy, to: Any) -> None:
    assert outcome(policy, *things(to=to)) is Outcome.NOT_OURS


def test_a_private_nat_gateway_is_not_ours(policy: Policy) -> None:
    assert outcome(policy, *things(nat=nat_gateway("aws_nat_gateway.main", connectivity="private"))) is Outcome.NOT_OURS


def test_a_nat_gateway_from_outside_is_undecided(policy: Policy) -> None:
    found = answer(policy, *things(to=route("0.0.0.0/0", "var.nat_id", Target.NAT_GATEWAY)))
    assert found is not None
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert [part.expression for part in found.verdict.unknown] == ["var.nat_id"]


def test_a_destination_on_the_internet_passes(policy: Policy) -> None:
    found = answer(policy, *things(environment=environment(RATES_URL="https://rates.bank.example/v2")))
    assert found is not None
    assert found.verdict.outcome is Outcome.PASSED
    assert "rates.bank.example" in found.verdict.says
    assert found.verdict.path[0].says == "environment variable RATES_URL names rates.bank.example"


def test_an_aws_api_is_no_destination(policy: Policy) -> None:
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/orders"
    assert outcome(policy, *things(environment=environment(QUEUE_URL=url))) is Outcome.FAILED


@pytest.mark.parametrize(
    "given",
    [
        {"environment": environment(WEBHOOK_URL=unknown("var.webhook_url"))},
        {"environment": environment(unknown=[unknown("var.environment")])},
        {"role": link("data.aws_iam_role.shared.arn")},
        {"attachment": attachment(subnets=inside("aws_subnet.a.id"), security_groups=outside("var.groups"))},
    ],
    ids=["address", "environment", "role", "groups"],
)
def test_an_open_closure_is_undecided_and_answerable(policy: Policy, given: dict[str, Any]) -> None:
    found = answer(policy, *things(**given))
    assert found is not None
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert found.verdict.unknown
    assert outcome(policy, *things(tags={"serverful:fixed-ip": FIXED_IP}, **given)) is Outcome.JUSTIFIED


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("serverful:vpc", FIXED_IP, Outcome.JUSTIFIED),
        ("serverful:vpc", "private-service until=2026-06-30 owner=shop network of the partner", Outcome.JUSTIFIED),
        ("serverful:fixed-ip", FIXED_IP, Outcome.JUSTIFIED),
        ("serverful:SLS_IP_1", FIXED_IP, Outcome.JUSTIFIED),
        ("serverful:vpc", DATABASE, Outcome.FAILED),
        ("serverful:vpc", FIXED_IP.replace("2026-06-30", "2026-01-14"), Outcome.FAILED),
    ],
)
def test_only_a_reason_about_the_address_answers(policy: Policy, tag: str, text: str, expected: Outcome) -> None:
    assert outcome(policy, *things(tags={tag: text})) is expected


@pytest.mark.parametrize(
    ("beside", "says"),
    [
        (
            store("aws_instance.relay", "instance", subnets=inside("aws_subnet.a.id")),
            "Others need it as well: aws_instance.relay",
        ),
        (
            store("aws_ecs_service.web", "container service", subnets=inside("aws_subnet.a.id")),
            "Others need it as well: aws_ecs_service.web",
        ),
        (other("aws_eks_node_group.workers"), "Who else needs it cannot be seen: aws_eks_node_group.workers"),
    ],
    ids=["instance", "containers", "cannot be seen"],
)
def test_a_nat_gateway_that_others_use_is_a_small_finding(policy: Policy, beside: Thing, says: str) -> None:
    found = answer(policy, *things(beside))
    assert found is not None
    assert (found.verdict.outcome, found.severity) == (Outcome.FAILED, Severity.LOW)
    assert says in found.verdict.says


def test_a_database_in_the_same_subnets_does_not_make_it_smaller(policy: Policy) -> None:
    found = answer(policy, *things(store("aws_db_instance.a", subnets=inside("aws_subnet.a.id"))))
    assert found is not None
    assert found.severity is Severity.HIGH

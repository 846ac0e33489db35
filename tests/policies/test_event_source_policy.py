"""SLS_VPC_3 by cases, and that SLS_VPC_1 never contradicts it."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    document,
    environment,
    estate,
    function,
    inside,
    invocation,
    link,
    listing,
    outside,
    place,
    role,
    rule,
    security_group,
    statement,
    store,
    unknown,
)
from serverful import catalogue
from serverful.estate.model import Function, Invocation, Link, Style, Thing
from serverful.estate.value import Listing
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICIES = {policy.id: policy for policy in catalogue.load()}
FN, ROLE = "aws_lambda_function.orders", "aws_iam_role.orders"
CLUSTER = "aws_msk_cluster.orders"
OWN, BROKERS = "aws_security_group.orders", "aws_security_group.brokers"
SUBNETS = inside("aws_subnet.a.id", "aws_subnet.b.id")
MAPPING = "aws_lambda_event_source_mapping.orders"


def orders(subnets: Listing[Link] = SUBNETS, groups: Listing[Link] | None = None, **given: Any) -> Function:
    stands = attachment(subnets=subnets, security_groups=groups or inside(f"{OWN}.id"), at=place(FN, "fn.tf", 7))
    return function(FN, **{"attachment": stands, "role": link(f"{ROLE}.arn"), **given})


def mapping(**given: Any) -> Invocation:
    return invocation(
        MAPPING,
        f"{FN}.arn",
        Style.POLLED,
        **{"service": "MSK", "source": link(f"{CLUSTER}.arn"), "place": place(MAPPING, "fn.tf", 40), **given},
    )


def asked(subject: Function, *things: Thing, policy: str = "SLS_VPC_3", call: Invocation | None = None, **given: Any) -> Verdict:
    brokers = store(
        CLUSTER, "broker", **{"subnets": SUBNETS, "security_groups": inside(f"{BROKERS}.id"), "ports": (9098,), "file": "kafka.tf", **given}
    )
    everywhere = rule("egress", protocol="-1", ports=(None, None), cidrs=listing("0.0.0.0/0"))
    groups = (security_group(OWN, everywhere), security_group(BROKERS, rule("ingress", ports=(9098, 9098), is_self=True)))
    reads = role(ROLE, document(statement("kafka-cluster:Connect", "kafka-cluster:ReadData")))
    verdict = POLICIES[policy](subject, estate(subject, brokers, *groups, reads, *things, invocations=[call or mapping()]))
    assert isinstance(verdict, Verdict)
    return verdict


class TestFailed:
    def test_it_is_contradicted_and_cites_attachment_mapping_and_cluster(self) -> None:
        verdict = asked(orders())
        assert (verdict.outcome, verdict.kind, verdict.argument) == (Outcome.FAILED, Kind.CONTRADICTED, "vpc_config")
        assert [seen.place.spot for seen in verdict.path] == ["fn.tf:7", "fn.tf:40", "kafka.tf:1"]
        assert verdict.says.startswith("The function stands in the subnets of the broker aws_msk_cluster.orders, which triggers it")
        assert (POLICIES["SLS_VPC_3"].severity, POLICIES["SLS_VPC_3"].feature) == (Severity.MEDIUM, None)

    @pytest.mark.parametrize(
        ("subnets", "groups", "says"),
        [
            (SUBNETS, inside(f"{BROKERS}.id"), "the subnets and security groups of"),
            (inside("aws_subnet.c.id"), inside(f"{BROKERS}.id"), "the security groups of"),
        ],
        ids=["both", "groups"],
    )
    def test_a_shared_group_is_part_of_the_copy(self, subnets: Listing[Link], groups: Listing[Link], says: str) -> None:
        subject = orders(subnets, groups)
        assert says in asked(subject).says
        assert asked(subject, policy="SLS_VPC_1").outcome is Outcome.FAILED  # or the two would contradict each other

    def test_equal_expressions_are_equal(self) -> None:
        subnets = outside("var.private_subnets")
        assert asked(orders(subnets), subnets=subnets).outcome is Outcome.FAILED

    def test_it_says_who_needs_the_network_and_what_the_role_keeps(self) -> None:
        instead = asked(orders()).instead or ""
        assert instead.startswith(f"Remove vpc_config (fn.tf:7). {MAPPING} polls from the subnets and groups of {CLUSTER}")
        assert "the role keeps that permission" in instead

    def test_a_load_balancer_in_front(self) -> None:
        balancer = store("aws_lb.shop", "load balancer", subnets=SUBNETS, ports=(443,))
        call = mapping(service="Application Load Balancer", source=link("aws_lb.shop.arn"))
        plain = role(ROLE, document(statement("dynamodb:GetItem")))
        verdict = asked(orders(), balancer, plain, call=call)
        assert "the subnets of the load balancer aws_lb.shop" in verdict.says
        assert "calls the Lambda API" in (verdict.instead or "")


class TestPassed:
    def test_a_connection_of_its_own_is_cited(self) -> None:
        servers = environment(SERVERS=link(f"{CLUSTER}.bootstrap_brokers", place(FN, "fn.tf", 12)), at=place(FN, "fn.tf", 12))
        verdict = asked(orders(environment=servers))
        assert verdict.outcome is Outcome.PASSED
        assert [seen.place.spot for seen in verdict.path] == ["fn.tf:12"]

    def test_a_network_of_its_own(self) -> None:
        verdict = asked(orders(inside("aws_subnet.c.id")))
        assert verdict.outcome is Outcome.PASSED
        assert "a network of its own" in verdict.says


class TestUndecided:
    def test_subnets_from_elsewhere(self) -> None:
        verdict = asked(orders(outside("var.subnets")))
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, False)
        assert [part.expression for part in verdict.unknown] == ["var.subnets"]

    def test_a_cluster_from_elsewhere(self) -> None:
        verdict = asked(orders(), call=mapping(source=link("var.cluster_arn")))
        assert [part.expression for part in verdict.unknown] == ["var.cluster_arn"]

    def test_what_could_hold_a_connection_of_its_own(self) -> None:
        verdict = asked(orders(environment=environment(BROKERS=unknown("var.brokers"))))
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
        assert [part.expression for part in verdict.unknown] == ["var.brokers"]

    def test_equal_groups_decide_though_subnets_are_unknown(self) -> None:
        assert asked(orders(outside("var.subnets"), inside(f"{BROKERS}.id"))).outcome is Outcome.FAILED


class TestNotOurs:
    @pytest.mark.parametrize("given", [None, unknown("var.vpc_config")], ids=["no attachment", "decided outside"])
    def test_without_a_certain_attachment(self, given: Any) -> None:
        assert asked(orders(attachment=given)).outcome is Outcome.NOT_OURS

    def test_callers_without_a_network(self) -> None:
        assert asked(orders(), call=mapping(service="SQS", source=link("aws_sqs_queue.orders.arn"))).outcome is Outcome.NOT_OURS

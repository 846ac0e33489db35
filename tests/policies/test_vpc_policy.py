"""SLS_VPC_1 by cases: which of the five answers, and what it says about this very function."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    document,
    environment,
    estate,
    function,
    inside,
    known,
    link,
    listing,
    outside,
    place,
    role,
    rule,
    security_group,
    statement,
    store,
    subnet,
    unknown,
    vpc,
)
from policies_by_hand import policy_of
from serverful.estate.model import Function, ManagedPolicy, Thing
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_VPC_1")

FN = "aws_lambda_function.orders"
OWN = "aws_security_group.orders"
VPC_CONFIG = attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside(f"{OWN}.id"), at=place(FN, "fn.tf", 7))
PERMITS = ManagedPolicy("AWSLambdaVPCAccessExecutionRole", place("aws_iam_role_policy_attachment.vpc", "iam.tf", 20))


def orders(**given: Any) -> Function:
    given.setdefault("attachment", VPC_CONFIG)
    given.setdefault("role", link("aws_iam_role.orders.arn"))
    return function(FN, **given)


def asked(subject: Function, *things: Thing, **given: Any) -> Verdict:
    addresses = {thing.address for thing in things}
    egress = rule("egress", protocol="-1", ports=(0, 0), cidrs=listing("0.0.0.0/0"))
    person = role("aws_iam_role.orders", document(statement("dynamodb:GetItem")), managed=(PERMITS,))
    defaults: list[Thing] = [
        security_group(OWN, egress, file="net.tf", line=30),
        person,
        subnet("aws_subnet.a", file="net.tf", line=10),
        vpc("aws_vpc.main"),
    ]
    rest = [thing for thing in defaults if thing.address not in addresses]
    verdict = POLICY(subject, estate(subject, *things, *rest, **given))
    assert isinstance(verdict, Verdict)
    return verdict


def test_without_an_attachment_it_is_not_asked() -> None:
    assert asked(orders(attachment=None)).outcome is Outcome.NOT_OURS


def test_an_attachment_that_is_decided_outside() -> None:
    verdict = asked(orders(attachment=unknown("var.vpc_config")))
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, False)
    assert [part.expression for part in verdict.unknown] == ["var.vpc_config"]


def test_evidence_passes_and_is_cited() -> None:
    admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"), at=place("aws_security_group.db", "db.tf", 4))
    database = store("aws_db_instance.ledger", security_groups=inside("aws_security_group.db.id"))
    verdict = asked(orders(), database, security_group("aws_security_group.db", admits))
    assert verdict.outcome is Outcome.PASSED
    assert [seen.place.spot for seen in verdict.path] == ["db.tf:4"]
    assert verdict.says.startswith(
        "The function is attached to a VPC and reaches something private: aws_security_group.db of the relational"
    )


class TestFailed:
    def test_it_is_unexplained_and_cites_the_attachment(self) -> None:
        verdict = asked(orders(environment=environment(TABLE="orders")))
        assert (verdict.outcome, verdict.kind, verdict.argument) == (Outcome.FAILED, Kind.UNEXPLAINED, "vpc_config")
        assert [seen.place.spot for seen in verdict.path] == ["fn.tf:7", "net.tf:10", "net.tf:30"]
        assert POLICY.severity is Severity.MEDIUM

    def test_it_says_where_it_looked(self) -> None:
        missed = asked(orders(environment=environment(TABLE="orders"))).missed
        assert [phrase.split()[0] for phrase in missed] == ["security", "environment:", "role", "routes"]
        assert "TABLE" in missed[1]
        assert "dynamodb:GetItem" in missed[2]

    def test_it_names_what_to_remove(self) -> None:
        instead = asked(orders()).instead or ""
        assert instead.startswith(
            "Remove vpc_config (fn.tf:7) and take AWSLambdaVPCAccessExecutionRole (iam.tf:20) from aws_iam_role.orders. "
        )

    def test_it_leaves_a_role_alone_that_another_attached_function_needs(self) -> None:
        neighbour = function("aws_lambda_function.other", attachment=VPC_CONFIG, role=link("aws_iam_role.orders.arn"))
        free = function("aws_lambda_function.other", role=link("aws_iam_role.orders.arn"))
        assert "AWSLambdaVPCAccessExecutionRole" not in (asked(orders(), neighbour).instead or "")
        assert "AWSLambdaVPCAccessExecutionRole" in (asked(orders(), free).instead or "")

    @pytest.mark.parametrize(
        ("actions", "more", "says_it"),
        [
            (("dynamodb:GetItem",), (), True),
            (("dynamodb:GetItem",), ("AWSLambdaBasicExecutionRole",), False),
            (("dynamodb:GetItem",), ("AWSLambdaRole",), True),
            (("dynamodb:GetItem", "logs:Put*"), (), False),
            (("logs:CreateLogGroup",), (), True),
        ],
    )
    def test_it_keeps_the_logs_that_come_with_the_permission(self, actions: tuple[str, ...], more: tuple[str, ...], says_it: bool) -> None:
        managed = (PERMITS, *(ManagedPolicy(name, place("aws_iam_role_policy_attachment.more", "iam.tf", 24)) for name in more))
        instead = asked(orders(), role("aws_iam_role.orders", document(statement(*actions)), managed=managed)).instead or ""
        assert ("attach AWSLambdaBasicExecutionRole in its place. " in instead) is says_it

    def test_it_names_an_inline_permission_too(self) -> None:
        interfaces = statement(
            "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", at=place("aws_iam_role_policy.vpc", "iam.tf", 33)
        )
        instead = asked(orders(), role("aws_iam_role.orders", document(interfaces))).instead or ""
        assert "take the permission to make network interfaces (iam.tf:33) from aws_iam_role.orders" in instead
        assert "logs" not in instead

    def test_inside_a_module_it_names_the_call(self) -> None:
        call = place("module.orders", "main.tf", 3)
        instead = asked(orders(calls=(call,))).instead or ""
        assert instead.startswith(
            "Leave out the subnets and security groups that module.orders (main.tf:3) is given for vpc_config (fn.tf:7)"
        )


class TestUndecided:
    def test_something_from_outside_could_hold_the_reason(self) -> None:
        verdict = asked(orders(environment=environment(DB_HOST=unknown("var.host"))))
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
        assert "environment variable DB_HOST (var.host)" in verdict.says
        assert [part.expression for part in verdict.unknown] == ["var.host"]

    def test_only_names_speak(self) -> None:
        verdict = asked(orders(environment=environment(DB_NAME="orders")))
        assert (verdict.outcome, verdict.answerable, verdict.unknown) == (Outcome.UNDECIDED, True, ())
        assert "names suggest a private store or service" in verdict.says
        assert "environment variable DB_NAME" in verdict.says

    def test_evidence_wins_over_what_is_open(self) -> None:
        verdict = asked(orders(environment=environment(unknown=[unknown("var.env")]), file_system=known(link("var.access_point"))))
        assert verdict.outcome is Outcome.PASSED

    def test_a_root_that_could_not_be_evaluated_never_fails(self) -> None:
        assert asked(orders()).outcome is Outcome.FAILED
        verdict = asked(orders(), evaluated=False)
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)

    def test_a_file_that_could_not_be_read_may_hold_the_reason(self) -> None:
        subject = orders()
        house = replace(estate(subject, security_group(OWN), role("aws_iam_role.orders")), unreadable=("broken.tf",))
        verdict = POLICY(subject, house)
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
        assert "broken.tf" in verdict.says

    def test_unknown_subnets_alone_do_not_open_it(self) -> None:
        verdict = asked(orders(attachment=attachment(subnets=outside("var.subnet_ids"), security_groups=inside(f"{OWN}.id"))))
        assert verdict.outcome is Outcome.FAILED
        assert "subnets from var.subnet_ids" in [seen.says for seen in verdict.path]

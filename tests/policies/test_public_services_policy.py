"""SLS_VPC_2 by cases, and that one question gets one finding: SLS_VPC_1 and SLS_RAD_3 are silent where it fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from estates_by_hand import (
    TODAY,
    attachment,
    document,
    environment,
    estate,
    function,
    inside,
    link,
    listing,
    place,
    role,
    rule,
    security_group,
    statement,
    store,
    unknown,
)
from policies_by_hand import judged
from serverful import catalogue
from serverful.estate.estate import Estate
from serverful.estate.model import Function, ManagedPolicy, Thing
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICIES = {policy.id: policy for policy in catalogue.load()}
POLICY = POLICIES["SLS_VPC_2"]

FN = "aws_lambda_function.orders"
OWN = "aws_security_group.orders"
ROLE = "aws_iam_role.orders"
HTTPS = rule("egress", cidrs=listing("0.0.0.0/0"), at=place(OWN, "net.tf", 30))
VPC_CONFIG = attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside(f"{OWN}.id"), at=place(FN, "fn.tf", 7))
PERMITS = ManagedPolicy("AWSLambdaVPCAccessExecutionRole", place("aws_iam_role_policy_attachment.vpc", "iam.tf", 20))


def orders(**given: Any) -> Function:
    return function(FN, **{"attachment": VPC_CONFIG, "role": link(f"{ROLE}.arn"), **given})


def house(subject: Function, *things: Thing, actions: tuple[str, ...] = ("dynamodb:GetItem",), **given: Any) -> Estate:
    defaults = (security_group(OWN, HTTPS), role(ROLE, document(statement(*actions, at=place(ROLE, "iam.tf", 5))), managed=(PERMITS,)))
    return estate(subject, *things, *defaults, **given)


def asked(subject: Function, *things: Thing, policy: str = "SLS_VPC_2", **given: Any) -> Verdict:
    verdict = POLICIES[policy](subject, house(subject, *things, **given))
    assert isinstance(verdict, Verdict)
    return verdict


class TestFailed:
    def test_it_is_contradicted_and_cites_the_attachment_first(self) -> None:
        verdict = asked(orders())
        assert (verdict.outcome, verdict.kind, verdict.argument) == (Outcome.FAILED, Kind.CONTRADICTED, "vpc_config")
        assert [seen.place.spot for seen in verdict.path] == ["fn.tf:7", "iam.tf:5", "net.tf:30"]
        assert verdict.says.endswith("which ask who is calling: DynamoDB.")
        assert (POLICY.severity, POLICY.feature) == (Severity.HIGH, None)

    def test_it_names_what_to_remove_and_where_the_boundary_goes(self) -> None:
        instead = asked(orders()).instead or ""
        assert instead.startswith(
            "Remove vpc_config (fn.tf:7) and take AWSLambdaVPCAccessExecutionRole (iam.tf:20) from aws_iam_role.orders."
        )
        for condition in ("aws:PrincipalOrgID", "aws:ResourceOrgID", "lambda:SourceFunctionArn"):
            assert condition in instead

    def test_nobody_else_asks_the_same(self) -> None:
        assert asked(orders(), policy="SLS_VPC_1").outcome is Outcome.NOT_OURS
        assert asked(orders(), policy="SLS_RAD_3").outcome is Outcome.NOT_OURS

    def test_unknown_subnets_do_not_matter(self) -> None:
        assert asked(orders(attachment=attachment(security_groups=inside(f"{OWN}.id")))).outcome is Outcome.FAILED

    @pytest.mark.parametrize(("key", "outcome"), [("vpc", Outcome.FAILED), ("SLS_VPC_2", Outcome.JUSTIFIED)])
    def test_only_a_reason_by_its_id_answers(self, key: str, outcome: Outcome) -> None:
        subject = orders(tags={f"serverful:{key}": f"regulation until={TODAY.year + 1}-01-01 owner=claims endpoint policy"})
        found = {finding.policy.id: finding.verdict.outcome for finding in judged(house(subject), *POLICIES.values())}
        assert found["SLS_VPC_2"] is outcome
        assert "SLS_VPC_1" not in found
        assert found["SLS_RAD_3"] is Outcome.PASSED  # a reason by either key accounts for the feature


class TestPassed:
    def test_evidence_is_cited(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"), at=place("aws_security_group.db", "db.tf", 4))
        database = store("aws_db_instance.ledger", security_groups=inside("aws_security_group.db.id"))
        verdict = asked(orders(), database, security_group("aws_security_group.db", admits))
        assert verdict.outcome is Outcome.PASSED
        assert [seen.place.spot for seen in verdict.path] == ["db.tf:4"]


class TestUndecided:
    def test_a_wide_permission_opens_it_and_the_modest_question_is_asked(self) -> None:
        verdict = asked(orders(), actions=("dynamodb:GetItem", "*"))
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
        assert [part.expression for part in verdict.unknown] == ["what * is meant for"]
        assert asked(orders(), policy="SLS_VPC_1", actions=("dynamodb:GetItem", "*")).outcome is Outcome.FAILED


class TestNotOurs:
    def test_without_an_attachment(self) -> None:
        assert asked(orders(attachment=None)).outcome is Outcome.NOT_OURS

    @pytest.mark.parametrize(
        "given",
        [
            {"attachment": unknown("var.vpc_config")},
            {"environment": environment(DB_HOST=unknown("var.host"))},
            {"environment": environment(DB_NAME="orders")},
            {"role": link("var.role_arn")},
        ],
        ids=["attachment", "opening", "hint", "role"],
    )
    def test_what_the_other_policy_leaves_open_is_not_said_twice(self, given: dict[str, Any]) -> None:
        assert asked(orders(**given), policy="SLS_VPC_1").outcome is Outcome.UNDECIDED
        assert asked(orders(**given)).outcome is Outcome.NOT_OURS

    def test_a_root_that_was_not_read_or_evaluated_whole(self) -> None:
        assert asked(orders(), evaluated=False).outcome is Outcome.NOT_OURS
        subject = orders()
        assert POLICY(subject, replace(house(subject), unreadable=("broken.tf",))).outcome is Outcome.NOT_OURS

    def test_without_positive_evidence_the_modest_question_is_asked(self) -> None:
        assert asked(orders(), actions=("rds:DescribeDBInstances",)).outcome is Outcome.NOT_OURS
        assert asked(orders(), actions=("rds:DescribeDBInstances",), policy="SLS_VPC_1").outcome is Outcome.FAILED

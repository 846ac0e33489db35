"""SLS_ID_4: which permissions are wide, whose role is asked, and what leaves it open. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from estates_by_hand import attachment, document, estate, function, link, listing, module_call, place, role, statement, unknown
from policies_by_hand import judged, policy_of
from serverful.estate.identity import Allowed
from serverful.estate.model import Condition, ManagedPolicy, Principal, Statement, Thing
from serverful.evidence.scoping import scoping
from serverful.evidence.services import managed_policies
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_ID_4")
R, F = "aws_iam_role.r", "aws_lambda_function.f"
AT = place("aws_iam_role_policy_attachment.r", line=30)
MINE = function(F, role=link(f"{R}.arn"), attachment=attachment())


def asked(*statements: Statement, things: tuple[Thing, ...] = (MINE,), **given: Any) -> Verdict:
    house = {name: given.pop(name) for name in ("is_child", "evaluated", "unreadable") if name in given}
    subject = replace(role(R, document(*statements)), **given)
    return POLICY(subject, estate(subject, *things, **house))


def under(key: str, *actions: str) -> Statement:
    return statement(*actions, conditions=(Condition("StringEquals", key, listing("x")),))


@pytest.mark.parametrize(
    ("actions", "resources", "severity"),
    [
        (["*"], ["*"], Severity.HIGH),
        (["*:*"], ["*"], Severity.HIGH),
        (["*"], ["aws_s3_bucket.b.arn"], Severity.MEDIUM),
        (["dynamodb:*"], ["*"], Severity.MEDIUM),
        (["dynamodb:*"], ["aws_dynamodb_table.t.arn"], Severity.MEDIUM),
        (["dynamodb:GetItem"], ["*"], Severity.MEDIUM),
        (["dynamodb:Get*"], ["arn:aws:dynamodb:*:*:table/*"], Severity.MEDIUM),
        (["s3:List*"], ["*"], Severity.MEDIUM),
        (["ec2:*"], ["*"], Severity.MEDIUM),
        (["logs:*", "sqs:SendMessage"], ["*"], Severity.MEDIUM),
        (["*:Get*"], ["*"], Severity.MEDIUM),
        (["sts:AssumeRole"], ["arn:aws:iam::*:role/*"], Severity.MEDIUM),
    ],
)
def test_is_wide(actions: list[str], resources: list[str], severity: Severity) -> None:
    verdict = asked(statement(*actions, resources=resources))
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.CONTRADICTED, severity)
    assert actions[-1] in verdict.says and F in verdict.says


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        (["dynamodb:GetItem"], ["aws_dynamodb_table.t.arn"]),
        (["dynamodb:Get*", "s3:*Object"], ["aws_dynamodb_table.t.arn"]),
        (["s3:GetObject"], ["arn:aws:s3:::orders/*"]),
        (["logs:*"], ["*"]),
        (["xray:*"], ["*"]),
        (["ec2:CreateNetworkInterface", "ec2:*NetworkInterface*", "ec2:DescribeVpcs"], ["*"]),
        (["ec2:Describe*", "dynamodb:ListTables", "DynamoDB:listTables"], ["*"]),
        (["cloudwatch:PutMetricData", "ecr:GetAuthorizationToken", "textract:Detect*"], ["*"]),
        (["execute-api:*"], ["arn:aws:execute-api:*:*:a1b2c3/*"]),
        (["newservice:DoSomething"], ["*"]),  # nothing is known of its resources
    ],
)
def test_is_as_narrow_as_can_be(actions: list[str], resources: list[str]) -> None:
    assert asked(statement(*actions, resources=resources)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("aws:ResourceTag/team", Outcome.PASSED),
        ("aws:ResourceAccount", Outcome.PASSED),
        ("aws:ResourceOrgID", Outcome.PASSED),
        ("kms:ViaService", Outcome.PASSED),
        ("lambda:SourceFunctionArn", Outcome.PASSED),
        ("aws:SourceVpce", Outcome.FAILED),
        ("aws:SecureTransport", Outcome.FAILED),
        ("aws:RequestedRegion", Outcome.FAILED),
        ("aws:PrincipalOrgID", Outcome.FAILED),
        ("aws:PrincipalTag/team", Outcome.FAILED),
    ],
)
def test_a_condition_that_narrows(key: str, expected: Outcome) -> None:
    assert asked(under(key, "kms:Decrypt")).outcome is expected


@pytest.mark.parametrize(
    ("name", "outcome", "severity"),
    [
        ("AdministratorAccess", Outcome.FAILED, Severity.HIGH),
        ("AmazonS3FullAccess", Outcome.FAILED, Severity.MEDIUM),
        ("AmazonDynamoDBReadOnlyAccess", Outcome.FAILED, Severity.MEDIUM),
        ("AWSLambdaVPCAccessExecutionRole", Outcome.PASSED, None),
        ("AWSLambdaSQSQueueExecutionRole", Outcome.PASSED, None),
        ("AWSXrayFullAccess", Outcome.PASSED, None),
        ("CloudWatchLogsFullAccess", Outcome.PASSED, None),
        ("SomethingOfTomorrow", Outcome.PASSED, None),
    ],
)
def test_policies_of_aws_by_name(name: str, outcome: Outcome, severity: Severity | None) -> None:
    verdict = asked(managed=(ManagedPolicy(name, AT),))
    assert (verdict.outcome, verdict.severity) == (outcome, severity)
    if outcome is Outcome.FAILED:
        assert verdict.path[0].as_of == managed_policies().as_of


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (function(F, role=link(f"{R}.arn")), Outcome.NOT_OURS),
        (function(F, role=link(f"{R}.arn"), attachment=unknown("var.in_vpc")), Outcome.UNDECIDED),
        (function(F, role=link(f"{R}.arn"), file_system=link("aws_efs_access_point.a.arn")), Outcome.FAILED),
        (function(F, role=link(f"{R}.arn"), capacity_provider=link("aws_lambda_capacity_provider.c.arn")), Outcome.FAILED),
        (function(F, role=link("aws_iam_role.other.arn"), attachment=attachment()), Outcome.NOT_OURS),
    ],
)
def test_whose_role_is_asked(subject: Thing, expected: Outcome) -> None:
    assert asked(statement("dynamodb:*"), things=(subject,)).outcome is expected


def test_what_is_not_seen_leaves_a_narrow_role_open_and_a_wide_one_wide() -> None:
    narrow, wide = statement("sqs:SendMessage", resources=["aws_sqs_queue.q.arn"]), statement("sqs:*")
    open_ = unknown("var.policy_arn")
    assert asked(narrow, unknown=(open_,)).unknown == (open_,)
    assert asked(wide, unknown=(open_,)).outcome is Outcome.FAILED
    given = module_call("module.m", "acme/policies/aws", links=(link(f"{R}.name"),))
    assert asked(narrow, things=(MINE, given)).outcome is Outcome.UNDECIDED
    assert asked(narrow, unreadable=("broken.tf",)).outcome is Outcome.UNDECIDED
    assert asked(replace(wide, conditions_unknown=(open_,))).unknown == (open_,)
    assert asked(replace(wide, effect=open_)).unknown == (open_,)
    assert asked(managed=(ManagedPolicy("AdministratorAccess", AT, exists=open_),)).unknown == (open_,)


def test_what_an_expression_puts_in_is_a_name_and_everything_but_some_things_is_none() -> None:
    handed_in, all_but = listing(unknown=(unknown("var.table_arn"),)), listing(unknown=(unknown("NotResource"),))
    assert asked(replace(statement("dynamodb:GetItem"), resources=handed_in)).outcome is Outcome.PASSED
    assert asked(replace(statement("dynamodb:*"), resources=handed_in)).outcome is Outcome.FAILED
    assert asked(replace(statement("dynamodb:GetItem"), resources=all_but)).outcome is Outcome.UNDECIDED


def test_a_statement_that_denies_allows_nothing() -> None:
    assert asked(statement("*", effect="Deny")).outcome is Outcome.PASSED


def test_everything_but_a_few_actions_is_wide() -> None:
    everything_but = replace(statement(), not_actions=listing("iam:*"))
    assert asked(everything_but).severity is Severity.MEDIUM


def test_a_role_is_told_once_with_the_things_to_name() -> None:
    table = function("aws_lambda_function.second", role=link(f"{R}.arn"), attachment=attachment())
    subject = role(R, document(statement("lambda:InvokeFunction")))
    (finding,) = judged(estate(subject, MINE, table), POLICY)
    assert finding.address == R and f"{F}, which is attached to a VPC and 1 more" in finding.verdict.says
    assert finding.verdict.instead is not None and f"{F}.arn" in finding.verdict.instead
    assert finding.verdict.path[0].as_of == scoping().as_of


def test_of_a_role_elsewhere_the_function_is_asked() -> None:
    elsewhere = replace(MINE, role=link("var.role_arn"))
    assert [finding.address for finding in judged(estate(elsewhere), POLICY)] == [F]
    assert judged(estate(replace(elsewhere, attachment=function(F).attachment)), POLICY) == []


def test_a_role_that_a_function_may_have_is_left_open() -> None:
    somebodys = replace(MINE, role=link("var.role_arn", origin="unknown"))
    trust = document(statement("sts:AssumeRole", principals=listing(Principal("Service", link("lambda.amazonaws.com", origin="literal")))))
    assert asked(statement("dynamodb:*"), things=(somebodys,), trust=trust).outcome is Outcome.UNDECIDED
    assert asked(statement("dynamodb:*"), things=(somebodys,)).outcome is Outcome.NOT_OURS


def test_the_reference_data_is_whole() -> None:
    data = scoping()
    assert isinstance(data.as_of, date) and data.source and {"logs", "xray"} <= data.upkeep
    assert managed_policies().wide <= {*managed_policies().prefixes}
    known = {"s3": "GetObject", "dynamodb": "GetItem", "sqs": "SendMessage", "kms": "Decrypt", "secretsmanager": "GetSecretValue"}
    assert all(data.knows_resources(Allowed(f"{prefix}:{action}", statement())) for prefix, action in known.items())

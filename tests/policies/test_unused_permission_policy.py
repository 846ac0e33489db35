"""SLS_ID_5: which permission counts, who needs it, and who may. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from estates_by_hand import attachment, document, estate, function, link, listing, module_call, output, place, role, statement, unknown
from policies_by_hand import policy_of
from serverful.estate.model import Document, ManagedPolicy, Principal, Thing
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_ID_5")
R, F = "aws_iam_role.r", "aws_lambda_function.f"
AT = place("aws_iam_role_policy_attachment.r", line=30)
VPC_ACCESS = ManagedPolicy("AWSLambdaVPCAccessExecutionRole", AT)
MINE = function(F, role=link(f"{R}.arn"))
IN_VPC = attachment()


def taken_by(*services: str) -> Document:
    principals = listing(*(Principal("Service", link(service, origin="literal")) for service in services))
    return document(statement("sts:AssumeRole", principals=principals))


def asked(*things: Thing, documents: tuple[Document, ...] = (), **given: Any) -> Verdict:
    house = {name: given.pop(name) for name in ("is_child", "evaluated", "unreadable", "outputs") if name in given}
    subject = replace(role(R, *documents), **({"managed": (VPC_ACCESS,)} | given if not documents else given))
    return POLICY(subject, estate(subject, *things, **house))


def test_nobody_needs_it() -> None:
    verdict = asked(MINE)
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.CONTRADICTED, Severity.LOW)
    assert verdict.says.endswith(f"is in a VPC: {F}.")
    assert verdict.instead is not None and "attach AWSLambdaBasicExecutionRole in its place" in verdict.instead
    logs = ManagedPolicy("AWSLambdaBasicExecutionRole", AT)
    assert "in its place" not in (asked(MINE, managed=(VPC_ACCESS, logs)).instead or "")


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["ec2:CreateNetworkInterface"], Outcome.FAILED),
        (["ec2:CreateNetworkInterface", "ec2:DescribeSubnets", "ec2:AssignPrivateIpAddresses"], Outcome.FAILED),
        (["ec2:*NetworkInterface*"], Outcome.FAILED),
        (["s3:GetObject", "ec2:CreateNetworkInterface"], Outcome.FAILED),
        (["ec2:DescribeNetworkInterfaces"], Outcome.NOT_OURS),
        (["ec2:*"], Outcome.NOT_OURS),
        (["*"], Outcome.NOT_OURS),
        (["ec2:CreateNetworkInterface", "ec2:RunInstances"], Outcome.NOT_OURS),
        (["s3:GetObject"], Outcome.NOT_OURS),
    ],
)
def test_what_is_only_for_network_interfaces(actions: list[str], expected: Outcome) -> None:
    assert asked(MINE, documents=(document(statement(*actions)),)).outcome is expected


def test_a_denial_is_no_permission() -> None:
    assert asked(MINE, documents=(document(statement("ec2:CreateNetworkInterface", effect="Deny")),)).outcome is Outcome.NOT_OURS


def test_somebody_needs_it() -> None:
    other = function("aws_lambda_function.g", role=link(f"{R}.arn"), attachment=IN_VPC)
    perhaps = function("aws_lambda_function.h", role=link(f"{R}.arn"), attachment=unknown("var.vpc"))
    assert asked(MINE, other).outcome is Outcome.PASSED
    assert asked(MINE, other, perhaps).outcome is Outcome.PASSED
    assert asked(MINE, perhaps).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("things", "given"),
    [
        ((function("aws_lambda_function.g", role=link("var.role", origin="unknown"), attachment=IN_VPC),), {}),
        ((module_call("module.m", "./m", links=(link(f"{R}.arn"),)),), {}),
        ((), {"unreadable": ("lambda.tf",)}),
        ((), {"evaluated": False}),
        ((), {"managed": (replace(VPC_ACCESS, exists=unknown("var.is_in_vpc")),)}),
        ((), {"documents": (replace(document(statement("ec2:CreateNetworkInterface")), exists=unknown("var.is_in_vpc")),)}),
    ],
    ids=["a role from outside", "a module", "unreadable", "not evaluated", "an attachment that may not be", "a policy that may not be"],
)
def test_somebody_may_need_it(things: tuple[Thing, ...], given: dict[str, Any]) -> None:
    assert asked(MINE, *things, **given).outcome is Outcome.UNDECIDED


def test_an_attached_function_whose_role_is_another_one() -> None:
    for origin, expression in (("literal", "arn:aws:iam::123456789012:role/other"), ("data", "data.aws_iam_role.other.arn")):
        other = function("aws_lambda_function.g", role=link(expression, origin=origin), attachment=IN_VPC)
        assert asked(MINE, other).outcome is Outcome.FAILED
    made = function("module.g.aws_lambda_function.this[0]", type="module", attachment=IN_VPC)
    made = replace(made, role=link("the role that module.g makes", origin="unknown", target=None))
    assert asked(MINE, made).outcome is Outcome.FAILED


def test_a_role_that_is_told_to_others_is_a_question() -> None:
    assert asked(MINE, outputs=[output("role_arn", f"{R}.arn")]).severity is Severity.INFO
    assert asked(MINE, is_child=True).severity is Severity.INFO
    assert asked(MINE, outputs=[output("function_arn", f"{F}.arn")]).severity is Severity.LOW


def test_a_role_that_may_be_a_functions() -> None:
    outside = function("aws_lambda_function.g", role=link("var.role", origin="unknown"))
    assert asked(outside, trust=taken_by("lambda.amazonaws.com")).outcome is Outcome.UNDECIDED
    assert asked(outside, trust=taken_by("ecs-tasks.amazonaws.com")).outcome is Outcome.NOT_OURS
    assert asked(outside).outcome is Outcome.NOT_OURS


def test_a_role_of_others() -> None:
    assert asked().outcome is Outcome.NOT_OURS  # no function has it
    assert asked(MINE, trust=taken_by("lambda.amazonaws.com", "codebuild.amazonaws.com")).outcome is Outcome.NOT_OURS
    assert asked(MINE, trust=taken_by("lambda.amazonaws.com", "edgelambda.amazonaws.com")).outcome is Outcome.FAILED

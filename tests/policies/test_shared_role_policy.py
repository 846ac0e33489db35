"""SLS_ID_3: which functions differ, what a role may hold for all of them, what leaves it open. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from estates_by_hand import attachment, document, estate, function, image, known, link, listing, role, statement, unknown
from policies_by_hand import policy_of
from serverful.estate.model import Function, ManagedPolicy, Principal, Statement
from serverful.estate.place import Place
from serverful.estate.settings import Settings, Thresholds
from serverful.estate.value import Known
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_ID_3")
R = "aws_iam_role.r"
AT = Place(".", R, "main.tf", 5, 5)
TABLE = statement("dynamodb:GetItem", resources=["aws_dynamodb_table.t.arn"])


def made_of(name: str, *texts: str, outside: tuple[str, ...] = (), **given: Any) -> Function:
    sources = listing(*(known(text) for text in texts), unknown=[unknown(expression) for expression in outside])
    return function(f"aws_lambda_function.{name}", role=link(f"{R}.arn"), sources=sources, **given)


def asked(*functions: Function, allows: tuple[Statement, ...] = (TABLE,), settings: Settings | None = None, **given: Any) -> Verdict:
    subject = replace(role(R, document(*allows)), **given)
    return POLICY(subject, estate(subject, *functions, settings=settings))


A, B = made_of("a", "a.zip"), made_of("b", "b.zip")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (A, B, Outcome.FAILED),
        (A, made_of("b", "a.zip"), Outcome.PASSED),
        (A, made_of("b", "a.zip", handler="other.handler"), Outcome.FAILED),
        (A, made_of("b", "*.zip"), Outcome.UNDECIDED),
        (made_of("a", outside=("var.a",)), made_of("b", outside=("var.b",)), Outcome.FAILED),
        (made_of("a", outside=("var.a",)), made_of("b", outside=("var.a",)), Outcome.PASSED),
        (made_of("a", outside=("var.a[each.key]",)), made_of("b", outside=("var.a[each.key]",)), Outcome.UNDECIDED),
        (made_of("a", outside=("var.a",)), made_of("b"), Outcome.UNDECIDED),
        (made_of("a", "a.zip", handler=unknown("var.handler")), made_of("b", "b.zip", handler=unknown("var.handler")), Outcome.FAILED),
        (A, made_of("b", "b.zip", exists=unknown("var.has_b")), Outcome.UNDECIDED),
        (made_of("a", image=image("r/a:1", "1"), handler=None), made_of("b", image=image("r/b:1", "1"), handler=None), Outcome.FAILED),
        (made_of("a", image=image("r/a:1", "1"), handler=None), made_of("b", image=image("r/a:1", "1"), handler=None), Outcome.PASSED),
        (made_of("a", image=image("r/*:1", "1"), handler=None), made_of("b", image=image("r/*:1", "1"), handler=None), Outcome.UNDECIDED),
    ],
)
def test_which_functions_differ(first: Function, second: Function, expected: Outcome) -> None:
    assert asked(first, second).outcome is expected


def test_the_same_expression_in_two_modules_may_mean_two_things() -> None:
    first, second = (replace(made_of("a", outside=("var.a",)), address=f"module.{name}.aws_lambda_function.a") for name in "xy")
    assert asked(first, second).outcome is Outcome.UNDECIDED


def test_one_function_shares_with_nobody() -> None:
    assert asked(A).outcome is Outcome.NOT_OURS


def test_what_all_functions_need_tells_nothing_of_them() -> None:
    logs = (statement("logs:*"), statement("xray:PutTraceSegments"), statement("ec2:CreateNetworkInterface"))
    basic = ManagedPolicy("AWSLambdaBasicExecutionRole", AT)
    assert asked(A, B, allows=logs, managed=(basic,)).outcome is Outcome.PASSED
    assert asked(A, B, allows=logs, managed=(ManagedPolicy("AmazonS3ReadOnlyAccess", AT),)).outcome is Outcome.FAILED
    open_ = unknown("var.policy_arn")
    assert open_ in asked(A, B, allows=logs, unknown=(open_,)).unknown
    assert asked(A, B, unknown=(open_,)).outcome is Outcome.FAILED


def test_one_inside_a_vpc_alone_makes_it_no_worse() -> None:
    inside = replace(B, attachment=Known(attachment(), AT))
    assert (asked(A, inside).kind, asked(A, inside).severity) == (Kind.CONTRADICTED, Severity.MEDIUM)


def test_functions_of_unknown_roles_leave_it_open() -> None:
    somebodys = [replace(one, role=link(f"var.role_of_{n}", origin="unknown")) for n, one in enumerate((A, B))]
    trust = document(statement("sts:AssumeRole", principals=listing(Principal("Service", link("lambda.amazonaws.com", origin="literal")))))
    assert asked(*somebodys, trust=trust).outcome is Outcome.UNDECIDED
    assert asked(*somebodys).outcome is Outcome.NOT_OURS


def test_a_small_repository_may_share() -> None:
    two = Settings(thresholds=Thresholds(functions_per_role=2))
    assert asked(A, B, settings=two).outcome is Outcome.PASSED
    assert asked(A, B, made_of("c", "c.zip"), settings=two).outcome is Outcome.FAILED

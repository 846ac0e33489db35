"""Whom a role may invoke: by reference, by ARN, by pattern, by a managed policy, and what decides it elsewhere."""

from __future__ import annotations

import pytest

from estates_by_hand import HERE, alias, document, estate, function, role, statement, unknown
from serverful.estate.invoking import INVOKE_URL, Permitted, may_invoke
from serverful.estate.model import ManagedPolicy, Role, Statement
from serverful.estate.value import Unknown

A = function("aws_lambda_function.a", name="orders")
B = function("aws_lambda_function.b", name="bills")
LIVE = alias("aws_lambda_alias.live", "aws_lambda_function.a")


def told(holder: Role, action: str = "lambda:InvokeFunction") -> str:
    may = may_invoke(holder, A, estate(A, B, LIVE, holder), action)
    match may:
        case Permitted(is_named=is_named, is_wide=is_wide):
            return ("this one" if is_named else "every one") + (", among much" if is_wide else "")
        case Unknown(expression):
            return f"?{expression}"
    return "no"


def of(*statements: Statement) -> Role:
    return role("aws_iam_role.r", document(*statements))


@pytest.mark.parametrize(
    ("resource", "may"),
    [
        ("aws_lambda_function.a.arn", "this one"),
        ("aws_lambda_alias.live.arn", "this one"),
        ("aws_lambda_function.b.arn", "no"),
        ("arn:aws:lambda:eu-central-1:1:function:orders", "this one"),
        ("arn:aws:lambda:eu-central-1:1:function:orders:live", "this one"),
        ("arn:aws:lambda:eu-central-1:1:function:ord*", "this one"),
        ("arn:aws:lambda:eu-central-1:1:function:bills", "no"),
        ("arn:aws:lambda:*:*:function:*", "every one"),
        ("*", "every one"),
        ("arn:aws:lambda:eu-central-1:1:function:${var.stage}-orders", "?arn:aws:lambda:eu-central-1:1:function:${var.stage}-orders"),
    ],
)
def test_by_resource(resource: str, may: str) -> None:
    assert told(of(statement("lambda:InvokeFunction", resources=[resource]))) == may


@pytest.mark.parametrize(
    ("action", "may"),
    [("lambda:Invoke*", "every one"), ("lambda:*", "every one, among much"), ("*", "every one, among much"), ("lambda:GetFunction", "no")],
)
def test_by_action(action: str, may: str) -> None:
    assert told(of(statement(action))) == may


def test_what_speaks_most_clearly_counts() -> None:
    assert told(of(statement("*"), statement("lambda:InvokeFunction", resources=["aws_lambda_function.a.arn"]))) == "this one"


def test_a_url_has_an_action_of_its_own() -> None:
    holder = of(statement("lambda:InvokeFunctionUrl", resources=["aws_lambda_function.a.arn"]))
    assert (told(holder), told(holder, INVOKE_URL)) == ("no", "this one")


def test_managed_policies_are_known_by_name_and_unknown_policies_leave_it_open() -> None:
    def carrying(name: str) -> Role:
        return role("aws_iam_role.r", managed=(ManagedPolicy(name, HERE),))

    assert told(carrying("AWSLambdaRole")) == "every one"
    assert told(carrying("AdministratorAccess")) == "every one, among much"
    assert told(carrying("AWSLambdaBasicExecutionRole")) == "no"
    assert told(role("aws_iam_role.r", unknown=(unknown("var.policy_arn"),))) == "?var.policy_arn"

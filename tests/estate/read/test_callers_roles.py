"""Calls between functions, and roles that may invoke: what is a call, what only a permission, what neither."""

from __future__ import annotations

import pytest
from blocks_by_hand import HandBlock, block, encoded, nested, ref, text, undecided
from callers_by_hand import EITHER, EVENT, FN, LIVE, OTHER, WAITS, calls, told

from serverful.estate.model import Style


def trust(*services: object) -> object:
    return encoded({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": list(services)}}]})


def role(*resources: object, action: str = "lambda:InvokeFunction", trusted: object = None) -> list[HandBlock]:
    made = block("aws_iam_role.r", name="r", assume_role_policy=trusted if trusted is not None else trust("lambda.amazonaws.com"))
    document = encoded({"Statement": [{"Effect": "Allow", "Action": action, "Resource": list(resources)}]})
    return [made, block("aws_iam_role_policy.p", role=ref(made, "id"), policy=document)]


def caller(made: HandBlock, **variables: object) -> HandBlock:
    return block("aws_lambda_function.caller", function_name="caller", role=ref(made, "arn"), environment=nested(variables=variables))


@pytest.mark.parametrize(
    ("value", "whom"),
    [
        (ref(FN, "arn"), "fn:?"),
        (ref(FN, "function_name"), "fn:?"),
        (ref(LIVE, "arn"), "fn:live"),
        (ref(LIVE, "function_name"), "fn:?"),
        ("orders", "fn:?"),
        ("arn:aws:lambda:eu-central-1:1:function:orders", "fn:?"),
        ("arn:aws:lambda:eu-central-1:1:function:orders:live", "fn:live"),
    ],
)
def test_a_function_calls_what_its_environment_names_and_its_role_may_invoke(value: object, whom: str) -> None:
    made, policy = role("*")
    assert told(made, policy, caller(made, TARGET=value)) == [("Lambda function", EITHER, whom)]


def test_without_permission_a_name_is_no_call() -> None:
    made, policy = role("*", action="s3:GetObject")
    assert told(made, policy, caller(made, TARGET=ref(FN, "arn"))) == []


def test_with_a_role_from_outside_a_name_may_be_a_call() -> None:
    outside = block("aws_lambda_function.caller", role=undecided("var.role"), environment=nested(variables={"TARGET": ref(FN, "arn")}))
    assert told(outside) == [("Lambda function", EITHER, "fn:??")]
    hidden = block("aws_iam_role.r", name="r", managed_policy_arns=undecided("var.policies"))
    assert told(hidden, caller(hidden, TARGET=ref(FN, "arn"))) == [("Lambda function", EITHER, "fn:??")]


def test_a_permission_for_every_function_is_no_call_of_any() -> None:
    made, policy = role("*", "arn:aws:lambda:*:*:function:*", text("arn:aws:lambda:", undecided("var.region"), ":1:function:ord*"))
    assert told(made, policy, caller(made)) == []


@pytest.mark.parametrize("resource", [ref(FN, "arn"), text(ref(FN, "arn"), ":*"), "arn:aws:lambda:eu-central-1:1:function:orders:*"])
def test_a_permission_for_one_function_permits_a_call(resource: object) -> None:
    made, policy = role(resource)
    (call,) = calls(made, policy, caller(made))
    assert (call.by, call.service, call.style, call.is_permission) == ("aws_iam_role.r", "Lambda function", EITHER, True)


def test_a_function_that_may_call_itself_has_no_caller() -> None:
    made, policy = role(text("arn:aws:lambda:eu-central-1:1:function:caller"))
    assert told(made, policy, caller(made, SELF="caller")) == []


@pytest.mark.parametrize(
    ("trusted", "service", "style"),
    [
        (trust("states.amazonaws.com"), "Step Functions", WAITS),
        (trust(text("states.", undecided("data.aws_region.here.name"), ".amazonaws.com")), "Step Functions", WAITS),
        (trust("scheduler.amazonaws.com"), "EventBridge schedule", EVENT),
        (trust("ecs-tasks.amazonaws.com"), "ecs-tasks.amazonaws.com", EITHER),
        (trust("lambda.amazonaws.com"), "Lambda function", EITHER),
        (trust("lambda.amazonaws.com", "states.amazonaws.com"), "whoever takes aws_iam_role.r", EITHER),
        (encoded({"Statement": {"Principal": {"AWS": "arn:aws:iam::1:root"}}}), "whoever takes aws_iam_role.r", EITHER),
        (undecided("var.trust"), "whoever takes aws_iam_role.r", EITHER),
    ],
)
def test_a_role_calls_as_the_service_does_that_takes_it(trusted: object, service: str, style: Style) -> None:
    (call,) = calls(*role(ref(FN, "arn"), trusted=trusted))
    assert (call.service, call.style, call.is_permission) == (service, style, True)


def test_a_trust_policy_in_the_block_form() -> None:
    principals = nested(type="Service", identifiers=["states.amazonaws.com"])
    data = block("data.aws_iam_policy_document.trust", statement=nested(actions=["sts:AssumeRole"], principals=principals))
    assert told(data, *role(ref(FN, "arn"), trusted=ref(data, "json"))) == [("Step Functions", WAITS, "fn:?")]


def test_a_permission_for_a_role_of_this_root_calls_as_that_role_does() -> None:
    made = block("aws_iam_role.sfn", assume_role_policy=trust("states.amazonaws.com"))
    permission = block("aws_lambda_permission.p", action="lambda:InvokeFunction", function_name="orders", principal=ref(made, "arn"))
    assert told(made, permission) == [("Step Functions", WAITS, "fn")]


def test_many_functions_in_one_statement_are_a_pattern() -> None:
    functions = [block(f"aws_lambda_function.f[{n}]", function_name=f"f{n}") for n in range(30)]
    assert told(*functions, *role(*(ref(one, "arn") for one in functions))) == []
    assert OTHER.address == "aws_lambda_function.other"

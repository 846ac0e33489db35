"""Who calls a function: what is gathered of an estate, and what may be more."""

from __future__ import annotations

import pytest

from estates_by_hand import alias, callee, estate, function, invocation, link, module_call, other, unknown
from serverful.estate.callers import callers_of, may_call, unfollowed
from serverful.estate.model import Callee, Invocation, Link, Qualified, Style

A, B = function("aws_lambda_function.a"), function("aws_lambda_function.b")
LIVE = alias("aws_lambda_alias.live", "aws_lambda_function.a")
URL = invocation("aws_lambda_function_url.u", "aws_lambda_function.a.arn")
QUEUE = invocation("aws_lambda_event_source_mapping.m", "aws_lambda_function.a.arn", Style.POLLED)
LIVE_OF_A = Callee(link("aws_lambda_function.a.arn"), "aws_lambda_alias.live.invoke_arn", Qualified.ALIAS, "live", LIVE.address)
OF_ALIAS = invocation("aws_api_gateway_integration.i", LIVE_OF_A)
OF_B = invocation("aws_lambda_function_url.b", "aws_lambda_function.b.arn")
OUTSIDE = invocation("aws_lambda_permission.theirs", "theirs")
OPEN = invocation("aws_lambda_permission.open", "var.function_name")


def test_callers_are_sorted_by_function_whatever_version_they_mean() -> None:
    given = estate(A, B, LIVE, invocations=[URL, OF_B, QUEUE, OF_ALIAS, OUTSIDE, OPEN])
    assert callers_of(A, given) == (URL, QUEUE, OF_ALIAS)
    assert callers_of(B, given) == (OF_B,)
    assert callers_of(function("aws_lambda_function.c"), given) == ()


def test_only_callers_that_cannot_be_followed_may_call_anybody() -> None:
    given = estate(A, invocations=[URL, OUTSIDE, OPEN])
    assert unfollowed(given) == (OPEN,)


def links(*to: str) -> dict[str, tuple[Link, ...]]:
    return {"links": tuple(link(expression) for expression in to)}


@pytest.mark.parametrize(
    "given_to_it",
    [
        "aws_lambda_function.a.arn",
        "aws_lambda_function.a.invoke_arn",
        "aws_lambda_alias.live.arn",
        "aws_lambda_function_url.u.function_url",
    ],
)
def test_a_module_that_is_not_loaded_may_call_what_it_is_given(given_to_it: str) -> None:
    call = module_call("module.api", "terraform-aws-modules/apigateway-v2/aws", "routes", **links(given_to_it))
    given = estate(A, B, LIVE, other("aws_lambda_function_url.u"), call, invocations=[URL])
    assert [one.expression for one in may_call(A, given)] == ["module.api"]
    assert may_call(B, given) == ()


@pytest.mark.parametrize(
    ("source", "given_to_it"),
    [
        ("terraform-aws-modules/apigateway-v2/aws", "aws_lambda_function.a.role"),
        ("terraform-aws-modules/cloudwatch/aws//modules/metric-alarm", "aws_lambda_function.a.function_name"),
        ("terraform-aws-modules/lambda/aws//modules/deploy", "aws_lambda_function.a.function_name"),
    ],
)
def test_a_module_that_only_watches_calls_nothing(source: str, given_to_it: str) -> None:
    assert may_call(A, estate(A, module_call("module.m", source, "x", **links(given_to_it)))) == ()


def test_all_instances_given_to_a_module_are_given_each() -> None:
    one = function("aws_lambda_function.many[0]")
    call = module_call("module.api", "./elsewhere", "functions", **links("aws_lambda_function.many[0].arn"))
    assert [way.expression for way in may_call(one, estate(one, call))] == ["module.api"]


def test_a_caller_that_cannot_be_followed_but_speaks_of_the_function_may_call_it() -> None:
    why = unknown("var.blue ? a : b", mentions=["aws_lambda_function.a", "aws_lambda_function.b"])
    call = invocation("aws_lambda_permission.p", callee("var.blue ? a : b", unknown=why))
    of_alias = invocation("aws_lambda_permission.q", callee("var.x", unknown=unknown("var.x", mentions=["aws_lambda_alias.live"])))
    given = estate(A, B, LIVE, function("aws_lambda_function.c"), invocations=[call, of_alias])
    assert may_call(A, given) == (why, of_alias.callee.unknown)
    assert may_call(B, given) == (why,)
    assert may_call(function("aws_lambda_function.c"), given) == ()


def test_each_caller_is_looked_at_once_however_many_functions_ask() -> None:
    looked = 0

    class Counted(tuple):  # type: ignore[type-arg]
        def __iter__(self):  # type: ignore[no-untyped-def]
            nonlocal looked
            looked += len(self)
            return super().__iter__()

    functions = [function(f"aws_lambda_function.f[{i}]") for i in range(300)]
    calls: list[Invocation] = [invocation(f"aws_lambda_function_url.u[{i}]", f"aws_lambda_function.f[{i}].arn") for i in range(300)]
    given = estate(*functions)
    object.__setattr__(given, "invocations", Counted(calls))
    for one, call in zip(functions, calls, strict=True):
        assert callers_of(one, given) == (call,)
        assert may_call(one, given) == ()
    assert looked <= 4 * len(calls)

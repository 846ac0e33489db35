"""SLS_FLOW_7 by cases that are too small for a fixture: what may stand elsewhere, and what is cited."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import estate, event_invoke_config, function, invocation, link, module_call, on, queue, unknown
from policies_by_hand import policy_of
from serverful.estate.model import Callee, Invocation, Style, Thing
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_FLOW_7")
A = "aws_lambda_function.a"
HERE = on(f"{A}.arn")
LOST = link("aws_sqs_queue.lost.arn")


def bucket(to: Callee = HERE, **given: Any) -> Invocation:
    return invocation("aws_s3_bucket_notification.b", to, Style.ASYNCHRONOUS, service="S3", **given)


def asked(*calls: Invocation, things: tuple[Thing, ...] = (), fn: dict[str, Any] | None = None, **given: Any) -> Verdict:
    whole = estate(function(A, **(fn or {})), *things, invocations=calls, **given)
    return POLICY(whole.things[A], whole)


def test_what_is_lost_is_contradicted_and_names_caller_and_remedy() -> None:
    verdict = asked(bucket())
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.CONTRADICTED, None)
    assert "aws_s3_bucket_notification.b" in verdict.says
    assert verdict.instead is not None and f"{A}.function_name" in verdict.instead


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"is_child": True}, "callers of this module"),
        ({"unreadable": ("broken.tf",)}, "broken.tf"),
        ({"evaluated": False}, "evaluating"),
        ({"things": (module_call("module.async", "acme/async/aws", links=(link(f"{A}.function_name"),)),)}, "module.async"),
        ({"things": (event_invoke_config("aws_lambda_function_event_invoke_config.c", HERE, unknown("var.lost")),)}, "var.lost"),
        ({"fn": {"dead_letters": unknown("var.dlq")}}, "var.dlq"),
    ],
)
def test_what_may_hold_the_route_leaves_it_open(given: dict[str, Any], names: str) -> None:
    verdict = asked(bucket(), **given)
    assert verdict.outcome is Outcome.UNDECIDED
    assert names in verdict.says


def test_a_caller_that_may_not_exist_loses_nothing_for_certain() -> None:
    assert asked(bucket(exists=unknown("var.is_on"))).outcome is Outcome.UNDECIDED
    assert asked(bucket(exists=unknown("var.is_on")), fn={"dead_letters": LOST}).outcome is Outcome.PASSED


def test_one_way_that_loses_events_is_not_mended_by_another_that_does_not() -> None:
    read = invocation("aws_lambda_event_source_mapping.m", HERE, Style.POLLED, service="SQS", source=link("aws_sqs_queue.q.arn"))
    verdict = asked(bucket(), read, things=(queue("aws_sqs_queue.q", LOST),))
    assert verdict.outcome is Outcome.FAILED
    assert "S3" in verdict.says and "aws_sqs_queue.q" not in verdict.says


def test_ticks_alone_count_less() -> None:
    ticks = [invocation(f"aws_scheduler_schedule.s{n}", HERE, Style.ASYNCHRONOUS, service="EventBridge schedule") for n in (1, 2)]
    verdict = asked(*ticks)
    assert verdict.severity is Severity.LOW
    assert "aws_scheduler_schedule.s1 and aws_scheduler_schedule.s2" in verdict.says
    assert asked(*ticks, bucket()).severity is None

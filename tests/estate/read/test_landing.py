"""Where failed events land, as blocks say it: redrive policies, destinations, dead-letter queues."""

from __future__ import annotations

from typing import Any

import pytest
from blocks_by_hand import block, dynamic, nested, ref, undecided

from serverful.estate.model import EventInvokeConfig, Function, Link, Queue
from serverful.estate.read.block import Block
from serverful.estate.read.build import parts_of, things
from serverful.estate.read.term import NULL, Encoded, Entries, Literal, Term
from serverful.estate.value import Known, Unknown, Value

LOST = block("aws_sqs_queue.lost", name="lost")
FN = block("aws_lambda_function.fn", function_name="orders", publish=True)
LIVE = block("aws_lambda_alias.live", name="live", function_name=ref(FN, "function_name"))


def told(value: Value[Link | None] | None) -> str:
    """Where something lands: an address, an expression in angle brackets, `?` before what decides elsewhere, "" for nowhere."""
    match value:
        case Known(Link(target=str() as target)):
            return target
        case Known(Link() as link):
            return f"<{link.expression}>"
        case Known(None):
            return ""
        case Unknown(expression):
            return f"?{expression}"
    raise AssertionError(value)


def policy(target: Any) -> Encoded:
    return Encoded(Entries({"deadLetterTargetArn": target, "maxReceiveCount": Literal(5)}))


def queue_of(*beside: Block, **given: Any) -> str:
    made = things([LOST, block("aws_sqs_queue.q", name="orders", **given), *beside])["aws_sqs_queue.q"]
    assert isinstance(made, Queue)
    return told(made.dead_letters)


@pytest.mark.parametrize(
    ("written", "lands"),
    [
        (NULL, ""),
        (Literal(""), ""),
        (policy(ref(LOST, "arn")), "aws_sqs_queue.lost"),
        (policy(Literal("arn:aws:sqs:eu-central-1:1:lost")), "<arn:aws:sqs:eu-central-1:1:lost>"),
        (policy(undecided("var.lost")), "<var.lost>"),
        (Literal('{"deadLetterTargetArn": "arn:aws:sqs:eu-central-1:1:lost", "maxReceiveCount": 4}'), "<arn:aws:sqs:eu-central-1:1:lost>"),
        (undecided("var.redrive_policy"), "?var.redrive_policy"),
    ],
)
def test_a_redrive_policy_in_the_queue(written: Term, lands: str) -> None:
    assert queue_of(redrive_policy=written) == lands


def test_a_redrive_policy_that_only_perhaps_is_null_is_undecided_though_it_names_a_queue() -> None:
    kept = undecided("var.keep ? ... : null", ref(LOST, "arn"), may_be_empty=True)
    assert queue_of(redrive_policy=kept) == "?var.keep ? ... : null"
    assert queue_of(redrive_policy=undecided("known after apply", ref(LOST, "arn"))) == "aws_sqs_queue.lost"


def test_a_redrive_policy_in_a_block_of_its_own_by_reference_and_by_name() -> None:
    queue = block("aws_sqs_queue.q", name="orders")
    by_reference = block("aws_sqs_queue_redrive_policy.p", queue_url=ref(queue, "id"), redrive_policy=policy(ref(LOST, "arn")))
    assert queue_of(by_reference) == "aws_sqs_queue.lost"
    perhaps = Unknown("var.keep", queue.place)
    maybe = block("aws_sqs_queue_redrive_policy.p", exists=perhaps, queue_url=ref(queue, "id"), redrive_policy=policy(ref(LOST, "arn")))
    assert queue_of(maybe) == "?var.keep"
    any_of = block(
        "aws_sqs_queue_redrive_policy.p", queue_url=undecided("var.url", ref(queue, "id")), redrive_policy=policy(ref(LOST, "arn"))
    )
    assert queue_of(any_of) == "?var.url"


@pytest.mark.parametrize(
    ("given", "lands"),
    [
        ({}, ""),
        ({"destination_config": nested(on_success=nested(destination=ref(LOST, "arn")))}, ""),
        ({"destination_config": nested(on_failure=nested(destination=ref(LOST, "arn")))}, "aws_sqs_queue.lost"),
        ({"destination_config": nested(on_failure=nested(destination=undecided("var.lost")))}, "?var.lost"),
        ({"destination_config": nested(on_failure=nested(destination=Literal("")))}, ""),
        ({"destination_config": dynamic("var.keep")}, "?var.keep"),
    ],
)
def test_an_event_invoke_configuration(given: dict[str, Any], lands: str) -> None:
    named = {"function_name": ref(FN, "function_name"), "qualifier": ref(LIVE, "name")}
    made = things([LOST, FN, LIVE, block("aws_lambda_function_event_invoke_config.c", **named, **given)])
    config = made["aws_lambda_function_event_invoke_config.c"]
    assert isinstance(config, EventInvokeConfig)
    assert (config.callee.target, config.callee.alias) == (FN.address, LIVE.address)
    assert told(config.on_failure) == lands


def test_a_mapping_tells_where_its_failures_go() -> None:
    stream = block("aws_kinesis_stream.s", name="s")
    given = {"event_source_arn": ref(stream, "arn"), "function_name": ref(FN, "arn")}
    kept = nested(on_failure=nested(destination_arn=ref(LOST, "arn")))
    mappings = (
        block("aws_lambda_event_source_mapping.kept", **given, destination_config=kept),
        block("aws_lambda_event_source_mapping.lost", **given),
    )
    calls = parts_of([FN, LOST, stream, *mappings]).invocations
    assert [(call.by.rpartition(".")[2], told(call.on_failure)) for call in calls] == [("kept", "aws_sqs_queue.lost"), ("lost", "")]


def test_a_function_tells_its_dead_letter_queue_and_how_long_it_may_run() -> None:
    written = block("aws_lambda_function.f", timeout=60, dead_letter_config=nested(target_arn=ref(LOST, "arn")))
    made = things([LOST, FN, written])
    kept, plain = made["aws_lambda_function.f"], made[FN.address]
    assert isinstance(kept, Function) and isinstance(plain, Function)
    assert (told(kept.dead_letters), told(plain.dead_letters)) == ("aws_sqs_queue.lost", "")
    assert [function.timeout_seconds.value for function in (kept, plain) if isinstance(function.timeout_seconds, Known)] == [60, 3]

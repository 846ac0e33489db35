"""SLS_FS_4: what a schedule looks into, how often, and what tells of it. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import document, estate, function, invocation, link, listing, module_call, role, source, statement, unknown
from policies_by_hand import policy_of
from serverful.estate.model import Statement, Style, Thing
from serverful.evidence.polling import interval
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_FS_4")
F, R = "aws_lambda_function.book_order", "aws_iam_role.r"
BUCKET, QUEUE, TABLE = "aws_s3_bucket.inbox", "aws_sqs_queue.orders", "aws_dynamodb_table.carts"
LISTS = statement("s3:ListBucket", resources=[f"{BUCKET}.arn"])
READS = statement("s3:GetObject", resources=[f"{BUCKET}.arn"])
RECEIVES = statement("sqs:ReceiveMessage", resources=[f"{QUEUE}.arn"])
SCANS = statement("dynamodb:Scan", resources=[f"{TABLE}.arn"])
SOURCES = (source(BUCKET, "bucket"), source(QUEUE, "queue"), source(TABLE, "table"))


def clock(expression: Any = "rate(5 minutes)", of: str = F, **given: Any) -> Any:
    at = {"style": Style.ASYNCHRONOUS, "service": "EventBridge schedule"}
    return invocation("aws_cloudwatch_event_target.t", f"{of}.arn", **at, schedule=expression, **given)


def asked(*statements: Statement, schedule: Any = "rate(5 minutes)", sources: tuple[Thing, ...] = SOURCES, **given: Any) -> Verdict:
    subject = function(given.pop("address", F), role=link(f"{R}.arn"))
    invocations = given.pop("invocations", [clock(schedule, subject.address)])
    more = given.pop("things", ())
    return POLICY(subject, estate(subject, role(R, document(*statements)), *sources, *more, invocations=invocations, **given))


@pytest.mark.parametrize(
    ("expression", "minutes"),
    [
        ("rate(1 minute)", 1),
        ("rate(5 minutes)", 5),
        ("rate(2 hours)", 120),
        ("rate(1 day)", 1440),
        ("rate(7 days)", 10080),
        ("cron(0 2 * * ? *)", 1440),
        ("cron(0/15 * * * ? *)", 15),
        ("cron(*/10 * * * ? *)", 10),
        ("cron(* * * * ? *)", 1),
        ("cron(0 * * * ? *)", 60),
        ("cron(0,30 * * * ? *)", 30),
        ("cron(0 */6 * * ? *)", 360),
        ("cron(0 8-18 * * ? *)", 120),
        ("at(2026-01-15T08:00:00)", 1440),
        ("every so often", None),
        (unknown("var.schedule"), None),
    ],
)
def test_how_often(expression: Any, minutes: int | None) -> None:
    assert interval(clock(expression)) == minutes


@pytest.mark.parametrize(
    ("statements", "expected", "severity"),
    [
        ((LISTS, READS), Outcome.FAILED, Severity.LOW),
        ((statement("s3:List*", "s3:Get*", resources=[f"{BUCKET}.arn"]),), Outcome.FAILED, Severity.LOW),
        ((RECEIVES,), Outcome.FAILED, Severity.LOW),
        ((SCANS,), Outcome.FAILED, Severity.INFO),
        ((LISTS,), Outcome.NOT_OURS, None),
        ((READS,), Outcome.NOT_OURS, None),
        ((statement("s3:*", resources=[f"{BUCKET}.arn"]),), Outcome.NOT_OURS, None),
        ((statement("*", resources=["*"]),), Outcome.NOT_OURS, None),
        ((statement("s3:ListBucket", "s3:GetObject", resources=["arn:aws:s3:::elsewhere"]),), Outcome.NOT_OURS, None),
        ((LISTS, READS, statement("s3:PutObject", resources=[f"{BUCKET}.arn"])), Outcome.NOT_OURS, None),
        ((RECEIVES, statement("sqs:SendMessage", resources=[f"{QUEUE}.arn"])), Outcome.NOT_OURS, None),
        ((SCANS, statement("dynamodb:*", resources=[f"{TABLE}.arn"])), Outcome.NOT_OURS, None),
        ((statement("sqs:ReceiveMessage", resources=[f"{QUEUE}.arn"], effect="Deny"),), Outcome.NOT_OURS, None),
    ],
)
def test_what_it_looks_into(statements: tuple[Statement, ...], expected: Outcome, severity: Severity | None) -> None:
    verdict = asked(*statements)
    assert (verdict.outcome, verdict.severity) == (expected, severity)
    assert verdict.kind is (Kind.CONTRADICTED if expected is Outcome.FAILED else None)


@pytest.mark.parametrize(
    ("schedule", "expected", "severity"),
    [
        ("rate(1 hour)", Outcome.FAILED, Severity.LOW),
        ("rate(2 hours)", Outcome.FAILED, Severity.INFO),
        ("rate(1 day)", Outcome.NOT_OURS, None),
        ("cron(0 2 * * ? *)", Outcome.NOT_OURS, None),
        (unknown("var.schedule"), Outcome.UNDECIDED, None),
    ],
)
def test_a_batch_window_is_none_of_ours(schedule: Any, expected: Outcome, severity: Severity | None) -> None:
    verdict = asked(RECEIVES, schedule=schedule)
    assert (verdict.outcome, verdict.severity) == (expected, severity)


@pytest.mark.parametrize("name", ["sales_report", "cleanup", "backupOrders", "health-check"])
def test_names_that_mean_the_clock(name: str) -> None:
    assert asked(RECEIVES, address=f"aws_lambda_function.{name}").outcome is Outcome.NOT_OURS


def test_no_schedule() -> None:
    assert asked(RECEIVES, invocations=[]).outcome is Outcome.NOT_OURS
    by_event = invocation("aws_cloudwatch_event_target.t", f"{F}.arn", Style.ASYNCHRONOUS, service="EventBridge")
    assert asked(RECEIVES, invocations=[by_event]).outcome is Outcome.NOT_OURS
    assert asked(RECEIVES, invocations=[clock(exists=unknown("var.on"))]).outcome is Outcome.NOT_OURS


def test_something_tells_of_it() -> None:
    told = (source(BUCKET, "bucket", announces=True), source(TABLE, "table", announces=True))
    assert asked(LISTS, READS, sources=told).outcome is Outcome.PASSED
    assert asked(SCANS, sources=told).outcome is Outcome.PASSED
    mapped = invocation("aws_lambda_event_source_mapping.m", "aws_lambda_function.g.arn", Style.POLLED, source=link(f"{QUEUE}.arn"))
    assert asked(RECEIVES, invocations=[clock(), mapped]).outcome is Outcome.PASSED
    assert asked(LISTS, READS, RECEIVES, sources=(*told, source(QUEUE, "queue"))).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "given",
    [
        {"sources": (source(BUCKET, "bucket", announces=unknown("var.notifies")),)},
        {"things": (module_call("module.m", "./m", links=(link(f"{BUCKET}.id"),)),)},
        {"is_child": True},
        {"unreadable": ("notification.tf",)},
        {"evaluated": False},
    ],
    ids=["notification", "module", "child", "unreadable", "not evaluated"],
)
def test_something_may_tell_of_it(given: dict[str, Any]) -> None:
    assert asked(LISTS, READS, **given).outcome is Outcome.UNDECIDED


def test_an_arn_that_is_written_out() -> None:
    bucket = source(BUCKET, "bucket", arn="arn:aws:s3:::inbox")
    reads = (statement("s3:ListBucket", resources=["arn:aws:s3:::inbox"]), statement("s3:GetObject", resources=["arn:aws:s3:::inbox/*"]))
    assert asked(*reads, sources=(bucket,)).outcome is Outcome.FAILED
    assert asked(*reads, sources=SOURCES).outcome is Outcome.NOT_OURS
    queue = source(QUEUE, "queue", arn="arn:aws:sqs:eu-central-1:123456789012:orders")
    receives = statement("sqs:ReceiveMessage", resources=["arn:aws:sqs:eu-central-1:123456789012:orders"])
    assert asked(receives, sources=(queue,)).outcome is Outcome.FAILED


def test_a_policy_that_cannot_be_read_and_speaks_of_it() -> None:
    subject = function(F, role=link(f"{R}.arn"))
    for mentions, expected in (((BUCKET,), Outcome.UNDECIDED), (("aws_s3_object.x",), Outcome.NOT_OURS)):
        hidden = role(R, document(unknown=[unknown("each.value", mentions=mentions)]))
        assert POLICY(subject, estate(subject, hidden, *SOURCES, invocations=[clock()])).outcome is expected


def test_dead_letters_are_looked_into_when_somebody_wants_to() -> None:
    dead = source("aws_sqs_queue.orders_dlq", "queue")
    reads = statement("sqs:ReceiveMessage", resources=["aws_sqs_queue.orders_dlq.arn"])
    assert asked(reads, sources=(dead,)).outcome is Outcome.NOT_OURS


def test_what_is_better_depends_on_what_it_is() -> None:
    wanted = {"aws_s3_bucket_notification": (LISTS, READS), "aws_lambda_event_source_mapping": (RECEIVES,), "stream_enabled": (SCANS,)}
    for word, statements in wanted.items():
        assert word in (asked(*statements).instead or "")
    assert asked(statement("sqs:ReceiveMessage", resources=[f"{QUEUE}.arn"], principals=listing())).path[0].says.endswith("rate(5 minutes)")

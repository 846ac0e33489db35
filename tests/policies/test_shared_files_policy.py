"""SLS_FS_2: who shares which directory, who writes, and how much it matters. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    access_point,
    document,
    estate,
    file_system,
    file_user,
    function,
    invocation,
    link,
    module_call,
    role,
    statement,
    unknown,
)
from policies_by_hand import policy_of
from serverful.estate.model import ManagedPolicy, Style, Thing
from serverful.estate.place import Place
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_FS_2")
FILES = "aws_efs_file_system.files"
MOUNT, WRITE = "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"
READER, WRITER = (MOUNT,), (MOUNT, WRITE)
HERE = Place(".", "", "main.tf", 1, 1)
BY_CLOCK: dict[str, Any] = {"style": Style.ASYNCHRONOUS, "service": "EventBridge schedule"}


def user(name: str, *actions: str, at: str = "/in", **given: Any) -> tuple[Thing, ...]:
    """A function, its access point and its role, which allows these actions."""
    document_ = (document(statement(*actions)),) if actions else ()
    return (
        function(
            f"aws_lambda_function.{name}", file_system=link(f"aws_efs_access_point.{name}.arn"), role=link(f"aws_iam_role.{name}.arn")
        ),
        access_point(f"aws_efs_access_point.{name}", FILES, at),
        role(f"aws_iam_role.{name}", *document_, **given),
    )


def asked(*things: Thing, **given: Any) -> Verdict:
    subject = file_system(FILES)
    return POLICY(subject, estate(subject, *things, **given))


@pytest.mark.parametrize(
    ("one", "other", "expected", "severity"),
    [
        (WRITER, READER, Outcome.FAILED, Severity.HIGH),
        (WRITER, WRITER, Outcome.FAILED, Severity.MEDIUM),
        (WRITER, (), Outcome.FAILED, Severity.MEDIUM),
        ((), (), Outcome.FAILED, Severity.MEDIUM),
        ((), READER, Outcome.FAILED, Severity.MEDIUM),
        (("elasticfilesystem:*",), READER, Outcome.FAILED, Severity.HIGH),
        (READER, READER, Outcome.PASSED, None),
    ],
)
def test_two_functions_in_one_directory(one: tuple[str, ...], other: tuple[str, ...], expected: Outcome, severity: Severity | None) -> None:
    verdict = asked(*user("a", *one), *user("b", *other))
    assert (verdict.outcome, verdict.severity) == (expected, severity)
    if expected is Outcome.FAILED:
        assert verdict.kind is Kind.CONTRADICTED and "aws_lambda_function.a" in verdict.says and "aws_lambda_function.b" in verdict.says


def test_who_writes_what_another_reads_is_named() -> None:
    verdict = asked(*user("a", *WRITER), *user("b", *READER))
    assert verdict.says == "Files carry messages: aws_lambda_function.a may write what aws_lambda_function.b can only read."
    beside = asked(*user("a", *WRITER), *user("b", *READER), file_user("aws_transfer_user.u", "file transfer", f"{FILES}.id"))
    assert beside.says.endswith("can only read, and the file transfer aws_transfer_user.u shares them as well.")
    assert [seen.says for seen in verdict.path][:2] == ["aws_lambda_function.a writes in /in", "aws_lambda_function.b reads in /in"]


def test_a_managed_policy_says_who_reads() -> None:
    managed = {"managed": (ManagedPolicy("AmazonElasticFileSystemClientReadOnlyAccess", HERE),)}
    assert asked(*user("a", **managed), *user("b", **managed)).outcome is Outcome.PASSED
    writes = {"managed": (ManagedPolicy("AmazonElasticFileSystemClientReadWriteAccess", HERE),)}
    assert asked(*user("a", **writes), *user("b", **managed)).severity is Severity.HIGH
    hidden = {**managed, "unknown": (unknown("var.policy_arn"),)}
    assert asked(*user("a", **managed), *user("b", **hidden)).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/in", "/out", Outcome.PASSED),
        ("/in", "/input", Outcome.PASSED),
        ("/in", "/in/", Outcome.FAILED),
        ("/in", "/in/done", Outcome.FAILED),
        ("/", "/out", Outcome.FAILED),
        ("/in", unknown("var.directory"), Outcome.UNDECIDED),
    ],
)
def test_directories(one: Any, other: Any, expected: Outcome) -> None:
    assert asked(*user("a", at=one), *user("b", at=other)).outcome is expected
    assert asked(*user("a", at=other), *user("b", at=one)).outcome is expected


def test_many_users() -> None:
    """However many have directories of their own, two that share one are found."""
    apart = [thing for number in range(80) for thing in user(f"a{number}", at=f"/d{number}")]
    assert asked(*apart).outcome is Outcome.PASSED
    verdict = asked(*apart, *user("y", *WRITER, at="/zone"), *user("z", *READER, at="/zone/in"))
    assert verdict.says == "Files carry messages: aws_lambda_function.y may write what aws_lambda_function.z can only read."


def test_a_directory_that_is_decided_elsewhere_is_one_for_all_that_name_it() -> None:
    why = unknown("var.directory")
    assert asked(*user("a", at=why), *user("b", at=why)).outcome is Outcome.FAILED
    assert asked(*user("a", at=why), *user("b", at=unknown("var.other"))).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("name", ["models", "cache", "clamav_definitions"])
def test_what_is_filled_once_is_left_open(name: str) -> None:
    assert asked(*user("a", *WRITER, at=f"/{name}"), *user("b", *READER, at=f"/{name}")).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("what", "actions", "severity"),
    [
        ("container", READER, Severity.HIGH),
        ("container", WRITER, Severity.MEDIUM),
        ("container", (), Severity.MEDIUM),
        ("file transfer", (), Severity.HIGH),
        ("data sync", WRITER, Severity.HIGH),
    ],
)
def test_other_systems(what: str, actions: tuple[str, ...], severity: Severity) -> None:
    beside = file_user("aws_ecs_task_definition.t", what, f"{FILES}.id", "/in")
    verdict = asked(*user("a", *actions), beside)
    assert (verdict.outcome, verdict.severity) == (Outcome.FAILED, severity)
    assert f"the {what} aws_ecs_task_definition.t" in verdict.says
    assert asked(*user("a", *actions), file_user("aws_ecs_task_definition.t", what, f"{FILES}.id", "/out")).outcome is Outcome.PASSED
    assert asked(beside).outcome is Outcome.NOT_OURS


def test_what_may_share_it_is_decided_elsewhere() -> None:
    beside = file_user("aws_ecs_task_definition.t", "container", f"{FILES}.id", exists=unknown("var.has_shop"))
    assert asked(*user("a"), beside).outcome is Outcome.UNDECIDED
    apart = (*user("a", at="/a"), *user("b", at="/b"))
    assert asked(*apart).outcome is Outcome.PASSED
    assert asked(*apart, module_call("module.m", "./m", links=(link(f"{FILES}.id"),))).outcome is Outcome.UNDECIDED


def test_a_mount_that_cannot_be_followed_may_lead_here() -> None:
    outside = function("aws_lambda_function.c", file_system=link("var.arn", origin="unknown", target=None))
    perhaps = function("aws_lambda_function.c", file_system=unknown("var.mounts"))
    for beside in (outside, perhaps):
        assert asked(beside).outcome is Outcome.UNDECIDED
        assert asked(*user("a", at="/a"), *user("b", at="/b"), beside).outcome is Outcome.UNDECIDED
        assert asked(*user("a"), *user("b"), beside).outcome is Outcome.FAILED


def test_a_function_alone_is_asked_about_its_schedule() -> None:
    (subject, *parts) = user("a")
    assert asked(subject, *parts).outcome is Outcome.NOT_OURS
    by_clock = invocation("aws_cloudwatch_event_target.a", "aws_lambda_function.a.arn", Style.ASYNCHRONOUS, service="EventBridge schedule")
    verdict = asked(subject, *parts, invocations=[by_clock])
    assert (verdict.outcome, verdict.severity) == (Outcome.FAILED, Severity.LOW)
    by_event = invocation("aws_cloudwatch_event_target.a", "aws_lambda_function.a.arn", Style.ASYNCHRONOUS, service="EventBridge")
    assert asked(subject, *parts, invocations=[by_event]).outcome is Outcome.NOT_OURS
    perhaps = invocation("x.a", "aws_lambda_function.a.arn", Style.ASYNCHRONOUS, service="EventBridge schedule", exists=unknown("var.on"))
    assert asked(subject, *parts, invocations=[perhaps]).outcome is Outcome.NOT_OURS
    assert asked(*user("a", *READER), invocations=[by_clock]).outcome is Outcome.NOT_OURS
    cleaning = invocation("aws_cloudwatch_event_target.b", "aws_lambda_function.clean_up.arn", **BY_CLOCK)
    assert asked(*user("clean_up"), invocations=[cleaning]).outcome is Outcome.NOT_OURS


def test_a_file_system_of_another_root_is_asked_at_the_first_function() -> None:
    arn = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-1"
    one, two = (function(f"aws_lambda_function.{name}", file_system=link(arn)) for name in "ab")
    other = function("aws_lambda_function.c", file_system=link("var.arn"))
    house = estate(one, two, other)
    assert POLICY(one, house).outcome is Outcome.FAILED
    assert [POLICY(each, house).outcome for each in (two, other)] == [Outcome.NOT_OURS] * 2
    assert POLICY(one, estate(one, other)).outcome is Outcome.NOT_OURS

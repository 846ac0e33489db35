"""SLS_RAD_2: what counts as a layer on another, the open door, and what SLS_ID_4 leaves to it. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    document,
    estate,
    function,
    image,
    invocation,
    known,
    link,
    listing,
    place,
    provisioned,
    role,
    statement,
    tags,
    unknown,
)
from policies_by_hand import policy_of
from serverful.estate.estate import Estate
from serverful.estate.model import Entry, Function, Statement
from serverful.verdict import Kind, Outcome, Verdict

POLICY, ROLES = policy_of("SLS_RAD_2"), policy_of("SLS_ID_4")
F, R = "aws_lambda_function.f", "aws_iam_role.r"
MOUNTED = link("aws_efs_access_point.shared.arn")
WIDE, NARROW = statement("s3:*"), statement("s3:GetObject", resources=["arn:aws:s3:::orders/*"])


def entry(is_public: Any = True) -> Entry:
    at = place("aws_lambda_function_url.u", line=40)
    public = is_public if not isinstance(is_public, bool) else known(is_public)
    call = invocation("aws_lambda_function_url.u", f"{F}.function_name", service="function URL")
    return Entry("aws_lambda_function_url.u", at, "function URL", known("ANY"), "", public, None, call, listing(), at)


def house(allows: Statement, *more: Any, is_public: Any = None, **given: Any) -> tuple[Function, Estate]:
    subject = function(F, role=link(f"{R}.arn"), **given)
    entries = (entry(is_public),) if is_public is not None else ()
    return subject, estate(subject, role(R, document(allows)), *more, entries=entries)


def asked(allows: Statement = NARROW, *more: Any, **given: Any) -> Verdict:
    return POLICY(*house(allows, *more, **given))


WARM = provisioned("aws_lambda_provisioned_concurrency_config.f", f"{F}.arn")
IMAGE = {"package_type": "Image", "image": image("r/f:1", "1"), "runtime": None, "handler": None}


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (asked(), Outcome.NOT_OURS),
        (asked(attachment=attachment()), Outcome.NOT_OURS),
        (asked(attachment=attachment(), file_system=MOUNTED), Outcome.PASSED),
        (asked(NARROW, WARM, attachment=attachment()), Outcome.PASSED),
        (asked(NARROW, WARM, attachment=attachment(), file_system=MOUNTED), Outcome.FAILED),
        (asked(attachment=attachment(), file_system=MOUNTED, **IMAGE), Outcome.FAILED),
        (asked(attachment=attachment(), file_system=unknown("var.mount"), **IMAGE), Outcome.UNDECIDED),
    ],
)
def test_three_layers_are_too_many(verdict: Verdict, expected: Outcome) -> None:
    assert verdict.outcome is expected
    if expected is Outcome.FAILED:
        assert verdict.kind is Kind.CONTRADICTED and verdict.says.startswith("3 layers of the stack lie on this one function")


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (asked(WIDE, attachment=attachment(), is_public=True), Outcome.FAILED),
        (asked(WIDE, file_system=MOUNTED, is_public=True), Outcome.FAILED),
        (asked(NARROW, attachment=attachment(), is_public=True), Outcome.PASSED),
        (asked(WIDE, attachment=attachment(), is_public=False), Outcome.NOT_OURS),
        (asked(WIDE, is_public=True), Outcome.NOT_OURS),
        (asked(WIDE, attachment=attachment(), is_public=unknown("var.is_private")), Outcome.UNDECIDED),
        (asked(WIDE, attachment=unknown("var.in_vpc"), is_public=True), Outcome.UNDECIDED),
    ],
)
def test_the_open_door(verdict: Verdict, expected: Outcome) -> None:
    assert verdict.outcome is expected
    if expected is Outcome.FAILED:
        assert "It answers the internet, it " in verdict.says and "and its role allows s3:* on *" in verdict.says


def test_one_question_is_one_finding() -> None:
    """The wide role of a stacked function is SLS_RAD_2's; with a reason there, it is SLS_ID_4's again."""
    _, whole = house(WIDE, attachment=attachment(), is_public=True)
    (wide,) = (thing for thing in whole if thing.address == R)
    assert ROLES(wide, whole).outcome is Outcome.NOT_OURS
    recorded = tags({"serverful:SLS_RAD_2": "other until=2027-03-31 owner=print it cannot be split before spring"})
    _, whole = house(WIDE, attachment=attachment(), is_public=True, tags=recorded)
    assert ROLES(wide, whole).outcome is Outcome.FAILED
    another = function("aws_lambda_function.other", role=link(f"{R}.arn"), attachment=attachment())
    _, whole = house(WIDE, another, attachment=attachment(), is_public=True)
    verdict = ROLES(wide, whole)
    assert verdict.outcome is Outcome.FAILED and another.address in verdict.says and F not in verdict.says


def test_what_it_shares_is_told() -> None:
    beside = function("aws_lambda_function.other", role=link(f"{R}.arn"), file_system=MOUNTED)
    verdict = asked(WIDE, beside, file_system=MOUNTED, is_public=True)
    assert [seen.says for seen in verdict.path[-2:]] == [
        f"shares the role {R} with 1 other serverful function",
        "shares the file system aws_efs_access_point.shared with 1 other serverful function",
    ]

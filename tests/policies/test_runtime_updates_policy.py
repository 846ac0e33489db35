"""SLS_RT_3 by cases: when a runtime is updated, whose it is, and where a reason counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from estates_by_hand import estate, function, place, runtime_updates, unknown
from policies_by_hand import judged, policy_of
from serverful.estate.settings import Settings, StatedReason
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_RT_3")

A = "aws_lambda_function.a"
HELD = "aws_lambda_runtime_management_config.a"
REASON = "other until=2026-06-30 owner=shop rollback of the parser"


def asked(when: Any, names: str = f"{A}.function_name", **given: Any) -> Verdict:
    subject = runtime_updates(HELD, names, when=when)
    return POLICY(subject, estate(function(A, **given), subject))


@pytest.mark.parametrize("when", ["Auto", "FunctionUpdate"])
def test_updates_that_come_by_themselves_pass(when: str) -> None:
    verdict = asked(when)
    assert (verdict.outcome, len(verdict.path)) == (Outcome.PASSED, 1)


def test_a_runtime_that_is_held() -> None:
    verdict = asked("Manual")
    assert (verdict.outcome, verdict.kind, verdict.argument) == (Outcome.FAILED, Kind.UNEXPLAINED, "update_runtime_on")
    assert A in verdict.says and [thing.address for thing in verdict.recorded_at] == [A]


def test_one_of_a_function_elsewhere() -> None:
    verdict = asked("Manual", "var.function")
    assert (verdict.outcome, verdict.recorded_at) == (Outcome.FAILED, ()) and "var.function" in verdict.says


def test_what_is_decided_elsewhere() -> None:
    verdict = asked(unknown("var.when"))
    assert (verdict.outcome, verdict.answerable, [u.expression for u in verdict.unknown]) == (Outcome.UNDECIDED, False, ["var.when"])


def outcome(function_tags: dict[str, str], comments: list[str], settings: Settings | None = None) -> Outcome:
    held = runtime_updates(HELD, f"{A}.arn", when="Manual", comments=comments)
    (finding,) = judged(estate(function(A, tags=function_tags), held, settings=settings), POLICY)
    return finding.verdict.outcome


def test_a_reason_counts_where_the_runtime_is_held_and_at_its_function() -> None:
    assert outcome({}, []) is Outcome.FAILED
    assert outcome({"serverful:runtime": REASON}, []) is Outcome.JUSTIFIED
    assert outcome({"serverful:SLS_RT_3": REASON}, []) is Outcome.JUSTIFIED
    assert outcome({"serverful:image": REASON}, []) is Outcome.FAILED
    assert outcome({}, [f"serverful:runtime {REASON}"]) is Outcome.JUSTIFIED
    assert outcome({}, [f"serverful:runtime {REASON.replace('2026-06-30', '2025-06-30')}"]) is Outcome.FAILED


def test_a_reason_of_the_settings_counts_at_either() -> None:
    for address in (A, HELD):
        reason = StatedReason(address, "*", "runtime", "other", date(2026, 6, 30), "shop", "rollback of the parser", place("reasons[0]"))
        assert outcome({}, [], Settings(reasons=(reason,))) is Outcome.JUSTIFIED

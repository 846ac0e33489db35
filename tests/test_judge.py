"""Judging: the order of findings, recorded reasons, skips, unknown existence, and a policy that raises."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from estates_by_hand import comment, estate, function, place, subnet, unknown
from serverful.estate.estate import Estate
from serverful.estate.model import Function, Subnet
from serverful.evidence.evidence import Evidence
from serverful.evidence.skips import NO_COMMENT
from serverful.finding import Finding
from serverful.judge import judge
from serverful.natural import natural
from serverful.policy import Policy, Principle, Severity, policy
from serverful.verdict import Kind, Outcome, Verdict, failed, not_ours, passed, undecided

SEEN = Evidence("seen", place("aws_lambda_function.a"))
IN_DATE = "cache until=2026-06-30 owner=shop sessions"
EXPIRED = "cache until=2026-01-14 owner=shop sessions"  # the day before the estates' day


def asking(answer: Callable[[Function, Estate], Verdict] | Verdict, id: str = "SLS_VPC_1", feature: str | None = "vpc") -> Policy:
    @policy(id=id, title="A title", principle=Principle.WITHOUT_VPC, severity=Severity.MEDIUM, recommendation="-", feature=feature)
    def question(function: Function, estate: Estate) -> Verdict:
        """Why."""
        return answer if isinstance(answer, Verdict) else answer(function, estate)

    return question


def of_subnets(answer: Verdict) -> Policy:
    return replace(asking(answer), subjects=(Subnet,))


def one(answer: Verdict, *, id: str = "SLS_VPC_1", feature: str | None = "vpc", **subject: Any) -> Finding:
    findings, troubles = judge([estate(function("aws_lambda_function.a", **subject))], [asking(answer, id, feature)])
    assert not troubles
    (finding,) = findings
    return finding


FAILED = failed("it fails", SEEN)
CONTRADICTED = failed("it is contradicted", SEEN, kind=Kind.CONTRADICTED)
OPEN = undecided("nobody knows", unknown("var.x"))
ANSWERABLE = undecided("nobody knows", unknown("var.x"), answerable=True)
PASSED = passed("it holds", SEEN)


def test_every_outcome_but_not_ours_is_a_finding() -> None:
    answers = {"a": PASSED, "b": FAILED, "c": OPEN, "d": not_ours("no VPC")}
    questions = [asking(lambda function, _: answers[function.address[-1]])]
    findings, troubles = judge([estate(*(function(f"aws_lambda_function.{name}") for name in answers))], questions)
    assert [(f.address[-1], f.verdict.outcome) for f in findings] == [
        ("a", Outcome.PASSED),
        ("b", Outcome.FAILED),
        ("c", Outcome.UNDECIDED),
    ]
    assert not troubles


@pytest.mark.parametrize("verdict", [FAILED, ANSWERABLE])
def test_a_reason_counts_where_the_verdict_says_that_it_does(verdict: Verdict) -> None:
    beside = function("aws_lambda_function.b", tags={"serverful:vpc": IN_DATE})
    assert one(verdict).verdict.outcome is verdict.outcome
    found = one(replace(verdict, recorded_at=(beside,)))
    assert found.verdict.outcome is Outcome.JUSTIFIED
    assert one(replace(CONTRADICTED, recorded_at=(beside,))).verdict.outcome is Outcome.FAILED


def test_each_policy_is_asked_of_its_own_subjects() -> None:
    house = estate(function("aws_lambda_function.a"), subnet("aws_subnet.a"))
    findings, _ = judge([house], [asking(PASSED), of_subnets(PASSED)])
    assert [f.address for f in findings] == ["aws_lambda_function.a", "aws_subnet.a"]


def test_order_is_by_root_address_and_policy_whatever_came_first() -> None:
    roots = [f"app{n}" for n in (1, 2, 10)]
    addresses = [f"aws_lambda_function.a[{n}]" for n in (0, 2, 10)]
    ids = ["SLS_VPC_2", "SLS_VPC_10"]
    estates = [estate(*(function(a, root=root) for a in addresses), root=root) for root in roots]
    policies = [asking(PASSED, name) for name in ids]
    expected = [(root, address, name) for root in roots for address in addresses for name in sorted(ids, key=natural)]
    for seed in range(5):
        Random(seed).shuffle(estates)
        Random(seed).shuffle(policies)
        findings, _ = judge(estates, policies)
        assert [(f.place.root, f.address, f.policy.id) for f in findings] == expected


def test_what_could_not_be_read_may_hold_the_reason() -> None:
    house = replace(estate(function("aws_lambda_function.a")), unreadable=("net.tf",))
    said = {
        (answer.kind, feature): judge([house], [asking(answer, feature=feature)])[0][0].verdict
        for answer, feature in ((FAILED, "vpc"), (CONTRADICTED, "vpc"), (FAILED, None))
    }
    assert {key: verdict.outcome for key, verdict in said.items()} == {
        (Kind.UNEXPLAINED, "vpc"): Outcome.UNDECIDED,
        (Kind.CONTRADICTED, "vpc"): Outcome.FAILED,
        (Kind.UNEXPLAINED, None): Outcome.FAILED,
    }
    assert "net.tf" in said[Kind.UNEXPLAINED, "vpc"].says
    assert said[Kind.UNEXPLAINED, "vpc"].answerable


def test_natural_order() -> None:
    expected = ["", "7", "10", "SLS_VPC_2", "SLS_VPC_10", "a", "a01", "a1", "a" + "9" * 5000, "a[2]", "a[10]", 'a["x"]', "b"]
    for seed in range(5):
        words = list(expected)
        Random(seed).shuffle(words)
        assert sorted(words, key=natural) == expected


class TestRecordedReasons:
    @pytest.mark.parametrize("answer", [FAILED, ANSWERABLE])
    def test_one_in_date_justifies(self, answer: Verdict) -> None:
        finding = one(answer, tags={"serverful:vpc": IN_DATE})
        assert finding.verdict.outcome is Outcome.JUSTIFIED
        assert finding.verdict.reason is not None and finding.verdict.reason.owner == "shop"
        assert finding.verdict.says == answer.says

    @pytest.mark.parametrize("answer", [OPEN, PASSED, CONTRADICTED])
    def test_it_answers_nothing_else(self, answer: Verdict) -> None:
        assert one(answer, tags={"serverful:vpc": IN_DATE}).verdict == answer

    @pytest.mark.parametrize("value", [EXPIRED, "cache owner=shop", "cache until=2026-06-30"])
    def test_expired_or_malformed_never_silences(self, value: str) -> None:
        assert one(FAILED, tags={"serverful:vpc": value}).verdict == FAILED

    @pytest.mark.parametrize("answer", [FAILED, CONTRADICTED, ANSWERABLE])
    def test_one_that_names_the_policy_answers_whatever_it_says(self, answer: Verdict) -> None:
        finding = one(answer, feature=None, comments=[f"serverful:SLS_VPC_1 {IN_DATE}"])
        assert finding.verdict.outcome is Outcome.JUSTIFIED

    def test_another_policys_id_answers_nothing(self) -> None:
        assert one(FAILED, tags={"serverful:SLS_VPC_2": IN_DATE}).verdict == FAILED


class TestSkips:
    def skipped(self, answer: Verdict, text: str, line: int = 2) -> Finding:
        return one(answer, comments=[comment(text, place("aws_lambda_function.a", line=line))], line=1)

    @pytest.mark.parametrize("answer", [FAILED, PASSED, OPEN])
    def test_a_skip_is_shown_as_such(self, answer: Verdict) -> None:
        finding = self.skipped(answer, "checkov:skip=SLS_VPC_1:legacy")
        assert (finding.skipped, finding.verdict, finding.is_failed) == ("legacy", answer, False)

    def test_without_a_comment(self) -> None:
        assert self.skipped(FAILED, "checkov:skip=SLS_VPC_1").skipped == NO_COMMENT

    def test_not_for_another_policy_and_not_above_the_block(self) -> None:
        assert self.skipped(FAILED, "checkov:skip=SLS_VPC_2").skipped is None
        assert self.skipped(FAILED, "checkov:skip=SLS_VPC_1", line=1).skipped is None

    def test_nothing_to_skip_where_nothing_is_asked(self) -> None:
        subject = function("aws_lambda_function.a", comments=[comment("checkov:skip=SLS_VPC_1", place("a", line=2))])
        assert judge([estate(subject)], [asking(not_ours("no VPC"))]) == ([], [])


class TestUnknownExistence:
    COUNT = unknown("var.create ? 1 : 0")

    def judged(self, answer: Verdict, **of_estate: bool) -> Verdict:
        findings, troubles = judge([estate(function("aws_lambda_function.a", exists=self.COUNT), **of_estate)], [asking(answer)])
        assert not troubles
        return findings[0].verdict

    def test_a_failure_in_a_root_stands_and_says_so(self) -> None:
        verdict = self.judged(FAILED)
        assert verdict == replace(FAILED, says="it fails (if it exists: var.create ? 1 : 0 decides that).")

    def test_it_is_one_sentence(self) -> None:
        verdict = self.judged(failed("It fails.", SEEN))
        assert verdict.says == "It fails (if it exists: var.create ? 1 : 0 decides that)."

    @pytest.mark.parametrize("of_estate", [{"is_child": True}, {"evaluated": False}])
    def test_a_failure_is_undecided_where_the_full_reading_might_not_have_the_thing(self, of_estate: dict[str, bool]) -> None:
        verdict = self.judged(FAILED, **of_estate)
        assert (verdict.outcome, verdict.unknown, verdict.path) == (Outcome.UNDECIDED, (self.COUNT,), FAILED.path)
        assert "var.create" in verdict.says

    @pytest.mark.parametrize("answer", [PASSED, OPEN])
    def test_other_answers_stay(self, answer: Verdict) -> None:
        assert self.judged(answer, is_child=True) == answer


class TestAPolicyThatRaises:
    def raises(self, function: Function, _: Estate) -> Verdict:
        if function.address.endswith(".b"):
            raise KeyError("subnet_ids")
        return FAILED

    def test_it_is_named_and_everything_else_is_judged(self, caplog: pytest.LogCaptureFixture) -> None:
        house = estate(*(function(f"aws_lambda_function.{name}", file="app/main.tf", line=7) for name in "abc"))
        with caplog.at_level(logging.ERROR):
            findings, troubles = judge([house], [asking(self.raises), asking(PASSED, "SLS_VPC_2")])
        assert [(f.address[-1], f.policy.id) for f in findings] == [
            ("a", "SLS_VPC_1"),
            ("a", "SLS_VPC_2"),
            ("b", "SLS_VPC_2"),
            ("c", "SLS_VPC_1"),
            ("c", "SLS_VPC_2"),
        ]
        (trouble,) = troubles
        assert str(trouble).startswith("app/main.tf:7: SLS_VPC_1 could not judge aws_lambda_function.b: KeyError: 'subnet_ids'.")
        assert "--skip-check SLS_VPC_1" in trouble.mend
        assert "Traceback" in caplog.text and "subnet_ids" in caplog.text

    def test_what_is_no_verdict_is_trouble_too(self) -> None:
        findings, troubles = judge([estate(function("aws_lambda_function.a"))], [asking(lambda *_: None)])  # type: ignore[arg-type,return-value]
        assert not findings and "returns a Verdict, not None" in troubles[0].what

    def test_troubles_are_in_order(self) -> None:
        def raise_always(*_: object) -> Verdict:
            raise RuntimeError

        house = estate(*(function(f"aws_lambda_function.a[{n}]") for n in (10, 2)))
        _, troubles = judge([house], [asking(raise_always, "SLS_VPC_10"), asking(raise_always, "SLS_VPC_2")])
        assert [t.what.split(":")[0] for t in troubles] == [
            f"{name} could not judge aws_lambda_function.a[{n}]" for n in (2, 10) for name in ("SLS_VPC_2", "SLS_VPC_10")
        ]

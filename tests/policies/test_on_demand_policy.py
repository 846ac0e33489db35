"""SLS_PC_5: providers by the functions on them, pollers by how many there need be, and where a reason counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from estates_by_hand import capacity_provider, estate, function, invocation, link, module_call, poller, unknown
from policies_by_hand import judged, policy_of
from serverful.estate.model import Style, Thing
from serverful.evidence.always_on import managed_instances
from serverful.finding import Finding
from serverful.policy import Severity
from serverful.verdict import Outcome

PC_5, RAD_3 = policy_of("SLS_PC_5"), policy_of("SLS_RAD_3")
P, A, B = "aws_lambda_capacity_provider.p", "aws_lambda_function.a", "aws_lambda_function.b"
M = "aws_lambda_event_source_mapping.m"
REASON = "steady-throughput until=2026-06-30 owner=risk even load"
STALE = "steady-throughput until=2026-01-14 owner=risk even load"


def on(address: str, **given: Any) -> Thing:
    return function(address, capacity_provider=link(f"{P}.arn"), **given)


def found(*things: Thing, policy: Any = PC_5, **given: Any) -> list[Finding]:
    return judged(estate(*things, **given), policy)


def outcome(*things: Thing, **given: Any) -> Outcome:
    (finding,) = found(*things, **given)
    return finding.verdict.outcome


class TestProviders:
    def test_one_finding_names_the_functions(self) -> None:
        (finding,) = found(capacity_provider(P), on(A), on(B))
        assert (finding.address, finding.verdict.outcome, finding.severity) == (P, Outcome.FAILED, Severity.MEDIUM)
        assert finding.verdict.says.startswith(f"{A} and {B} run on EC2 instances in your VPC")
        assert f"(as of {managed_instances().as_of})" in finding.verdict.says

    def test_a_provider_for_others(self) -> None:
        assert outcome(capacity_provider(P)) is Outcome.UNDECIDED
        assert outcome(capacity_provider(P), function(A, capacity_provider=unknown("var.arn"))) is Outcome.UNDECIDED
        assert outcome(capacity_provider(P), module_call("module.m", "./m", links=(link(f"{P}.arn"),))) is Outcome.UNDECIDED
        assert outcome(capacity_provider(P, tags={"serverful:capacity-provider": REASON})) is Outcome.JUSTIFIED

    @pytest.mark.parametrize("key", ["capacity-provider", "SLS_PC_5"])
    def test_a_reason_stands_at_it_or_at_each_function(self, key: str) -> None:
        tags = {f"serverful:{key}": REASON}
        assert outcome(capacity_provider(P, tags=tags), on(A)) is Outcome.JUSTIFIED
        assert outcome(capacity_provider(P), on(A, tags=tags), on(B, tags=tags)) is Outcome.JUSTIFIED
        assert outcome(capacity_provider(P), on(A, tags=tags), on(B)) is Outcome.FAILED
        assert outcome(capacity_provider(P), on(A, tags={f"serverful:{key}": STALE})) is Outcome.FAILED

    @pytest.mark.parametrize("key", ["poller", "vpc", "provisioned-concurrency"])
    def test_a_reason_for_something_else_is_none(self, key: str) -> None:
        category = "cache" if key == "vpc" else "burst-scale"
        assert outcome(capacity_provider(P, tags={f"serverful:{key}": f"{category} until=2026-06-30 owner=risk"}), on(A)) is Outcome.FAILED

    def test_rad_3_leaves_the_question_to_it(self) -> None:
        assert found(capacity_provider(P), on(A), policy=RAD_3) == []
        (asked,) = found(on(A), policy=RAD_3)  # the provider is in another root
        assert (asked.verdict.outcome, asked.severity) == (Outcome.FAILED, Severity.INFO)


class TestPollers:
    @pytest.mark.parametrize(
        ("service", "minimum", "expected"),
        [
            ("SQS", 2, Outcome.PASSED),
            ("SQS", 3, Outcome.FAILED),
            ("MSK", 1, Outcome.PASSED),
            ("MSK", 2, Outcome.FAILED),
            ("self-managed Kafka", 2, Outcome.FAILED),
            ("a queue or stream", 2, Outcome.PASSED),
            ("SQS", unknown("var.pollers"), Outcome.UNDECIDED),
        ],
    )
    def test_above_what_the_source_needs(self, service: str, minimum: Any, expected: Outcome) -> None:
        reads = invocation(M, f"{A}.arn", Style.POLLED, service=service)
        (finding,) = found(poller(M, function=link(f"{A}.arn"), minimum=minimum), function(A), invocations=[reads])
        assert finding.verdict.outcome is expected
        if expected is Outcome.FAILED:
            assert (finding.severity, finding.verdict.feature) == (Severity.LOW, "poller")

    def test_a_reason_stands_at_the_mapping_or_at_its_function(self) -> None:
        kept = {"function": link(f"{A}.arn"), "minimum": 20}
        tags = {"serverful:poller": "burst-scale until=2026-06-30 owner=orders"}
        assert outcome(poller(M, **kept), function(A, tags=tags)) is Outcome.JUSTIFIED
        assert outcome(poller(M, tags=tags, **kept), function(A)) is Outcome.JUSTIFIED
        other = {"serverful:capacity-provider": REASON}
        assert outcome(poller(M, tags=other, **kept), function(A)) is Outcome.FAILED

    def test_perhaps_there_are_none(self) -> None:
        why = unknown("var.poller_configs")
        tags = {"serverful:poller": "burst-scale until=2026-06-30 owner=orders"}
        assert outcome(poller(M, function=link(f"{A}.arn"), exists=why, minimum=why, tags=tags), function(A)) is Outcome.UNDECIDED

    def test_rad_3_leaves_the_question_to_it(self) -> None:
        assert found(poller(M, function=link(f"{A}.arn"), minimum=20), function(A), policy=RAD_3) == []


def test_its_data_is_dated() -> None:
    data = managed_instances()
    assert isinstance(data.as_of, date) and data.source and (data.environments, data.fee_percent) == (3, 15)

"""SLS_PC_2 by cases: where a snapshot would do, where AWS has none, and what decides that elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from estates_by_hand import alias, estate, function, known, link, place, provisioned, unknown
from policies_by_hand import policy_of
from serverful.evidence.snapstart import snapstart
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_PC_2")

A = "aws_lambda_function.a"
CONFIG = provisioned("aws_lambda_provisioned_concurrency_config.a", f"{A}.arn", executions=5)


def asked(*things: Any, **given: Any) -> Verdict:
    subject = function(A, **{"runtime": "java21", **given})
    return POLICY(subject, estate(subject, *(things or (CONFIG,))))


@pytest.mark.parametrize(
    "runtime", ["java11", "java17", "java17.al2023", "java21", "java25", "python3.12", "python3.14", "dotnet8", "dotnet10"]
)
def test_a_snapshot_would_do(runtime: str) -> None:
    verdict = asked(runtime=known(runtime, place(A, line=4)))
    assert (verdict.outcome, verdict.kind, verdict.argument) == (Outcome.FAILED, Kind.CONTRADICTED, "snap_start")
    assert POLICY.severity is Severity.MEDIUM
    assert f"{runtime} has SnapStart (as of {snapstart().as_of})" in verdict.says
    assert [evidence.place.line for evidence in verdict.path] == [4, 1]
    assert verdict.instead is not None and 'snap_start { apply_on = "PublishedVersions" }' in verdict.instead
    assert CONFIG.address in verdict.instead


@pytest.mark.parametrize(
    "given",
    [
        *({"runtime": name} for name in ("java8.al2", "python3.11", "nodejs22.x", "ruby3.4", "provided.al2023", "dotnet6")),
        {"package_type": "Image", "runtime": None, "handler": None},
        {"file_system": known(link("aws_efs_access_point.a.arn"))},
        {"ephemeral_storage_mb": 513},
        {"ephemeral_storage_mb": 2048, "runtime": unknown("var.runtime")},
        {"runtime": "nodejs22.x", "file_system": unknown("var.efs")},
    ],
)
def test_there_is_no_other_warm_start(given: dict[str, Any]) -> None:
    verdict = asked(**given)
    assert verdict.outcome is Outcome.PASSED
    assert verdict.path[-1].place == CONFIG.place


@pytest.mark.parametrize("name", ["runtime", "package_type", "file_system", "ephemeral_storage_mb", "snap_start"])
def test_what_is_decided_elsewhere_is_named(name: str) -> None:
    verdict = asked(**{name: unknown("var.it")})
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
    assert [why.expression for why in verdict.unknown] == ["var.it"]


def test_a_capacity_that_may_not_be_there() -> None:
    verdict = asked(provisioned("x.a", f"{A}.arn", exists=unknown("var.kept")))
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, False)
    assert [why.expression for why in verdict.unknown] == ["var.kept"]
    assert asked(provisioned("x.a", f"{A}.arn", exists=unknown("var.kept")), CONFIG).outcome is Outcome.FAILED


def test_not_ours() -> None:
    subject = function(A, runtime="java21")
    assert POLICY(subject, estate(subject)).outcome is Outcome.NOT_OURS
    assert asked(snap_start=True).outcome is Outcome.NOT_OURS, "AWS refuses both together"


def test_the_data_is_dated() -> None:
    data = snapstart()
    assert isinstance(data.as_of, date) and data.source and data.ephemeral_storage_mb == 512
    assert all(runtime.startswith(("java", "python", "dotnet")) for runtime in data.runtimes)


@pytest.mark.parametrize(
    ("runtime", "says"),
    [
        ("python3.8", "python3.8 has no SnapStart (python3.12 and later have)."),
        ("java8.al2", "java8.al2 has no SnapStart (java11 and later have)."),
        ("dotnet9", "dotnet9 has no SnapStart."),
        ("nodejs22.x", "nodejs22.x has no SnapStart."),
        ("provided.al2023", "provided.al2023 has no SnapStart."),
    ],
)
def test_a_newer_runtime_that_has_it_is_told(runtime: str, says: str) -> None:
    assert asked(runtime=runtime).says.endswith(f"can have as it is: {says}")


@pytest.mark.parametrize("runtime", ["python3.99", "java99", "dotnet99"])
def test_what_is_newer_than_the_data_is_not_known_to_have_none(runtime: str) -> None:
    verdict = asked(runtime=runtime)
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
    assert f"whether {runtime} has SnapStart" in verdict.says


def test_it_is_called_by_the_alias_that_is_there_or_one_that_is_to_be_written() -> None:
    live = alias("aws_lambda_alias.live", A)
    called = asked(CONFIG, live).instead
    assert called is not None and "let callers name aws_lambda_alias.live, and" in called
    unnamed = asked().instead
    assert unnamed is not None and f"let callers name an aws_lambda_alias or {A}.qualified_arn" in unnamed

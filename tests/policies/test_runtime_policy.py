"""SLS_RT_1 by cases: what it says of compiled programs, interpreters, systems that have ended, and what it cannot tell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from estates_by_hand import build, environment, estate, function, known, layer_query, layer_version, link, listing, place, unknown
from policies_by_hand import judged, policy_of
from serverful.estate.model import Thing
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_RT_1")

A = "aws_lambda_function.a"
BREF = "arn:aws:lambda:eu-central-1:534081306603:layer:php-83-fpm:70"
BEFORE, AFTER = date(2026, 7, 30), date(2026, 11, 23)


def asked(*things: Thing, today: date = AFTER, **given: Any) -> Verdict:
    subject = function(A, **{"runtime": known("provided.al2023", place(A, line=4)), "handler": "index.handler", **given})
    return POLICY(subject, estate(subject, *things, today=today))


@pytest.mark.parametrize("given", [{"runtime": "python3.14"}, {"runtime": "dotnet8", "handler": "bootstrap"}, {"runtime": None}])
def test_a_managed_runtime_is_not_ours(given: dict[str, Any]) -> None:
    assert asked(**given).outcome is Outcome.NOT_OURS


def test_nor_is_one_that_is_not_known_or_an_image() -> None:
    assert asked(runtime=unknown("var.runtime")).outcome is Outcome.NOT_OURS
    assert asked(package_type="Image").outcome is Outcome.NOT_OURS


def test_a_compiled_program_passes() -> None:
    verdict = asked(handler=known("bootstrap", place(A, line=5)))
    assert (verdict.outcome, [seen.place.line for seen in verdict.path]) == (Outcome.PASSED, [4, 5])
    assert asked(build("null_resource.go", "go build")).outcome is Outcome.PASSED


def test_nothing_shows_one() -> None:
    verdict = asked()
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.UNEXPLAINED, Severity.LOW)
    assert verdict.argument == "runtime" and len(verdict.missed) == 2 and "provided.al2023" in verdict.says


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"layers": listing(link(BREF))}, "a layer brings Bref (PHP)"),
        ({"layers": listing(unknown=[unknown(BREF.replace("eu-central-1", "${var.region}"))])}, "a layer brings Bref (PHP)"),
        ({"environment": environment(BREF_LOOP_MAX="1")}, "BREF_LOOP_MAX"),
        ({"handler": "index.php"}, "a file of PHP"),
        ({"handler": "run.SH"}, "a file of a shell"),
    ],
)
def test_an_interpreter_is_more_serious(given: dict[str, Any], names: str) -> None:
    verdict = asked(build("null_resource.go", "go build"), **given)
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.UNEXPLAINED, Severity.MEDIUM)
    assert names in verdict.says


@pytest.mark.parametrize(
    ("layer", "severity"),
    [
        (layer_version("aws_lambda_layer_version.l", name="llrt-arm64"), Severity.MEDIUM),
        (layer_version("aws_lambda_layer_version.l", name="my_python3"), Severity.MEDIUM),
        (layer_query("data.aws_lambda_layer_version.l", f"{BREF.rpartition(':layer:')[0]}:layer:own-perl"), Severity.MEDIUM),
        (layer_version("aws_lambda_layer_version.l", name="nodeposit"), Severity.LOW),
        (layer_version("aws_lambda_layer_version.l", name=unknown("var.name")), Severity.LOW),
    ],
)
def test_a_layer_with_the_name_of_an_interpreter_makes_it_more_serious(layer: Thing, severity: Severity) -> None:
    layers = listing(link(f"{layer.address}.arn"))
    assert asked(layer, layers=layers).severity is severity
    assert asked(layer, layers=layers, handler="bootstrap").outcome is Outcome.PASSED, "a name decides nothing"


def test_an_interpreter_goes_before_the_handlers_name() -> None:
    assert asked(handler="bootstrap", layers=listing(link(BREF))).severity is Severity.MEDIUM


@pytest.mark.parametrize(("handler", "severity"), [("bootstrap", Severity.LOW), ("main", Severity.LOW), ("index.php", Severity.MEDIUM)])
def test_a_system_that_has_ended_is_a_fault_whatever_runs_on_it(handler: str, severity: Severity) -> None:
    verdict = asked(runtime="provided.al2", handler=handler)
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.CONTRADICTED, severity)
    assert "since 2026-07-31 (as of " in verdict.says and verdict.instead is not None and "provided.al2023" in verdict.instead


def test_before_that_day_it_is_judged_like_any() -> None:
    assert asked(runtime="provided.al2", handler="bootstrap", today=BEFORE).outcome is Outcome.PASSED
    assert asked(runtime="provided.al2", today=BEFORE).kind is Kind.UNEXPLAINED


def test_a_runtime_that_others_publish() -> None:
    verdict = asked(runtime="custom", handler="bootstrap")
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.UNEXPLAINED, None)


def test_what_cannot_be_seen_leaves_it_open_and_a_person_may_answer() -> None:
    verdict = asked(handler=unknown("var.handler"), sources=listing(unknown=[unknown("var.zip")]))
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
    assert [part.expression for part in verdict.unknown] == ["var.handler", "var.zip"]


@pytest.mark.parametrize(
    ("runtime", "key", "outcome"),
    [
        ("provided.al2023", "runtime", Outcome.JUSTIFIED),
        ("provided.al2", "runtime", Outcome.FAILED),
        ("provided.al2", "SLS_RT_1", Outcome.JUSTIFIED),
        ("provided.al2023", "image", Outcome.FAILED),
    ],
)
def test_which_reason_answers_it(runtime: str, key: str, outcome: Outcome) -> None:
    reasons = {f"serverful:{key}": "other until=2027-03-31 owner=shop three words here"}
    subject = function(A, runtime=runtime, handler="index.handler", tags=reasons)
    (finding,) = judged(estate(subject, today=AFTER), POLICY)
    assert finding.verdict.outcome is outcome

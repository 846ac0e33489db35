"""SLS_EXT_1 by cases: which layers are extensions, who wants them, who waits, and what is left open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from estates_by_hand import (
    estate,
    function,
    invocation,
    known,
    layer_query,
    layer_version,
    link,
    listing,
    module_call,
    place,
    provisioned,
    unknown,
)
from policies_by_hand import judged, policy_of
from serverful.estate.model import Invocation, Thing
from serverful.estate.settings import AllowedExtension, Settings
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_EXT_1")

A = "aws_lambda_function.a"
HEAD = "arn:aws:lambda:eu-central-1"
INSIGHTS = f"{HEAD}:580247275435:layer:LambdaInsightsExtension:38"
DATADOG = f"{HEAD}:464622532012:layer:Datadog-Extension:65"
PANDAS = f"{HEAD}:336392948345:layer:AWSSDKPandas-Python313:1"
BUILT = "aws_lambda_layer_version.own"
ASKED = "data.aws_lambda_layer_version.asked"


def asked(
    *layers: Any, things: Sequence[Thing] = (), calls: Sequence[Invocation] = (), settings: Settings | None = None, **given: Any
) -> Verdict:
    known_ones = [link(layer, place(A, line=7)) if isinstance(layer, str) else layer for layer in layers]
    items = [layer for layer in known_ones if not hasattr(layer, "mentions")]
    subject = function(A, layers=listing(*items, unknown=[layer for layer in known_ones if hasattr(layer, "mentions")]), **given)
    return POLICY(subject, estate(subject, *things, invocations=calls, settings=settings))


@pytest.mark.parametrize("layers", [(), (PANDAS,), (f"{HEAD}:123456789012:layer:own:3",)])
def test_libraries_are_not_ours(layers: tuple[str, ...]) -> None:
    assert asked(*layers).outcome is Outcome.NOT_OURS


def test_nor_is_what_an_image_holds() -> None:
    assert asked(INSIGHTS, package_type="Image").outcome is Outcome.NOT_OURS


def test_an_extension_is_asked_about() -> None:
    verdict = asked(PANDAS, INSIGHTS)
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.UNEXPLAINED, Severity.LOW)
    assert "CloudWatch Lambda Insights (as of " in verdict.says and verdict.argument == "layers"
    assert [seen.place.line for seen in verdict.path] == [7] and verdict.path[0].as_of is not None


def test_the_known_part_of_an_arn_is_enough() -> None:
    assert asked(unknown(INSIGHTS.replace("eu-central-1", "${var.region}"))).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("thing", "layer", "outcome"),
    [
        (layer_version(BUILT), f"{BUILT}.arn", Outcome.NOT_OURS),
        (layer_version(BUILT, name="vault-lambda-extension"), f"{BUILT}.arn", Outcome.FAILED),
        (layer_version(BUILT, extensions="build/layer"), f"{BUILT}.arn", Outcome.FAILED),
        (layer_version(BUILT, extensions=unknown("a.zip")), f"{BUILT}.arn", Outcome.UNDECIDED),
        (layer_query(ASKED, f"{HEAD}:*:layer:Datadog-Extension"), f"{ASKED}.arn", Outcome.FAILED),
        (layer_query(ASKED, "Datadog-Extension"), f"{ASKED}.arn", Outcome.FAILED),
        (layer_query(ASKED, "Datadog-Extension", exists=unknown("length(var.names)")), f"{ASKED}.arn", Outcome.UNDECIDED),
        (layer_query(ASKED, "own-tools"), f"{ASKED}.arn", Outcome.NOT_OURS),
    ],
)
def test_what_a_reference_leads_to(thing: Thing, layer: str, outcome: Outcome) -> None:
    assert asked(layer, things=[thing]).outcome is outcome


def test_the_layer_of_a_module_that_is_not_here_is_open() -> None:
    module = module_call("module.l", "acme/layer/aws")
    assert asked(link("module.l.arn", target="module.l", origin="module"), things=[module]).outcome is Outcome.UNDECIDED


def test_a_layer_of_which_nothing_is_known_is_open_and_nobody_is_asked() -> None:
    verdict = asked(PANDAS, unknown("var.layer"))
    assert (verdict.outcome, verdict.answerable, [u.expression for u in verdict.unknown]) == (Outcome.UNDECIDED, False, ["var.layer"])
    assert asked(INSIGHTS, unknown("var.layer")).outcome is Outcome.FAILED


WAITS = invocation("aws_lambda_function_url.u", f"{A}.function_name", service="function URL")


@pytest.mark.parametrize(
    ("layer", "beside", "severity"),
    [
        (DATADOG, {}, Severity.LOW),
        (DATADOG, {"calls": [WAITS]}, Severity.MEDIUM),
        (DATADOG, {"calls": [invocation("aws_lambda_invocation.t", f"{A}.function_name", service="Terraform")]}, Severity.LOW),
        (DATADOG, {"things": [provisioned("x.a", f"{A}.arn")]}, Severity.MEDIUM),
        (INSIGHTS, {"calls": [WAITS]}, Severity.LOW),
    ],
)
def test_somebody_elses_extension_is_more_serious_where_somebody_waits(layer: str, beside: dict[str, Any], severity: Severity) -> None:
    assert asked(layer, **beside).severity is severity


def test_what_the_organisation_wants_passes_and_what_is_beside_it_does_not() -> None:
    wanted = Settings(extensions=(AllowedExtension("LambdaInsights*", "operations want it", place("organisation")),))
    verdict = asked(INSIGHTS, settings=wanted)
    assert verdict.outcome is Outcome.PASSED and verdict.path[-1].says == "the organisation wants it: operations want it"
    beside = asked(INSIGHTS, DATADOG, settings=wanted)
    assert beside.outcome is Outcome.FAILED and "Datadog" in beside.says and "Insights" not in beside.says


def test_five_layers_are_all_there_are() -> None:
    full = [INSIGHTS, *(f"{HEAD}:123456789012:layer:own{n}:1" for n in range(4))]
    assert "five layers" in asked(*full).says and "five layers" not in asked(*full[:4]).says


def test_a_reason_answers_it() -> None:
    reason = {"serverful:extension": "observability until=2026-06-30 owner=shop"}
    subject = function(A, layers=listing(link(DATADOG)), tags=reason, name=known("a"))
    (finding,) = judged(estate(subject), POLICY)
    assert finding.verdict.outcome is Outcome.JUSTIFIED

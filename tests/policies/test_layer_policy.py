"""SLS_EXT_2 by cases: whose account a layer lies in, and at which version it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from estates_by_hand import estate, function, known, layer_query, layer_version, link, listing, module_call, unknown
from policies_by_hand import judged, policy_of
from serverful.estate.model import Thing
from serverful.estate.settings import Settings
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_EXT_2")

A = "aws_lambda_function.a"
HEAD = "arn:aws:lambda:eu-central-1"
POWERTOOLS = f"{HEAD}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:7"
KLAYERS = f"{HEAD}:770693421928:layer:Klayers-p312-pillow:4"
OWN = f"{HEAD}:123456789012:layer:tariffs:3"
FOREIGN = f"{HEAD}:999988887777:layer:tariffs:3"
ROLE = link("arn:aws:iam::123456789012:role/shop")
QUERY = "data.aws_lambda_layer_version.asked"


def asked(*layers: Any, things: Sequence[Thing] = (), settings: Settings | None = None, **given: Any) -> Verdict:
    links = [link(layer) if isinstance(layer, str) else layer for layer in layers]
    sure, open_ = [x for x in links if not hasattr(x, "mentions")], [x for x in links if hasattr(x, "mentions")]
    subject = function(A, layers=listing(*sure, unknown=open_), **given)
    return POLICY(subject, estate(subject, *things, settings=settings))


def test_without_layers_it_is_not_ours() -> None:
    assert asked().outcome is Outcome.NOT_OURS
    assert asked(KLAYERS, package_type="Image").outcome is Outcome.NOT_OURS


@pytest.mark.parametrize(
    ("layer", "role", "outcome"),
    [
        (POWERTOOLS, None, Outcome.PASSED),
        (POWERTOOLS, ROLE, Outcome.PASSED),
        (f"{HEAD}:534081306603:layer:php-83-fpm:70", ROLE, Outcome.PASSED),
        (f"{HEAD}:352183217350:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12", ROLE, Outcome.PASSED),
        (KLAYERS, None, Outcome.FAILED),
        (OWN, ROLE, Outcome.PASSED),
        (OWN, None, Outcome.UNDECIDED),
        (FOREIGN, ROLE, Outcome.FAILED),
        (FOREIGN, link("aws_iam_role.r.arn"), Outcome.UNDECIDED),
        (unknown(f"{HEAD}:${{data.aws_caller_identity.me.account_id}}:layer:tariffs:3"), None, Outcome.PASSED),
        (unknown(f"{HEAD}:${{var.account}}:layer:tariffs:3"), ROLE, Outcome.UNDECIDED),
        (unknown(KLAYERS.replace("eu-central-1", "${var.region}")), None, Outcome.FAILED),
        (unknown("var.layer"), ROLE, Outcome.UNDECIDED),
    ],
)
def test_whose_account_it_is(layer: Any, role: Any, outcome: Outcome) -> None:
    assert asked(layer, role=role).outcome is outcome


def test_a_fault_is_contradicted_and_says_what_to_do() -> None:
    verdict = asked(KLAYERS, unknown("var.layer"))
    assert (verdict.outcome, verdict.kind, verdict.argument) == (Outcome.FAILED, Kind.CONTRADICTED, "layers")
    assert "as of 2026-11-26" in verdict.says and "nothing here says that you trust them" in verdict.says
    assert verdict.instead is not None and "PyPI" in verdict.instead and "layer_publishers" in verdict.instead


def test_the_settings_trust_accounts() -> None:
    trusting = Settings(layer_publishers=("999988887777", "770693421928"))
    assert asked(FOREIGN, KLAYERS, role=ROLE, settings=trusting).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("version", "name", "outcome"),
    [
        (None, "tariffs", Outcome.FAILED),
        (3, "tariffs", Outcome.PASSED),
        (unknown("var.version"), "tariffs", Outcome.PASSED),
        (None, f"{HEAD}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64", Outcome.FAILED),
        (3, f"{HEAD}:770693421928:layer:Klayers-p312-pillow", Outcome.FAILED),
        (3, f"{HEAD}:123456789012:layer:tariffs", Outcome.UNDECIDED),
    ],
)
def test_a_query(version: Any, name: str, outcome: Outcome) -> None:
    assert asked(f"{QUERY}.arn", things=[layer_query(QUERY, name, version=version)]).outcome is outcome


def test_one_that_perhaps_is_not_there_is_left_open() -> None:
    verdict = asked(f"{QUERY}.arn", things=[layer_query(QUERY, "tariffs", exists=unknown("length(var.names)"))])
    assert (verdict.outcome, [u.expression for u in verdict.unknown]) == (Outcome.UNDECIDED, ["length(var.names)"])


def test_what_is_built_here_is_ones_own() -> None:
    assert asked("aws_lambda_layer_version.l.arn", things=[layer_version("aws_lambda_layer_version.l")]).outcome is Outcome.PASSED
    other = module_call("module.l", "acme/layers/aws")
    assert asked(link("module.l.arn", target="module.l", origin="module"), things=[other]).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(("key", "outcome"), [("SLS_EXT_2", Outcome.JUSTIFIED), ("extension", Outcome.FAILED)])
def test_only_a_reason_that_names_the_policy_answers_it(key: str, outcome: Outcome) -> None:
    reason = {f"serverful:{key}": "other until=2026-06-30 owner=shop three words here"}
    (finding,) = judged(estate(function(A, layers=listing(link(KLAYERS)), tags=reason, name=known("a"))), POLICY)
    assert finding.verdict.outcome is outcome

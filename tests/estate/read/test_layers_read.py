"""Layers as they are read: what is built here, what is asked for, and what a plan tells of either."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from blocks_by_hand import block, text, undecided

from serverful.estate.model import LayerQuery, LayerVersion, Other
from serverful.estate.read.build import things
from serverful.estate.value import Known, Unknown
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("given", "asked", "version"),
    [
        ({"layer_name": "tariffs"}, "tariffs", None),
        ({"layer_name": "tariffs", "version": 3}, "tariffs", 3),
        ({"layer_name": "tariffs", "version": None}, "tariffs", None),
        ({"layer_name": text("arn:aws:lambda:", undecided("var.region"), ":1:layer:x")}, "arn:aws:lambda:*:1:layer:x", None),
    ],
)
def test_a_query(given: dict[str, Any], asked: str, version: int | None) -> None:
    query = things([block("data.aws_lambda_layer_version.a", **given)])["data.aws_lambda_layer_version.a"]
    assert isinstance(query, LayerQuery) and isinstance(query.version, Known)
    assert (query.asked, query.version.value) == (asked, version)


def test_a_version_that_is_decided_elsewhere() -> None:
    query = things([block("data.aws_lambda_layer_version.a", layer_name="a", version=undecided("var.v"))])[
        "data.aws_lambda_layer_version.a"
    ]
    assert isinstance(query, LayerQuery) and isinstance(query.version, Unknown)


@pytest.mark.parametrize(
    ("name", "is_layer"),
    [
        ("/aws/service/powertools/python/arm64/python3.14/latest", True),
        ("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", False),
        ("/shop/layers/latest", False),
    ],
)
def test_a_parameter_that_holds_the_latest(name: str, is_layer: bool) -> None:
    thing = things([block("data.aws_ssm_parameter.a", name=name)])["data.aws_ssm_parameter.a"]
    assert isinstance(thing, LayerQuery if is_layer else Other)


def test_one_that_is_built_where_nobody_can_look() -> None:
    layer = things([block("aws_lambda_layer_version.a", layer_name="a", filename="a.zip")])["aws_lambda_layer_version.a"]
    assert isinstance(layer, LayerVersion) and isinstance(layer.extensions, Unknown)
    no_package = things([block("aws_lambda_layer_version.a", layer_name="a")])["aws_lambda_layer_version.a"]
    assert isinstance(no_package, LayerVersion) and no_package.extensions == Known(None, no_package.place, no_package.extensions.basis)  # type: ignore[union-attr]


ARN = "arn:aws:lambda:eu-central-1:123456789012:layer:tariffs:5"


def planned(version: bool) -> dict[str, Any]:
    """A plan of a function that takes a layer from a data source; the provider has read back which version that is."""
    function = {"function_name": "prices", "runtime": "python3.14", "handler": "app.handler", "filename": "a.zip", "layers": [ARN]}
    query = {"layer_name": "tariffs", "version": 5, "arn": ARN, "layer_arn": ARN.removesuffix(":5")}
    asked = {"layer_name": {"constant_value": "tariffs"}, **({"version": {"constant_value": 5}} if version else {})}
    one = {"address": "aws_lambda_function.a", "mode": "managed", "type": "aws_lambda_function", "name": "a"}
    two = {"address": "data.aws_lambda_layer_version.t", "mode": "data", "type": "aws_lambda_layer_version", "name": "t"}
    references = ["data.aws_lambda_layer_version.t.arn", "data.aws_lambda_layer_version.t"]
    configured = {name: {"constant_value": value} for name, value in function.items()} | {"layers": {"references": references}}
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [{**one, "values": function}]}},
        "resource_changes": [{**one, "change": {"actions": ["create"], "after": function, "after_unknown": {"arn": True}}}],
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": [{**two, "values": query}]}}},
        "configuration": {"root_module": {"resources": [{**one, "expressions": configured}, {**two, "expressions": asked}]}},
    }


@pytest.mark.parametrize(("version", "outcome"), [(False, Outcome.FAILED), (True, Outcome.PASSED)])
def test_a_plan_that_has_found_a_version_does_not_say_that_one_was_asked_for(version: bool, outcome: Outcome, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(planned(version)), "utf-8")
    (finding,) = scan([tmp_path / "plan.json"], today=TODAY, check=["SLS_EXT_2"]).findings
    assert finding.verdict.outcome is outcome

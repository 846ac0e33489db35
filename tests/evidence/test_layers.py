"""Well-known layers: what an ARN tells, also with open parts; and that the data can be read."""

from __future__ import annotations

import pytest

from serverful.evidence.layers import _read, extension_in, interpreter_in

HEAD = "arn:aws:lambda:eu-central-1"


@pytest.mark.parametrize(
    ("arn", "product"),
    [
        (f"{HEAD}:580247275435:layer:LambdaInsightsExtension:38", "CloudWatch Lambda Insights"),
        (f"{HEAD}:999999999999:layer:LambdaInsightsExtension-Arm64:1", "CloudWatch Lambda Insights"),
        ("arn:aws-cn:lambda:cn-north-1:488211338238:layer:LambdaInsightsExtension:1", "CloudWatch Lambda Insights"),
        ("arn:aws:lambda:${var.region}:580247275435:layer:LambdaInsightsExtension:${var.version}", "CloudWatch Lambda Insights"),
        ('"arn:aws:lambda:${data.aws_region.current.name}:464622532012:layer:Datadog-Extension:65"', "Datadog Lambda Extension"),
        (f"{HEAD}:464622532012:layer:Datadog-Extension-ARM-FIPS:65", "Datadog Lambda Extension"),
        (f"{HEAD}:464622532012:layer:Datadog-Extension${{local.suffix}}:65", "Datadog Lambda Extension"),
        ('format("arn:aws:lambda:%s:451483290750:layer:NewRelicPython312:%d", var.region, 5)', "New Relic Lambda extension"),
        (f"{HEAD}:901920570463:layer:aws-otel-python-amd64-ver-1-25-0:1", "AWS Distro for OpenTelemetry (collector)"),
        (f"{HEAD}:753240598075:layer:LambdaAdapterLayerX86:24", "Lambda Web Adapter"),
        (f"{HEAD}:${{var.account}}:layer:AWS-Parameters-and-Secrets-Lambda-Extension:11", "AWS Parameters and Secrets Lambda Extension"),
    ],
)
def test_an_extension_is_known_by_its_name(arn: str, product: str) -> None:
    layer = extension_in(arn)
    assert layer is not None and (layer.product, layer.kind) == (product, "extension")


@pytest.mark.parametrize(
    "arn",
    [
        f"{HEAD}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:7",  # a library
        f"{HEAD}:464622532012:layer:Datadog-Python313:110",
        f"{HEAD}:615299751070:layer:AWSOpenTelemetryDistroPython:5",  # a wrapper inside the process
        f"{HEAD}:336392948345:layer:AWSSDKPandas-Python313:1",
        f"{HEAD}:464622532012:layer:Datadog-${{var.layer}}:1",
        f"{HEAD}:464622532012:layer:${{var.layer}}:1",
        f"{HEAD}:111122223333:layer:MyLambdaInsightsExtensionTools:1",
        "var.layers",
        'var.insights ? ["arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:38"] : []',
        "aws_lambda_layer_version.lambda_insights_extension.arn",
        "",
        ":layer:",
    ],
)
def test_everything_else_is_none(arn: str) -> None:
    assert extension_in(arn) is None


def test_interpreters_are_known_by_account_and_name() -> None:
    assert interpreter_in(f"{HEAD}:534081306603:layer:php-83-fpm:70").product == "Bref (PHP)"  # type: ignore[union-attr]
    assert interpreter_in(f"{HEAD}:534081306603:layer:arm-php-83:70") is not None
    assert interpreter_in(f"{HEAD}:111122223333:layer:php-83:1") is None
    assert interpreter_in(f"{HEAD}:744348701589:layer:bash:8").product == "bash"  # type: ignore[union-attr]


@pytest.mark.parametrize("file", ["extensions.yaml", "interpreters.yaml"])
def test_the_data_is_dated_sourced_and_unambiguous(file: str) -> None:
    layers = _read(file)
    assert layers and all(layer.source and layer.as_of.year >= 2026 for layer in layers)
    assert len({layer.product for layer in layers}) == len(layers)
    assert all(len(account) == 12 and account.isdigit() for layer in layers for account in layer.accounts)
    assert {layer.kind for layer in layers} <= {"extension", "wrapper", "library", "interpreter"}

"""Services by their principals."""

from __future__ import annotations

import pytest

from serverful.estate.model import Style
from serverful.evidence.principals import _read, service_of


@pytest.mark.parametrize(
    ("principal", "name", "style"),
    [
        ("apigateway.amazonaws.com", "API Gateway", "synchronous"),
        ("Events.amazonaws.com ", "EventBridge", "asynchronous"),
        ("logs.eu-central-1.amazonaws.com", "CloudWatch Logs", "asynchronous"),
        ("states.cn-north-1.amazonaws.com.cn", "Step Functions", "synchronous"),
        ("lambda.alarms.cloudwatch.amazonaws.com", "CloudWatch alarm", "asynchronous"),
        ("alexa-appkit.amazon.com", "Alexa", "synchronous"),
        ("sqs.amazonaws.com", "SQS", "polled"),
        ("pipes.amazonaws.com", "EventBridge Pipes", "either"),
    ],
)
def test_a_service_is_known_by_its_principal(principal: str, name: str, style: str) -> None:
    service = service_of(principal)
    assert service is not None
    assert (service.name, service.style) == (name, style)


@pytest.mark.parametrize("principal", ["*", "123456789012", "arn:aws:iam::1:root", "apigateway", "ec2.amazonaws.com", "", "amazonaws.com"])
def test_nobody_else_is_a_service_that_calls(principal: str) -> None:
    assert service_of(principal) is None


def test_the_data_is_dated_and_says_only_styles_that_there_are() -> None:
    services = _read().values()
    assert {service.style for service in services} <= {style.value for style in Style}
    assert len({service.as_of for service in services}) == 1

"""Callers that wait: integrations, OpenAPI bodies, balancers, URLs and the services that ask."""

from __future__ import annotations

import json

import pytest
from blocks_by_hand import block, dynamic, encoded, nested, ref, text, undecided
from callers_by_hand import EITHER, EVENT, FN, LIVE, OTHER, WAITS, calls, told

from serverful.estate.model import Style
from serverful.estate.read.term import Literal

API = block("aws_api_gateway_rest_api.api", name="api")
HTTP = block("aws_apigatewayv2_api.http", name="http")


def integration(**given: object) -> list[tuple[str, Style, str]]:
    return told(API, block("aws_api_gateway_integration.i", rest_api_id=ref(API, "id"), **given))


def test_a_proxy_integration_waits_for_its_function() -> None:
    assert integration(type="AWS_PROXY", uri=ref(FN, "invoke_arn")) == [("API Gateway", WAITS, "fn")]
    assert integration(type="AWS_PROXY", uri=ref(LIVE, "invoke_arn")) == [("API Gateway", WAITS, "fn:live")]
    assert integration(type="AWS_PROXY", uri=undecided("var.uri")) == [("API Gateway", WAITS, "<var.uri>")]


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        (None, WAITS),
        ({"integration.request.header.Accept": "'*/*'"}, WAITS),
        ({"integration.request.header.X-Amz-Invocation-Type": "'Event'"}, EVENT),
        ({"integration.request.header.X-Amz-Invocation-Type": "'RequestResponse'"}, WAITS),
        ({"integration.request.header.X-Amz-Invocation-Type": "method.request.header.InvocationType"}, EITHER),
        (undecided("var.parameters"), EITHER),
    ],
)
def test_a_header_makes_an_integration_asynchronous(parameters: object, style: Style) -> None:
    assert integration(type="AWS", uri=ref(FN, "invoke_arn"), request_parameters=parameters) == [("API Gateway", style, "fn")]


def test_the_header_means_nothing_to_a_proxy() -> None:
    parameters = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    assert integration(type="AWS_PROXY", uri=ref(FN, "invoke_arn"), request_parameters=parameters) == [("API Gateway", WAITS, "fn")]


@pytest.mark.parametrize(
    "given",
    [
        {"type": "HTTP_PROXY", "uri": undecided("var.uri")},
        {"type": "MOCK"},
        {"type": "AWS", "uri": "arn:aws:apigateway:eu-central-1:sqs:path/1/orders"},
        {"type": "AWS", "uri": undecided("var.queue_uri")},
    ],
)
def test_an_integration_of_something_else_calls_nobody(given: dict[str, object]) -> None:
    assert integration(**given) == []


def test_http_and_websocket_integrations() -> None:
    def told_of(**given: object) -> list[tuple[str, Style, str]]:
        return told(HTTP, block("aws_apigatewayv2_integration.i", api_id=ref(HTTP, "id"), **given))

    assert told_of(integration_type="AWS_PROXY", integration_uri=ref(FN, "arn")) == [("API Gateway", WAITS, "fn")]
    assert told_of(integration_type="AWS_PROXY", integration_subtype="SQS-SendMessage", integration_uri=undecided("var.x")) == []
    assert told_of(integration_type="HTTP_PROXY", integration_uri="https://orders.example.com") == []
    event = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    given = told_of(integration_type="AWS", integration_uri=ref(FN, "invoke_arn"), request_parameters=event)
    assert given == [("API Gateway", EVENT, "fn")]


def test_quick_create() -> None:
    assert told(block("aws_apigatewayv2_api.quick", target=ref(FN, "arn"))) == [("API Gateway", WAITS, "fn")]
    assert told(block("aws_apigatewayv2_api.quick", target="https://orders.example.com")) == []


def openapi(*, uri: object, kind: str = "aws_proxy", **given: object) -> dict[str, object]:
    integration_ = {"type": kind, "httpMethod": "POST", "uri": uri, **given}
    return {"openapi": "3.0.1", "paths": {"/orders": {"get": {"x-amazon-apigateway-integration": integration_}}}}


ARN = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:1:function:orders/invocations"
_YAML = """
openapi: 3.0.1
paths:
  /orders:
    get:
      x-amazon-apigateway-integration: { type: aws_proxy, uri: "%s" }
"""


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (encoded(openapi(uri=ref(FN, "invoke_arn"))), [("API Gateway", WAITS, "fn")]),
        (json.dumps(openapi(uri=ARN)), [("API Gateway", WAITS, "fn")]),
        (
            text(
                '{"paths": {"/": {"get": {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "',
                ref(LIVE, "invoke_arn"),
                '"}}}}}',
            ),
            [("API Gateway", WAITS, "fn:live")],
        ),
        (_YAML % ARN, [("API Gateway", WAITS, "fn")]),
        (text(*_YAML.split("%s")[:1], ref(FN, "invoke_arn"), _YAML.split("%s")[1]), [("API Gateway", WAITS, "fn")]),
        (text(_YAML.split("%s")[0], ref(FN, "invoke_arn"), "\n# X-Amz-Invocation-Type"), [("API Gateway", EITHER, "fn")]),
        (undecided("var.openapi"), [("API Gateway", WAITS, "<var.openapi>?")]),
        (encoded(openapi(uri=ref(FN, "invoke_arn"), kind="http_proxy")), []),
        (encoded({"paths": undecided("var.paths")}), [("API Gateway", WAITS, "<var.paths>?")]),
        (
            encoded(
                openapi(
                    uri=ref(FN, "invoke_arn"), kind="aws", requestParameters={"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
                )
            ),
            [("API Gateway", EVENT, "fn")],
        ),
        (
            encoded(
                {"components": {"securitySchemes": {"a": {"x-amazon-apigateway-authorizer": {"authorizerUri": ref(OTHER, "invoke_arn")}}}}}
            ),
            [("API Gateway authorizer", WAITS, "other")],
        ),
        (None, []),
    ],
)
def test_bodies(body: object, seen: list[tuple[str, Style, str]]) -> None:
    assert told(block("aws_api_gateway_rest_api.api", body=body)) == seen
    assert told(block("aws_apigatewayv2_api.api", body=body)) == seen


def test_an_arn_of_lambda_in_a_body_is_one_whatever_its_name_speaks_of() -> None:
    """YAML: the name cannot be followed and speaks of an API, but an API cannot stand there."""
    way = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:1:function:"
    computed = undecided('substr("${local.prefix}--api--orders", 0, 64)')
    body = text(f"openapi: 3.0.0\npaths:\n  /orders:\n    get:\n      uri: {way}", computed, "/invocations\n")
    assert told(block("aws_api_gateway_rest_api.api", body=body)) == [("API Gateway", WAITS, f"<{computed.expression}>")]


def test_a_body_rendered_by_a_template_file() -> None:
    template = json.dumps(openapi(uri="${handler}"))
    data = block("data.template_file.openapi", template=Literal(template), vars={"handler": ref(FN, "invoke_arn")})
    assert told(block("aws_api_gateway_rest_api.api", body=ref(data, "rendered"))) == [("API Gateway", WAITS, "fn")]


def test_a_function_behind_a_load_balancer() -> None:
    balancer = block("aws_lb.front")
    group = block("aws_lb_target_group.fn", target_type="lambda")
    listener = block("aws_lb_listener.https", load_balancer_arn=ref(balancer, "arn"))
    forward = nested(forward=nested(target_group=nested(arn=ref(group, "arn"))))
    rule = block("aws_lb_listener_rule.orders", listener_arn=ref(listener, "arn"), action=forward)
    target = block("aws_lb_target_group_attachment.fn", target_group_arn=ref(group, "arn"), target_id=ref(FN, "arn"))
    (call,) = calls(balancer, group, listener, rule, target)
    assert (call.service, call.style) == ("Application Load Balancer", WAITS)
    assert call.source is not None and call.source.target == "aws_lb.front"
    (alone,) = calls(group, target)
    assert alone.source is not None and alone.source.target == "aws_lb_target_group.fn"


def test_a_target_that_is_no_function() -> None:
    group = block("aws_lb_target_group.web", target_type="instance")
    target = block("aws_lb_target_group_attachment.web", target_group_arn=ref(group, "arn"), target_id=undecided("var.instance"))
    assert told(group, target) == []
    elsewhere = block("aws_lb_target_group_attachment.x", target_group_arn=undecided("var.group"), target_id=undecided("var.instance"))
    assert told(elsewhere) == []


def test_a_lattice_target_group() -> None:
    group = block("aws_vpclattice_target_group.fn", type="LAMBDA")
    target = block("aws_vpclattice_target_group_attachment.fn", target_group_identifier=ref(group, "id"), target=nested(id=ref(FN, "arn")))
    assert told(group, target) == [("VPC Lattice", WAITS, "fn")]


def test_a_function_url_of_an_alias() -> None:
    url = block("aws_lambda_function_url.u", function_name=ref(FN, "function_name"), qualifier=ref(LIVE, "name"))
    assert told(url) == [("function URL", WAITS, "fn:live")]


def test_the_edge_calls_the_published_version() -> None:
    at_edge = nested(lambda_arn=ref(FN, "qualified_arn"), event_type="viewer-request")
    distribution = block(
        "aws_cloudfront_distribution.d",
        default_cache_behavior=nested(lambda_function_association=at_edge),
        ordered_cache_behavior=[nested(lambda_function_association=nested(lambda_arn=ref(OTHER, "arn")))],
    )
    assert told(distribution) == [("CloudFront", WAITS, "fn:"), ("CloudFront", WAITS, "other")]


def test_a_dynamic_block_that_is_decided_elsewhere_may_call() -> None:
    at_edge = dynamic("var.edge", lambda_arn=ref(FN, "qualified_arn"))
    sure = block("aws_cloudfront_distribution.d", default_cache_behavior=nested(lambda_function_association=at_edge))
    assert told(sure) == [("CloudFront", WAITS, "fn:?")]
    hidden = block("aws_cloudfront_distribution.d", default_cache_behavior=nested(lambda_function_association=dynamic("var.edge")))
    assert told(hidden) == [("CloudFront", WAITS, "<var.edge>?")]


SERVICES = [
    ("aws_api_gateway_authorizer", {"authorizer_uri": ref(FN, "invoke_arn")}, "API Gateway authorizer"),
    ("aws_apigatewayv2_authorizer", {"authorizer_uri": ref(FN, "invoke_arn")}, "API Gateway authorizer"),
    ("aws_appsync_datasource", {"type": "AWS_LAMBDA", "lambda_config": nested(function_arn=ref(FN, "arn"))}, "AppSync"),
    ("aws_appsync_graphql_api", {"lambda_authorizer_config": nested(authorizer_uri=ref(FN, "arn"))}, "AppSync authorizer"),
    ("aws_cognito_user_pool", {"lambda_config": nested(pre_sign_up=ref(FN, "arn"))}, "Cognito"),
    ("aws_cognito_user_pool", {"lambda_config": nested(custom_email_sender=nested(lambda_arn=ref(FN, "arn")))}, "Cognito"),
    ("aws_lex_intent", {"fulfillment_activity": nested(code_hook=nested(uri=ref(FN, "arn")))}, "Lex"),
    ("aws_connect_lambda_function_association", {"function_arn": ref(FN, "arn")}, "Connect"),
    ("aws_bedrockagent_agent_action_group", {"action_group_executor": nested(**{"lambda": ref(FN, "arn")})}, "Bedrock agent"),
    (
        "aws_bedrockagentcore_gateway_target",
        {"target_configuration": nested(mcp=nested(**{"lambda": nested(lambda_arn=ref(FN, "arn"))}))},
        "Bedrock AgentCore",
    ),
    ("aws_transfer_server", {"function": ref(FN, "arn")}, "Transfer Family"),
    ("aws_ec2_client_vpn_endpoint", {"client_connect_options": nested(lambda_function_arn=ref(FN, "arn"))}, "Client VPN"),
    ("aws_iot_authorizer", {"authorizer_function_arn": ref(FN, "arn")}, "IoT authorizer"),
    ("aws_athena_data_catalog", {"parameters": nested(function=ref(FN, "arn"))}, "Athena"),
    (
        "aws_s3control_object_lambda_access_point",
        {
            "configuration": nested(
                transformation_configuration=nested(content_transformation=nested(aws_lambda=nested(function_arn=ref(FN, "arn"))))
            )
        },
        "S3 Object Lambda",
    ),
    ("aws_lambda_invocation", {"function_name": "orders"}, "Terraform"),
]


@pytest.mark.parametrize(("type_", "given", "service"), SERVICES, ids=[f"{row[0]}-{n}" for n, row in enumerate(SERVICES)])
def test_services_that_ask(type_: str, given: dict[str, object], service: str) -> None:
    assert told(block(f"{type_}.x", arguments=given)) == [(service, WAITS, "fn")]


def test_terraform_calls_by_a_data_source_too() -> None:
    assert told(block("data.aws_lambda_invocation.x", function_name=ref(FN, "function_name"), qualifier="live")) == [
        ("Terraform", WAITS, "fn:live")
    ]

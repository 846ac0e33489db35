"""Ways in, read from Terraform as people write it: which method and path, whether the internet reaches it, how long it waits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful.estate.model import Entry
from serverful.estate.read import reader
from serverful.estate.value import Known, Unknown, Value

FUNCTION = """
provider "aws" {}
variable "stage" {}
resource "aws_lambda_function" "f" {
  function_name = "orders"
}
"""
REST = """
resource "aws_api_gateway_rest_api" "a" {
  name = "shop"
  %s
}
resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "orders"
}
resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_resource.orders.id
  path_part   = "{order}"
}
resource "aws_api_gateway_integration" "i" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  resource_id = aws_api_gateway_resource.order.id
  http_method = "get"
  type        = "AWS_PROXY"
  uri         = aws_lambda_function.f.invoke_arn
  %s
}
"""
HTTP = """
resource "aws_apigatewayv2_api" "a" {
  name          = "shop"
  protocol_type = "%s"
}
resource "aws_apigatewayv2_integration" "i" {
  api_id               = aws_apigatewayv2_api.a.id
  integration_type     = "AWS_PROXY"
  integration_uri      = aws_lambda_function.f.arn
  timeout_milliseconds = 5000
}
resource "aws_apigatewayv2_route" "r" {
  api_id    = aws_apigatewayv2_api.a.id
  route_key = "%s"
  target    = "integrations/${aws_apigatewayv2_integration.i.id}"
}
"""


def entries(folder: Path, *texts: str) -> tuple[Entry, ...]:
    (folder / "main.tf").write_text("\n".join((FUNCTION, *texts)), encoding="utf-8")
    (estate,) = (root.estate for root in reader.read([folder], today=date(2026, 1, 15)).roots if root.estate is not None)
    return estate.entries


def told(value: Value[object] | None) -> object:
    match value:
        case Known(known):
            return known
        case Unknown(expression):
            return f"?{expression}"
    return None


def all_told(found: tuple[Entry, ...]) -> list[tuple[str, str, object, object]]:
    return [(entry.kind, entry.name, told(entry.is_public), told(entry.waits_ms)) for entry in found]


@pytest.mark.parametrize(
    ("api", "integration", "is_public", "waits"),
    [
        ("", "", True, 29000),
        ('endpoint_configuration {\n types = ["REGIONAL"]\n }', "timeout_milliseconds = 60000", True, 60000),
        ('endpoint_configuration {\n types = ["PRIVATE"]\n }', "", False, 29000),
        ("endpoint_configuration {\n types = [var.stage]\n }", "timeout_milliseconds = var.stage", "?var.stage", "?var.stage"),
    ],
)
def test_a_rest_api(tmp_path: Path, api: str, integration: str, is_public: object, waits: object) -> None:
    assert all_told(entries(tmp_path, REST % (api, integration))) == [("REST API", "GET /orders/{order}", is_public, waits)]


@pytest.mark.parametrize(
    ("protocol", "key", "expected"),
    [
        ("HTTP", "POST /orders", [("HTTP API", "POST /orders", True, 5000)]),
        ("HTTP", "$default", [("HTTP API", "HTTP API", True, 5000)]),
        ("HTTP", "ANY /{proxy+}", [("HTTP API", "ANY /{proxy+}", True, 5000)]),
        ("WEBSOCKET", "$connect", []),
    ],
)
def test_a_route(tmp_path: Path, protocol: str, key: str, expected: list[object]) -> None:
    found = entries(tmp_path, HTTP % (protocol, key))
    assert all_told(found) == expected
    assert [entry.is_greedy for entry in found] == [not key.startswith("POST") for _ in expected]


def test_an_openapi_document_with_a_timeout_and_every_method(tmp_path: Path) -> None:
    body = """
resource "aws_apigatewayv2_api" "a" {
  name          = "shop"
  protocol_type = "HTTP"
  body = jsonencode({
    paths = {
      "/orders" = {
        post = { "x-amazon-apigateway-integration" = { "$ref" = "#/components/x-amazon-apigateway-integrations/f" } }
      }
      "/any" = {
        "x-amazon-apigateway-any-method" = {
          "x-amazon-apigateway-integration" = { type = "aws_proxy", uri = aws_lambda_function.f.invoke_arn, timeoutInMillis = 1000 }
        }
      }
      "/mock" = { get = { "x-amazon-apigateway-integration" = { type = "mock" } } }
    }
    components = {
      "x-amazon-apigateway-integrations" = { f = { type = "aws_proxy", uri = aws_lambda_function.f.invoke_arn } }
    }
  })
}
"""
    assert sorted(all_told(entries(tmp_path, body))) == [("HTTP API", "ANY /any", True, 1000), ("HTTP API", "POST /orders", True, 30000)]


def test_a_url_and_quick_create_take_everything(tmp_path: Path) -> None:
    written = """
resource "aws_lambda_function_url" "u" {
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "NONE"
}
resource "aws_apigatewayv2_api" "a" {
  name          = "shop"
  protocol_type = "HTTP"
  target        = aws_lambda_function.f.arn
}
"""
    found = entries(tmp_path, written)
    assert all_told(found) == [("HTTP API", "HTTP API", True, 30000), ("function URL", "function URL", True, None)]
    assert all(entry.is_greedy for entry in found)


def test_permissions_and_authorizers_are_no_ways_in(tmp_path: Path) -> None:
    written = """
resource "aws_lambda_permission" "p" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "apigateway.amazonaws.com"
}
resource "aws_apigatewayv2_authorizer" "z" {
  api_id          = "a1b2c3"
  name            = "z"
  authorizer_type = "REQUEST"
  authorizer_uri  = aws_lambda_function.f.invoke_arn
}
"""
    assert entries(tmp_path, written) == ()


def test_a_resolver_that_may_not_wait_is_told_apart(tmp_path: Path) -> None:
    written = """
resource "aws_appsync_graphql_api" "a" {
  name                = "shop"
  authentication_type = "AWS_IAM"
  visibility          = "PRIVATE"
}
resource "aws_appsync_datasource" "d" {
  api_id = aws_appsync_graphql_api.a.id
  name   = "orders"
  type   = "AWS_LAMBDA"
  lambda_config {
    function_arn = aws_lambda_function.f.arn
  }
}
resource "aws_appsync_resolver" "one" {
  api_id      = aws_appsync_graphql_api.a.id
  type        = "Mutation"
  field       = "place"
  data_source = "orders"
}
resource "aws_appsync_resolver" "two" {
  api_id           = aws_appsync_graphql_api.a.id
  type             = "Mutation"
  field            = "tell"
  data_source      = aws_appsync_datasource.d.name
  request_template = "{\\"operation\\": \\"Invoke\\", \\"invocationType\\": \\"Event\\"}"
}
"""
    found = entries(tmp_path, written)
    assert all_told(found) == [("AppSync", "Mutation place", False, 30000), ("AppSync", "Mutation tell", False, 30000)]
    assert [entry.call.style.name for entry in found] == ["SYNCHRONOUS", "EITHER"]

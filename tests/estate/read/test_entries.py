"""Ways in, read from Terraform as people write it: which method and path, whether the internet reaches it, how long it waits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful.estate.model import Api, Entry
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
        ("WEBSOCKET", "$connect", [("WebSocket API", "$connect", True, 5000)]),
    ],
)
def test_a_route(tmp_path: Path, protocol: str, key: str, expected: list[object]) -> None:
    found = entries(tmp_path, HTTP % (protocol, key))
    assert all_told(found) == expected
    assert [entry.is_greedy for entry in found] == [key in ("$default", "ANY /{proxy+}")]


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


def asked(entry: Entry) -> list[str]:
    """What asks who comes in, and what may."""
    return [*(guard.says for guard in entry.guards.items), *(f"?{part.expression}" for part in entry.guards.unknown)]


METHOD = """
resource "aws_api_gateway_method" "m" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.order.id
  http_method   = "GET"
  authorization = %s
}
"""
DOMAIN = """
resource "aws_apigatewayv2_domain_name" "d" {
  domain_name = "shop.example.com"
  %s
}
resource "aws_apigatewayv2_api_mapping" "m" {
  api_id      = aws_api_gateway_rest_api.a.id
  domain_name = "shop.example.com"
  stage       = "live"
}
"""
MUTUAL = 'mutual_tls_authentication {\n truststore_uri = "s3://trust/store.pem"\n }'


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (METHOD % '"NONE"', []),
        (METHOD % '"AWS_IAM"', ['authorization = "AWS_IAM"']),
        (METHOD % '"COGNITO_USER_POOLS"', ['authorization = "COGNITO_USER_POOLS"']),
        (METHOD % "var.stage", ["?var.stage"]),
        (METHOD.replace('"GET"', '"POST"') % '"NONE"', ["?the authorization of the method of aws_api_gateway_integration.i"]),
    ],
)
def test_what_the_method_of_an_integration_asks(tmp_path: Path, method: str, expected: list[str]) -> None:
    (entry,) = entries(tmp_path, REST % ("", ""), method)
    assert (asked(entry), entry.api) == (expected, "aws_api_gateway_rest_api.a")


def test_a_method_is_found_by_reference(tmp_path: Path) -> None:
    rest = (REST % ("", "")).replace('"get"', "aws_api_gateway_method.m.http_method")
    (entry,) = entries(tmp_path, rest, METHOD % '"CUSTOM"')
    assert (asked(entry), entry.name) == (['authorization = "CUSTOM"'], "GET /orders/{order}")


@pytest.mark.parametrize(
    ("closed", "domain", "expected"),
    [
        ("true", DOMAIN % MUTUAL, ["mutual TLS"]),
        ("false", DOMAIN % MUTUAL, []),
        ("true", DOMAIN % "", []),
        ("true", "", ["?the domain names of aws_api_gateway_rest_api.a"]),
        ("var.stage", DOMAIN % MUTUAL, ["?var.stage"]),
    ],
)
def test_mutual_tls_counts_where_no_way_leads_past_it(tmp_path: Path, closed: str, domain: str, expected: list[str]) -> None:
    (entry,) = entries(tmp_path, REST % (f"disable_execute_api_endpoint = {closed}", ""), METHOD % '"NONE"', domain)
    assert asked(entry) == expected


@pytest.mark.parametrize(
    ("route", "expected"), [("", []), ('authorization_type = "JWT"', ['authorization_type = "JWT"']), ('authorization_type = "NONE"', [])]
)
def test_what_a_route_asks(tmp_path: Path, route: str, expected: list[str]) -> None:
    http = (HTTP % ("HTTP", "GET /orders")).replace('route_key = "GET /orders"', f'route_key = "GET /orders"\n{route}')
    (entry,) = entries(tmp_path, http)
    assert asked(entry) == expected


CONNECT = """
resource "aws_apigatewayv2_route" "connect" {
  api_id             = aws_apigatewayv2_api.a.id
  route_key          = %s
  authorization_type = "CUSTOM"
}
"""


@pytest.mark.parametrize(
    ("connect", "expected"),
    [("", []), (CONNECT % '"$connect"', ['authorization_type = "CUSTOM"']), (CONNECT % "var.stage", ["?var.stage"])],
)
def test_a_websocket_api_asks_on_connect(tmp_path: Path, connect: str, expected: list[str]) -> None:
    (entry,) = entries(tmp_path, HTTP % ("WEBSOCKET", "say"), connect)
    assert asked(entry) == expected


def operation(security: str) -> str:
    integration = '"x-amazon-apigateway-integration" = { type = "aws_proxy", uri = aws_lambda_function.f.invoke_arn }'
    return f"""
resource "aws_api_gateway_rest_api" "a" {{
  name = "shop"
  body = jsonencode({{
    security = [{{ signed = [] }}]
    paths = {{ "/orders" = {{ get = {{ {security}{integration} }} }} }}
    components = {{ securitySchemes = {{
      signed = {{ type = "apiKey", "x-amazon-apigateway-authtype" = "awsSigv4" }}
      tokens = {{ type = "oauth2", "x-amazon-apigateway-authorizer" = {{ type = "jwt" }} }}
      key    = {{ type = "apiKey", name = "x-api-key", in = "header" }}
      hidden = var.stage
    }} }}
  }})
}}
"""


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ("", ["the security scheme signed"]),
        ("security = [{ tokens = [] }], ", ["the security scheme tokens"]),
        ("security = [{ key = [] }], ", []),
        ("security = [], ", []),
        ("security = [{ tokens = [] }, {}], ", []),
        ("security = [{ hidden = [] }], ", ["?var.stage"]),
        ('"x-amazon-apigateway-auth" = { type = "NONE" }, ', []),
        ('"x-amazon-apigateway-auth" = { type = "AWS_IAM" }, ', ['x-amazon-apigateway-auth.type = "AWS_IAM"']),
    ],
)
def test_what_an_operation_of_a_document_asks(tmp_path: Path, security: str, expected: list[str]) -> None:
    (entry,) = entries(tmp_path, operation(security))
    assert asked(entry) == expected


GRAPHQL = """
resource "aws_appsync_graphql_api" "a" {
  name                = "shop"
  authentication_type = "%s"
  %s
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
  type        = "Query"
  field       = "orders"
  data_source = aws_appsync_datasource.d.name
}
"""
OTHER_WAY = 'additional_authentication_provider {\n authentication_type = "%s"\n }'


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("API_KEY", "", []),
        ("AWS_IAM", "", ['authentication_type = "AWS_IAM"']),
        ("AWS_IAM", OTHER_WAY % "OPENID_CONNECT", ['authentication_type = "AWS_IAM"']),
        ("AWS_IAM", OTHER_WAY % "API_KEY", ["?what the schema of aws_appsync_graphql_api.a says of this field"]),
        ("API_KEY", OTHER_WAY % "AWS_IAM", ["?what the schema of aws_appsync_graphql_api.a says of this field"]),
    ],
)
def test_what_a_field_asks(tmp_path: Path, first: str, second: str, expected: list[str]) -> None:
    (entry,) = entries(tmp_path, GRAPHQL % (first, second))
    assert asked(entry) == expected


BALANCER = """
resource "aws_lb" "b" { name = "b" }
resource "aws_lb_target_group" "g" { target_type = "lambda" }
resource "aws_lb_target_group_attachment" "t" {
  target_group_arn = aws_lb_target_group.g.arn
  target_id        = aws_lambda_function.f.arn
}
"""
LISTENER = """
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.b.arn
  %s
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.g.arn
  }
}
"""
SIGN_IN = 'default_action {\n type = "authenticate-oidc"\n }'


@pytest.mark.parametrize(
    ("listeners", "expected"),
    [
        (LISTENER % "", []),
        (LISTENER % SIGN_IN, ['an action of type "authenticate-oidc"']),
        (LISTENER % 'mutual_authentication {\n mode = "verify"\n }', ["mutual TLS"]),
        (LISTENER % 'mutual_authentication {\n mode = "passthrough"\n }', []),
        ((LISTENER % SIGN_IN) + (LISTENER % "").replace('"l"', '"m"'), []),
        ("", ["?which listener forwards to the target group of aws_lb_target_group_attachment.t"]),
    ],
)
def test_what_the_listeners_of_a_balancer_ask(tmp_path: Path, listeners: str, expected: list[str]) -> None:
    (entry,) = entries(tmp_path, BALANCER, listeners)
    assert asked(entry) == expected


@pytest.mark.parametrize(("kind", "expected"), [("NONE", []), ("AWS_IAM", ['authorization_type = "AWS_IAM"'])])
def test_what_a_url_asks(tmp_path: Path, kind: str, expected: list[str]) -> None:
    written = f'resource "aws_lambda_function_url" "u" {{\nfunction_name = aws_lambda_function.f.arn\nauthorization_type = "{kind}"\n}}'
    (entry,) = entries(tmp_path, written)
    assert asked(entry) == expected


POLICY = 'jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "execute-api:Invoke" }] })'


@pytest.mark.parametrize(
    "written",
    [
        f"policy = {POLICY}",
        f'}}\nresource "aws_api_gateway_rest_api_policy" "p" {{\n rest_api_id = aws_api_gateway_rest_api.a.id\n policy = {POLICY}',
        'body = jsonencode({ "x-amazon-apigateway-policy" = { Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, '
        'Action = "execute-api:Invoke" }] } })',
    ],
    ids=["in it", "beside it", "in its document"],
)
def test_an_api_knows_its_resource_policy(tmp_path: Path, written: str) -> None:
    text = f'{FUNCTION}\nresource "aws_api_gateway_rest_api" "a" {{\n name = "shop"\n {written}\n}}'
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    (root,) = reader.read([tmp_path], today=date(2026, 1, 15)).roots
    assert root.estate is not None
    (api,) = root.estate.all(Api)
    assert [[p.link.expression for s in policy.statements for p in s.principals] for policy in api.policies] == [["111122223333"]]

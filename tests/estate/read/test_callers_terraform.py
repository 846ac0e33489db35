"""Callers in Terraform as people write it, read from files: the forms that are hard to follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from serverful.estate.callers import callers_of, may_call, unfollowed
from serverful.estate.estate import Estate
from serverful.estate.model import Alias, Function, Style
from serverful.estate.read import reader
from serverful.estate.read.evaluate import Evaluation, Failure, Request
from serverful.estate.value import Known

TODAY = date(2026, 1, 15)
FUNCTION = """
provider "aws" {}
variable "stage" {}
data "aws_region" "here" {}
data "aws_caller_identity" "me" {}
resource "aws_lambda_function" "orders" {
  function_name = "${var.stage}-orders"
  publish       = true
}
resource "aws_lambda_function" "refunds" {
  function_name = "refunds"
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}
"""
ORDERS, REFUNDS = "aws_lambda_function.orders", "aws_lambda_function.refunds"


def estate_of(folder: Path, files: dict[str, str]) -> Estate:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    found = [root.estate for root in reader.read([folder], today=TODAY).roots if root.estate is not None]
    assert len(found) == 1
    return found[0]


def told(estate: Estate, address: str) -> list[tuple[str, str, Style, str, str]]:
    """Of each caller its block, its service, its style, and the version it means."""
    function = estate.things[address]
    assert isinstance(function, Function)
    return [(c.by, c.service, c.style, c.callee.qualified.name, c.callee.qualifier) for c in callers_of(function, estate)]


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("aws_lambda_function.orders.function_name", ("LATEST", "")),
        ("aws_lambda_function.orders.arn", ("LATEST", "")),
        ("aws_lambda_function.orders.qualified_arn", ("VERSION", "")),
        ("aws_lambda_alias.live.arn", ("ALIAS", "live")),
        ("aws_lambda_alias.live.function_name", ("LATEST", "")),
        ('"${var.stage}-orders"', ("LATEST", "")),
        ('"${var.stage}-orders:live"', ("ALIAS", "live")),
        ('"${aws_lambda_function.orders.arn}:live"', ("ALIAS", "live")),
        ('"${aws_lambda_function.orders.function_name}:${aws_lambda_alias.live.name}"', ("ALIAS", "live")),
        ('"${aws_lambda_function.orders.function_name}:${aws_lambda_function.orders.version}"', ("VERSION", "")),
        ('join(":", [aws_lambda_function.orders.function_name, aws_lambda_alias.live.name])', ("ALIAS", "live")),
        ('format("%s:%s", aws_lambda_function.orders.arn, aws_lambda_alias.live.name)', ("ALIAS", "live")),
        (
            '"arn:aws:lambda:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:function:${var.stage}-orders:live"',
            ("ALIAS", "live"),
        ),
        ('split(":", aws_lambda_function.orders.arn)[6]', ("LATEST", "")),
        ('element(split(":", aws_lambda_alias.live.arn), 6)', ("LATEST", "")),
        ("[aws_lambda_function.orders.arn][0]", ("LATEST", "")),
        ("one([aws_lambda_alias.live.arn])", ("ALIAS", "live")),
        ('try(aws_lambda_alias.live.arn, "")', ("ALIAS", "live")),
        ('coalesce("", aws_lambda_function.orders.arn)', ("LATEST", "")),
        ('{ a = aws_lambda_function.orders }["a"].arn', ("LATEST", "")),
    ],
)
def test_every_way_to_name_a_function(tmp_path: Path, written: str, version: tuple[str, str]) -> None:
    source = 'event_source_arn = "arn:aws:sqs:eu-central-1:1:q"'
    mapping = f'resource "aws_lambda_event_source_mapping" "m" {{\n  {source}\n  function_name = {written}\n}}'
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + mapping})
    assert told(estate, ORDERS) == [("aws_lambda_event_source_mapping.m", "SQS", Style.POLLED, *version)]
    assert unfollowed(estate) == ()
    assert told(estate, REFUNDS) == []


def test_integrations_with_stage_variables(tmp_path: Path) -> None:
    way = "arn:aws:apigateway:${data.aws_region.here.name}:lambda:path/2015-03-31/functions"
    text = f"""
resource "aws_api_gateway_rest_api" "a" {{ name = "a" }}
resource "aws_api_gateway_integration" "built" {{
  rest_api_id = aws_api_gateway_rest_api.a.id
  type        = "AWS_PROXY"
  uri         = "{way}/${{aws_lambda_function.orders.arn}}:$${{stageVariables.alias}}/invocations"
}}
resource "aws_api_gateway_integration" "alias" {{
  rest_api_id = aws_api_gateway_rest_api.a.id
  type        = "AWS_PROXY"
  uri         = aws_lambda_alias.live.invoke_arn
}}
"""
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + text})
    assert told(estate, ORDERS) == [
        ("aws_api_gateway_integration.alias", "API Gateway", Style.SYNCHRONOUS, "ALIAS", "live"),
        ("aws_api_gateway_integration.built", "API Gateway", Style.SYNCHRONOUS, "UNKNOWN", ""),
    ]


OPENAPI = """
openapi: "3.0.1"
paths:
  /orders:
    post:
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: "${orders}"
  /refunds:
    get:
      x-amazon-apigateway-integration:
        uri: arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:1:function:refunds/invocations
"""
STATES = """{
  "StartAt": "Order",
  "States": {
    "Order": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "${orders}", "Payload.$": "$" },
      "Next": "Refund"
    },
    "Refund": { "Type": "Task", "Resource": "${refunds}", "TimeoutSeconds": ${timeout}, "End": true }
  }
}"""


def test_documents_in_files(tmp_path: Path) -> None:
    text = """
variable "timeout" {}
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
  body = templatefile("${path.module}/openapi.yaml", { orders = aws_lambda_alias.live.invoke_arn })
}
resource "aws_sfn_state_machine" "s" {
  definition = templatefile("${path.module}/states.json", {
    orders  = aws_lambda_alias.live.arn
    refunds = aws_lambda_function.refunds.arn
    timeout = var.timeout
  })
}
"""
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + text, "openapi.yaml": OPENAPI, "states.json": STATES})
    assert told(estate, ORDERS) == [
        ("aws_api_gateway_rest_api.a", "API Gateway", Style.SYNCHRONOUS, "ALIAS", "live"),
        ("aws_sfn_state_machine.s", "Step Functions", Style.SYNCHRONOUS, "ALIAS", "live"),
    ]
    assert told(estate, REFUNDS) == [
        ("aws_api_gateway_rest_api.a", "API Gateway", Style.SYNCHRONOUS, "LATEST", ""),
        ("aws_sfn_state_machine.s", "Step Functions", Style.SYNCHRONOUS, "LATEST", ""),
    ]
    assert unfollowed(estate) == ()


def test_a_template_file_of_old(tmp_path: Path) -> None:
    text = """
data "template_file" "states" {
  template = file("${path.module}/states.json")
  vars = {
    orders  = aws_lambda_alias.live.arn
    refunds = aws_lambda_function.refunds.arn
    timeout = 30
  }
}
resource "aws_sfn_state_machine" "s" { definition = data.template_file.states.rendered }
"""
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + text, "states.json": STATES})
    assert [row[0] for row in told(estate, ORDERS)] == [row[0] for row in told(estate, REFUNDS)] == ["aws_sfn_state_machine.s"]


def test_three_modules(tmp_path: Path) -> None:
    """The function in one module, its alias and provisioned concurrency in a second, its API and its queue in a third."""
    files = {
        "main.tf": """
provider "aws" {}
locals { queues = { orders = "arn:aws:sqs:eu-central-1:1:orders", returns = "arn:aws:sqs:eu-central-1:1:returns" } }
module "function" {
  for_each = toset(["orders", "refunds"])
  source   = "./function"
  name     = "shop-${each.key}"
}
module "release" {
  source        = "./release"
  function_name = module.function["orders"].name
  version_      = module.function["orders"].version
}
module "entry" {
  source     = "./entry"
  invoke_arn = module.release.invoke_arn
  workers    = { for name, queue in local.queues : name => { queue = queue, arn = module.function["refunds"].arn } }
}
""",
        "function/main.tf": """
variable "name" {}
resource "aws_lambda_function" "this" {
  count         = 1
  function_name = var.name
  publish       = true
}
output "name" { value = aws_lambda_function.this[0].function_name }
output "arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "version" { value = one(aws_lambda_function.this[*].version) }
""",
        "release/main.tf": """
variable "function_name" {}
variable "version_" {}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = var.function_name
  function_version = var.version_
}
output "invoke_arn" { value = aws_lambda_alias.live.invoke_arn }
""",
        "entry/main.tf": """
variable "invoke_arn" {}
variable "workers" { type = map(object({ queue = string, arn = string })) }
resource "aws_apigatewayv2_api" "a" {
  name          = "a"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.a.id
  integration_type = "AWS_PROXY"
  integration_uri  = var.invoke_arn
}
resource "aws_lambda_event_source_mapping" "worker" {
  for_each         = var.workers
  event_source_arn = each.value.queue
  function_name    = each.value.arn
}
""",
    }
    estate = estate_of(tmp_path, files)
    alias = estate.things["module.release.aws_lambda_alias.live"]
    assert isinstance(alias, Alias)
    assert (alias.callee.function and alias.callee.function.target) == 'module.function["orders"].aws_lambda_function.this[0]'
    assert isinstance(alias.version, Known) and alias.version.value == ""
    assert told(estate, 'module.function["orders"].aws_lambda_function.this[0]') == [
        ("module.entry.aws_apigatewayv2_integration.orders", "API Gateway", Style.SYNCHRONOUS, "ALIAS", "live"),
    ]
    assert told(estate, 'module.function["refunds"].aws_lambda_function.this[0]') == [
        (f'module.entry.aws_lambda_event_source_mapping.worker["{name}"]', "SQS", Style.POLLED, "LATEST", "")
        for name in ("orders", "returns")
    ]
    assert unfollowed(estate) == ()


def test_instances_and_their_callers_of_unknown_number(tmp_path: Path) -> None:
    text = """
variable "names" { type = set(string) }
resource "aws_lambda_function" "many" {
  for_each      = var.names
  function_name = "${var.stage}-${each.key}"
}
resource "aws_lambda_permission" "many" {
  for_each      = var.names
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.many[each.key].function_name
  principal     = "sns.amazonaws.com"
}
resource "aws_sns_topic_subscription" "many" {
  for_each  = aws_lambda_function.many
  topic_arn = "arn:aws:sns:eu-central-1:1:orders"
  protocol  = "lambda"
  endpoint  = each.value.arn
}
"""
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + text})
    assert {row[0] for row in told(estate, "aws_lambda_function.many")} == {
        "aws_lambda_permission.many",
        "aws_sns_topic_subscription.many",
    }
    assert unfollowed(estate) == ()


def test_blocks_that_are_switched_off_call_nobody(tmp_path: Path) -> None:
    text = """
variable "notify" { default = false }
resource "aws_s3_bucket_notification" "n" {
  bucket = "orders"
  dynamic "lambda_function" {
    for_each = var.notify ? [1] : []
    content { lambda_function_arn = aws_lambda_function.orders.arn }
  }
}
resource "aws_lambda_function_url" "u" {
  count              = var.notify ? 1 : 0
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
}
"""
    assert estate_of(tmp_path, {"main.tf": FUNCTION + text}).invocations == ()


def test_what_is_decided_outside_says_so(tmp_path: Path) -> None:
    text = """
variable "blue" { type = bool }
variable "notify" { type = bool }
variable "handler_arn" {}
resource "aws_cloudwatch_event_target" "either" {
  rule = "nightly"
  arn  = var.blue ? aws_lambda_function.orders.arn : aws_lambda_function.refunds.arn
}
resource "aws_s3_bucket_notification" "maybe" {
  bucket = "orders"
  dynamic "lambda_function" {
    for_each = var.notify ? [1] : []
    content { lambda_function_arn = aws_lambda_function.refunds.arn }
  }
}
resource "aws_sns_topic_subscription" "outside" {
  topic_arn = "arn:aws:sns:eu-central-1:1:orders"
  protocol  = "lambda"
  endpoint  = var.handler_arn
}
module "api" {
  source = "terraform-aws-modules/apigateway-v2/aws"
  routes = { "GET /" = { integration = { uri = aws_lambda_alias.live.invoke_arn } } }
}
"""
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + text})
    orders, refunds = estate.things[ORDERS], estate.things[REFUNDS]
    assert isinstance(orders, Function) and isinstance(refunds, Function)
    assert callers_of(orders, estate) == ()
    assert [(call.by, isinstance(call.exists, Known)) for call in callers_of(refunds, estate)] == [
        ("aws_s3_bucket_notification.maybe", False)
    ]
    assert [call.by for call in unfollowed(estate)] == ["aws_cloudwatch_event_target.either", "aws_sns_topic_subscription.outside"]
    assert [unknown.expression.partition(" (")[0] for unknown in may_call(orders, estate)] == [
        "module.api",
        "var.blue ? aws_lambda_function.orders.arn : aws_lambda_function.refunds.arn",
    ]


def test_functions_elsewhere_are_not_unfollowed(tmp_path: Path) -> None:
    text = """
data "aws_lambda_function" "theirs" { function_name = "theirs" }
data "terraform_remote_state" "app" { backend = "s3" }
resource "aws_sns_topic_subscription" "data" {
  topic_arn = "t"
  protocol  = "lambda"
  endpoint  = data.aws_lambda_function.theirs.arn
}
resource "aws_sns_topic_subscription" "state" {
  topic_arn = "t"
  protocol  = "lambda"
  endpoint  = data.terraform_remote_state.app.outputs.handler_arn
}
module "lambda" { source = "acme/lambda/aws" }
resource "aws_sns_topic_subscription" "module" {
  topic_arn = "t"
  protocol  = "lambda"
  endpoint  = module.lambda.lambda_function_arn
}
resource "aws_sns_topic_subscription" "named" {
  topic_arn = "t"
  protocol  = "lambda"
  endpoint  = "arn:aws:lambda:eu-central-1:1:function:forwarder"
}
"""
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + text})
    assert [call.callee.function for call in estate.invocations] == [None] * 4
    assert unfollowed(estate) == ()


def test_names_with_the_same_unknown_beginning_are_told_apart(tmp_path: Path) -> None:
    files = {
        "main.tf": """
provider "aws" {}
variable "stage" {}
resource "aws_lambda_function" "orders" { function_name = "${var.stage}-orders" }
resource "aws_lambda_permission" "theirs" {
  action        = "lambda:InvokeFunction"
  function_name = "${var.stage}-elsewhere"
  principal     = "events.amazonaws.com"
}
""",
    }
    estate = estate_of(tmp_path, files)
    assert unfollowed(estate) == ()
    assert [call.callee.function for call in estate.invocations] == [None]


def test_callers_survive_an_evaluation_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(requests: Sequence[Request]) -> list[Evaluation]:
        return [Evaluation(request.folder, {}, Failure("died", "it died")) for request in requests]

    monkeypatch.setattr(reader, "evaluate", fails)
    text = """
resource "aws_lambda_function" "computed" {
  count         = length(regexall("a", "banana"))
  function_name = "computed-${count.index}"
}
resource "aws_lambda_function_url" "u" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
}
"""
    estate = estate_of(tmp_path, {"main.tf": FUNCTION + text})
    assert not estate.evaluated
    assert [row[0] for row in told(estate, ORDERS)] == ["aws_lambda_function_url.u"]

"""One root module with very many functions, in the shapes that such roots have: a shape and a number in, files out.

What grows must not grow with the square: each shape makes a different thing large (the users of one role, the groups, the callers, the
instances of one block, the modules).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import terraform_text as text
from patterns_tree import Files, write
from serverful import catalogue
from serverful.scan import scan
from terraform_text import filled

_IN_ONE_FILE = 250  # functions with all that is their own: half a megabyte

_HEAD = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  name = "large"
}
"""

_FUNCTION = """
resource "aws_lambda_function" "@name@" {
  function_name = "@name@"
  role          = aws_iam_role.@role@.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "build/@name@.zip"

  environment {
    variables = {
      TABLE = aws_dynamodb_table.items.name
      @variable@
    }
  }

  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.@group@.id]
  }
}
"""

_GROUP = """
resource "aws_security_group" "@name@" {
  name   = "@name@"
  vpc_id = aws_vpc.this.id

  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""

_CACHE = """
resource "aws_security_group" "cache_@name@" {
  name   = "cache-@name@"
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "cache_@name@" {
  security_group_id            = aws_security_group.cache_@name@.id
  referenced_security_group_id = aws_security_group.@name@.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_replication_group" "@name@" {
  replication_group_id = "@name@"
  description          = "of @name@"
  engine               = "valkey"
  node_type            = "cache.t4g.micro"
  subnet_group_name    = "caches"
  security_group_ids   = [aws_security_group.cache_@name@.id]
}
"""

_WARM = """
resource "aws_lambda_alias" "@name@" {
  name             = "live"
  function_name    = aws_lambda_function.@name@.function_name
  function_version = aws_lambda_function.@name@.version
}

resource "aws_lambda_provisioned_concurrency_config" "@name@" {
  function_name                     = aws_lambda_alias.@name@.function_name
  qualifier                         = aws_lambda_alias.@name@.name
  provisioned_concurrent_executions = 2
}
"""

_REPEATED = """
resource "aws_lambda_function" "counted" {
  count = @half@

  function_name = "counted-${count.index}"
  role          = aws_iam_role.shared.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "build/counted.zip"

  environment {
    variables = {
      NUMBER = count.index
      TABLE  = aws_dynamodb_table.items.name
    }
  }

  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.shared.id]
  }
}

resource "aws_sqs_queue" "each" {
  for_each = local.tasks

  name = "${local.name}-${each.key}"
}

resource "aws_lambda_function" "each" {
  for_each = local.tasks

  function_name = "${local.name}-${each.key}"
  role          = aws_iam_role.shared.arn
  runtime       = each.value.runtime
  handler       = "app.handler"
  filename      = "build/${each.key}.zip"

  environment {
    variables = {
      QUEUE = aws_sqs_queue.each[each.key].url
    }
  }

  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.shared.id]
  }
}

resource "aws_lambda_event_source_mapping" "each" {
  for_each = local.tasks

  event_source_arn = aws_sqs_queue.each[each.key].arn
  function_name    = aws_lambda_function.each[each.key].arn
}
"""


FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_DESIGNS = ("cqrs_stream", "cqrs_table", "file_exchange", "legacy_vpc", "shared_everything", "three_modules", "warm_api", "warm_queue")

_DESIGN = """
module "@name@" {
  count  = @times@
  source = "./designs/@name@"
}
"""

_REGISTRY_CALL = """
module "@name@" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name = "@name@"
  handler       = "app.handler"
  runtime       = "python3.13"

  environment_variables = {
    TABLE = aws_dynamodb_table.items.name
  }

  vpc_subnet_ids         = aws_subnet.private[*].id
  vpc_security_group_ids = [aws_security_group.shared.id]
  attach_network_policy  = true

  attach_policy_statements = true
  policy_statements = {
    work = {
      effect    = "Allow"
      actions   = ["dynamodb:Query"]
      resources = [aws_dynamodb_table.items.arn]
    }
  }
}
"""


def shared(functions: int) -> Files:
    """One role, one group and one list of subnets for all."""
    blocks = [_network(), filled(_GROUP, name="shared"), _role("shared")]
    blocks += [_function(f"f{number}", "shared", "shared", f"OWN = {number}") for number in range(functions)]
    return {"main.tf": "\n".join(blocks)}


def own(functions: int) -> Files:
    """Each with its own role, group, queue and mapping; every tenth with a cache of its own, every tenth kept warm."""
    files = {"main.tf": _network()}
    for number in range(functions):
        name = f"f{number}"
        blocks = [filled(_GROUP, name=name), _role(name), filled(text.QUEUE, name=name)]
        blocks.append(_function(name, name, name, f"QUEUE = aws_sqs_queue.{name}.url"))
        blocks.append(filled(text.MAPPING, name=name, function=name, source=f"aws_sqs_queue.{name}.arn", more=""))
        if number % 10 == 0:
            blocks.append(filled(_CACHE, name=name))
        if number % 10 == 5:
            blocks.append(filled(_WARM, name=name))
        file = f"functions_{number // _IN_ONE_FILE:03d}.tf"
        files[file] = files.get(file, "") + "\n".join(["", *blocks])
    return files


def repeated(functions: int) -> Files:
    """Half of them by one `count`, half by one `for_each` with a queue and a mapping each."""
    half = functions // 2
    tasks = "\n".join(f'    t{number} = {{ runtime = "python3.13" }}' for number in range(functions - half))
    entries = f"locals {{\n  tasks = {{\n{tasks}\n  }}\n}}\n"
    return {"main.tf": "\n".join([_network(), filled(_GROUP, name="shared"), _role("shared"), entries, filled(_REPEATED, half=half)])}


def called(functions: int) -> Files:
    """Made by module calls, five by each: 5,000 functions are 1,000 calls."""
    blocks = [_network(), filled(_GROUP, name="shared")]
    blocks += [filled(text.SERVICE_CALL, name=f"m{number}") for number in range(functions // 5)]
    return {"main.tf": "\n".join(blocks), "modules/service/main.tf": filled(text.SERVICE_MODULE)}


def outlined(functions: int) -> Files:
    """Each made by a call of a registry module that nobody downloaded, so that its outline is followed."""
    files = {"main.tf": "\n".join([_network(), filled(_GROUP, name="shared")])}
    for number in range(functions):
        file = f"functions_{number // _IN_ONE_FILE:03d}.tf"
        files[file] = files.get(file, "") + "\n" + filled(_REGISTRY_CALL, name=f"f{number}")
    return files


def designs(functions: int) -> Files:
    """The designs of `fixtures/estates` and the bad example of every policy, each so many times by one `count` that there are about so
    many functions: all that policies ask about, and many VPCs.
    """
    return _designs(max(1, round(functions / functions_of_designs())))


@cache
def functions_of_designs() -> int:
    """How many functions all of them have together."""
    with TemporaryDirectory() as folder:
        return scan([write(_designs(1), Path(folder))], today=date(2026, 11, 23)).functions


def _designs(times: int) -> Files:
    files: Files = {}
    calls = [filled(_HEAD)]
    bad = [FIXTURES / policy.slug / "bad" for policy in catalogue.load()]
    for folder in (*(FIXTURES / "estates" / name for name in _DESIGNS), *bad):
        name = folder.name if folder.name != "bad" else folder.parent.name
        for path in sorted(folder.rglob("*.tf")):
            files[f"designs/{name}/{path.relative_to(folder).as_posix()}"] = path.read_text(encoding="utf-8")
        calls.append(filled(_DESIGN, name=name, times=times))
    return {**files, "main.tf": "\n".join(calls)}


SHAPES: dict[str, Callable[[int], Files]] = {shape.__name__: shape for shape in (shared, own, repeated, called, outlined)}


def _network() -> str:
    return "\n".join(
        [
            filled(_HEAD),
            filled(text.VPC, octet=0),
            filled(text.NAT),
            filled(text.DATABASE),
            filled(text.TABLE, name="items", streams="false"),
        ]
    )


def _role(name: str) -> str:
    role = filled(text.ROLE_JSONENCODE, name=name, service="lambda").replace("  tags = local.labels\n", "")
    actions = '"dynamodb:Query", "sqs:ReceiveMessage", "sqs:DeleteMessage"'
    policy = filled(text.POLICY_JSONENCODE, name=f"{name}_work", role=name, actions=actions, resource="aws_dynamodb_table.items.arn")
    return f"{role}\n{policy}"


def _function(name: str, role: str, group: str, variable: str) -> str:
    return filled(_FUNCTION, name=name, role=role, group=group, variable=variable)

"""A plan with very many functions, and the source that it could have been made from: a shape and a number in, files out.

Made from the recorded plan of `fixtures/estates/legacy_vpc`: its function that ships orders, the queue in front of it and the mapping
between them come as often as is wanted; everything else is there once. The shapes differ in what makes them many.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patterns_tree import Files

DESIGN = Path(__file__).resolve().parents[2] / "fixtures" / "estates" / "legacy_vpc"
_IN_ONE_FILE = 250
_RECORDED = {
    "aws_sqs_queue": "aws_sqs_queue.shipments",
    "aws_lambda_function": "aws_lambda_function.ship_order",
    "aws_lambda_event_source_mapping": "aws_lambda_event_source_mapping.shipments",
}

# What is written of the three: `@name@` their label, `@more@` what multiplies them, `@index@` how one finds the other two of it.
_QUEUE = """
resource "aws_sqs_queue" "@name@" {
@more@
  name                       = "@called@"
  visibility_timeout_seconds = 180
}
"""
_FUNCTION = """
resource "aws_lambda_function" "@name@" {
@more@
  function_name = "@called@"
  role          = @role@
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "build/ship-order.zip"
  memory_size   = 512
  timeout       = 30

  environment {
    variables = {
      CARRIER_URL     = "https://api.parcels.example/v2/labels"
      SHIPMENTS_QUEUE = aws_sqs_queue.@name@@index@.url
    }
  }

  vpc_config {
    subnet_ids         = @subnets@
    security_group_ids = @groups@
  }
}
"""
_MAPPING = """
resource "aws_lambda_event_source_mapping" "@name@" {
@more@
  event_source_arn = @queue_arn@
  function_name    = @function_arn@
  batch_size       = 10
}
"""
_AT_THE_TOP = {
    "role": "aws_iam_role.functions.arn",
    "subnets": "aws_subnet.private[*].id",
    "groups": "[aws_security_group.functions.id]",
    "queue_arn": "aws_sqs_queue.@name@@index@.arn",
    "function_arn": "aws_lambda_function.@name@@index@.arn",
}
_MODULE = """
variable "name" {
  type = string
}

variable "role" {
  type = string
}

variable "subnets" {
  type = list(string)
}

variable "groups" {
  type = list(string)
}

output "queue_arn" {
  value = aws_sqs_queue.this.arn
}

output "function_arn" {
  value = aws_lambda_function.this.arn
}
"""
_CALL = """
module "worker" {
  source   = "./worker"
  for_each = local.tasks

  name    = each.key
  role    = aws_iam_role.functions.arn
  subnets = aws_subnet.private[*].id
  groups  = [aws_security_group.functions.id]
}
"""


@dataclass(frozen=True)
class Recorded:
    """The parts of the recorded plan that are multiplied: a resource change, its planned values and its configuration, by type."""

    plan: Mapping[str, Any]
    changes: Mapping[str, Any]
    planned: Mapping[str, Any]
    configured: Mapping[str, Any]


def recorded() -> Recorded:
    plan = json.loads((DESIGN / "plan.json").read_text("utf-8"))

    def of(resources: list[Any]) -> dict[str, Any]:
        return {kind: next(each for each in resources if each["address"] == address) for kind, address in _RECORDED.items()}

    parts = plan["resource_changes"], plan["planned_values"]["root_module"]["resources"], plan["configuration"]["root_module"]["resources"]
    return Recorded(plan, *map(of, parts))


def different(functions: int) -> Files:
    """Each function with its queue and mapping is a block of its own."""
    made, names = Plan(), [f"worker_{number}" for number in range(functions)]
    files: dict[str, str] = {}
    for number, name in enumerate(names):
        for kind in _RECORDED:
            made.configure(kind, name, _references(name))
            made.instance(kind, name, called=name)
        file = f"workers_{number // _IN_ONE_FILE:03d}.tf"
        files[file] = files.get(file, "") + _written(name, _AT_THE_TOP)
    return {**made.files(), **files}


def counted(functions: int) -> Files:
    """All are instances of one block each, by `count`."""
    return _instances(functions, "count.index", "count = @number@", {"count_expression": {"constant_value": functions}}, lambda n: n)


def keyed(functions: int) -> Files:
    """All are instances of one block each, by `for_each` over a local."""
    each = {"for_each_expression": {"references": ["local.tasks"]}}
    files = _instances(functions, "each.key", "for_each = local.tasks", each, lambda number: f"t{number}")
    return {**files, "tasks.tf": _tasks(functions)}


def called(functions: int) -> Files:
    """All are made by the instances of one module call, by `for_each`; the mappings stand at the top and ask each for its outputs."""
    made = Plan()
    inner = {**_references("this"), "role": ["var.role"], "groups": ["var.groups"], "subnets": ["var.subnets"]}
    resources = [made.configured(kind, "this", inner) for kind in ("aws_sqs_queue", "aws_lambda_function")]
    outputs = {name: {"expression": {"references": [f"{kind}.this.arn", f"{kind}.this"]}} for name, kind in _OUTPUTS.items()}
    given = {
        "name": ["each.key"],
        "role": ["aws_iam_role.functions.arn", "aws_iam_role.functions"],
        "subnets": ["aws_subnet.private"],
        "groups": ["aws_security_group.functions.id", "aws_security_group.functions"],
    }
    made.calls["worker"] = {
        "source": "./worker",
        "expressions": {name: {"references": references} for name, references in given.items()},
        "for_each_expression": {"references": ["local.tasks"]},
        "module": {"resources": resources, "variables": {name: {} for name in given}, "outputs": outputs},
    }
    asked = {name: ["module.worker", "each.key"] for name in _OUTPUTS}
    each = {"for_each_expression": {"references": ["local.tasks"]}}
    made.configure("aws_lambda_event_source_mapping", "worker", {**_references("worker"), **asked}, each)
    for number in range(functions):
        key = f"t{number}"
        for kind in ("aws_sqs_queue", "aws_lambda_function"):
            made.instance(kind, "this", called=key, module=f'module.worker["{key}"]')
        made.instance("aws_lambda_event_source_mapping", "worker", called=key, key=key)
    top = {"queue_arn": "module.worker[each.key].queue_arn", "function_arn": "module.worker[each.key].function_arn"}
    written = _filled(_MAPPING, name="worker", more="  for_each = local.tasks\n", **top)
    module = _MODULE + _filled(_QUEUE + _FUNCTION, name="this", called="${var.name}", more="", index="", **_INSIDE)
    return {**made.files(), "workers.tf": _CALL + written, "tasks.tf": _tasks(functions), "worker/main.tf": module}


_OUTPUTS = {"queue_arn": "aws_sqs_queue", "function_arn": "aws_lambda_function"}
_INSIDE = {"role": "var.role", "subnets": "var.subnets", "groups": "var.groups"}

PLANS: dict[str, Callable[[int], Files]] = {shape.__name__: shape for shape in (different, counted, keyed, called)}


def _instances(functions: int, index: str, more: str, expression: Mapping[str, Any], key: Callable[[int], int | str]) -> Files:
    made = Plan()
    for kind in _RECORDED:
        made.configure(kind, "worker", _references("worker", index), expression)
        for number in range(functions):
            made.instance(kind, "worker", called=f"worker-{number}", key=key(number))
    written = _written("worker", _AT_THE_TOP, more=f"  {more.replace('@number@', str(functions))}\n", index=f"[{index}]", by=index)
    return {**made.files(), "workers.tf": written}


def _references(name: str, index: str = "") -> dict[str, list[str]]:
    """What the three refer to of each other, as a plan lists it: with an index that is no constant the block alone, and the index."""

    def to(address: str, attribute: str) -> list[str]:
        return [address, index] if index else [f"{address}.{attribute}", address]

    return {
        "queue_url": to(f"aws_sqs_queue.{name}", "url"),
        "queue_arn": to(f"aws_sqs_queue.{name}", "arn"),
        "function_arn": to(f"aws_lambda_function.{name}", "arn"),
    }


class Plan:
    """The recorded plan, to which resources are added."""

    def __init__(self) -> None:
        self.recorded = recorded()
        self.changes: list[Any] = []
        self.planned: dict[str, list[Any]] = {"": []}
        self.resources: list[Any] = []
        self.calls: dict[str, Any] = {}

    def configured(self, kind: str, name: str, references: Mapping[str, list[str]], more: Mapping[str, Any] | None = None) -> Any:
        """The configuration of one block: as recorded, with other references."""
        known = self.recorded.configured[kind]
        expressions = {**known["expressions"], **_expressions(kind, references)}
        return {**known, "address": f"{kind}.{name}", "name": name, "expressions": expressions, **(more or {})}

    def configure(self, kind: str, name: str, references: Mapping[str, list[str]], more: Mapping[str, Any] | None = None) -> None:
        self.resources.append(self.configured(kind, name, references, more))

    def instance(self, kind: str, name: str, *, called: str, key: int | str | None = None, module: str = "") -> None:
        """One planned instance: as recorded, under another name."""
        change, planned = self.recorded.changes[kind], self.recorded.planned[kind]
        own = f"{kind}.{name}" + ("" if key is None else f"[{json.dumps(key)}]")
        where = {"address": f"{module}.{own}" if module else own, "name": name, **({} if key is None else {"index": key})}
        values = {**change["change"]["after"], **({argument: called for argument in _NAMED if argument in change["change"]["after"]})}
        in_module = {"module_address": module} if module else {}
        self.changes.append({**change, **where, **in_module, "change": {**change["change"], "after": values}})
        self.planned.setdefault(module, []).append({**planned, **where, "values": values})

    def files(self) -> Files:
        """The plan, and what is written of all that the recorded one has."""
        plan = dict(self.recorded.plan)
        plan["resource_changes"] = [*plan["resource_changes"], *self.changes]
        root = plan["planned_values"]["root_module"]
        children = [{"resources": resources, "address": module} for module, resources in self.planned.items() if module]
        known = {"resources": [*root["resources"], *self.planned[""]], **({"child_modules": children} if children else {})}
        plan["planned_values"] = {**plan["planned_values"], "root_module": known}
        root = plan["configuration"]["root_module"]
        configured = {**root, "resources": [*root["resources"], *self.resources], **({"module_calls": self.calls} if self.calls else {})}
        plan["configuration"] = {**plan["configuration"], "root_module": configured}
        return {"plan.json": json.dumps(plan), **dict(_design())}


_NAMED = ("function_name", "name")


def _expressions(kind: str, references: Mapping[str, list[str]]) -> dict[str, Any]:
    if kind == "aws_lambda_event_source_mapping":
        return {
            name: {"references": references[said]} for name, said in (("event_source_arn", "queue_arn"), ("function_name", "function_arn"))
        }
    if kind == "aws_sqs_queue":
        return {}
    found: dict[str, Any] = {"environment": [{"variables": {"references": references["queue_url"]}}]}
    if "role" in references:
        found["role"] = {"references": references["role"]}
        inside = {"security_group_ids": "groups", "subnet_ids": "subnets"}
        found["vpc_config"] = [{name: {"references": references[said]} for name, said in inside.items()}]
    return found


def _design() -> Iterator[tuple[str, str]]:
    for file in sorted(DESIGN.glob("*.tf")):
        yield file.name, file.read_text("utf-8")


def _written(name: str, known: Mapping[str, str], *, more: str = "", index: str = "", by: str = "") -> str:
    said = f"{name}-${{{by}}}" if by else name
    whole = _filled(_QUEUE + _FUNCTION + _MAPPING, called=said, more=more, **known)
    return _filled(whole, name=name, index=index)


def _tasks(functions: int) -> str:
    keys = "\n".join(f'    "t{number}",' for number in range(functions))
    return f"locals {{\n  tasks = toset([\n{keys}\n  ])\n}}\n"


def _filled(text: str, **words: str) -> str:
    return re.sub(r"@(\w+)@", lambda match: words.get(match[1], match[0]), text)

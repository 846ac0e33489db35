"""Following expressions: what each comes to, written as `shown` writes terms. Known values were compared with `terraform console` 1.x."""

from __future__ import annotations

from pathlib import Path

import pytest

from serverful.estate.read.root import Folders, Root
from serverful.estate.read.source import SourceProblem
from serverful.estate.read.term import shown
from serverful.estate.read.tree import Module
from serverful.estate.read.variables import read_assignments_of, variable_files

SURROUNDINGS = """
provider "aws" {}
variable "given" { default = ["a", "b"] }
variable "open" { type = list(string) }
variable "flag" { type = bool }
variable "settings" {
  type    = object({ name = string, vpc = optional(bool, false), note = optional(string) })
  default = { name = "orders" }
}
resource "aws_subnet" "one" { cidr_block = "10.0.1.0/24" }
resource "aws_subnet" "two" {
  count      = 2
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}
resource "aws_subnet" "none" { count = 0 }
resource "aws_subnet" "many" { count = length(var.open) }
resource "aws_subnet" "named" {
  for_each = { a = "10.0.7.0/24", b = "10.0.8.0/24" }
  cidr_block = each.value
}
module "net" { source = "terraform-aws-modules/vpc/aws" }
module "other" { source = "acme/vpc/aws" }
data "aws_region" "here" {}
data "aws_subnets" "all" {}
module "vpc" {
  source          = "terraform-aws-modules/vpc/aws"
  private_subnets = ["10.0.1.0/24", "10.0.2.0/24"]
  public_subnets  = var.open
}
"""

CASES = {
    # plain values, as Terraform computes them
    '"a-${1 + 2}-${true}"': '"a-3-true"',
    "concat([1], [2, 3])": "[1, 2, 3]",
    "merge({ a = 1 }, { b = 2 }, { a = 3 })": "{a = 3, b = 2}",
    "length(var.given)": "2",
    'format("%s-%03d", "x", 7)': '"x-007"',
    'join("-", ["a", "b"])': '"a-b"',
    'split(",", "a,b")': '["a", "b"]',
    "[for s in var.given : upper(s)]": '["A", "B"]',
    "{ for i, s in var.given : s => i }": "{a = 0, b = 1}",
    '[for s in var.given : s if s != "a"]': '["b"]',
    'lookup({ a = 1 }, "z", 9)': "9",
    'coalesce("", null, "x")': '"x"',
    "element([1, 2], 3)": "2",
    'toset(["b", "a", "b"])': '["a", "b"]',
    'compact(["a", "", null])': '["a"]',
    "flatten([[1], [[2]]])": "[1, 2]",
    'cidrsubnet("10.0.0.0/16", 8, 3)': '"10.0.3.0/24"',
    'try({ a = 1 }.b, "fallback")': '"fallback"',
    "can({ a = 1 }.b)": "false",
    "try([{ a = 1 }.b], [])": "[]",
    "one([])": "null",
    "slice([1, 2, 3], 1, 3)": "[2, 3]",
    'zipmap(["a"], [1])': "{a = 1}",
    'jsondecode("{\\"a\\": [1]}").a[0]': "1",
    'trimprefix("abc", "a")': '"bc"',
    '"%{ for s in var.given }${s};%{ endfor }"': '"a;b;"',
    '"%{ if true }yes%{ else }no%{ endif }"': '"yes"',
    "7 / 2": "3.5",
    "-3 + 10 % 4": "-1",
    "!false && (1 < 2 || false)": "true",
    'null == null && "a" != "b" && 1 == 1.0': "true",
    '"1" == 1': "false",
    "var.settings.vpc": "false",
    "var.settings.note": "null",
    # references stay references
    "aws_subnet.one.id": "aws_subnet.one.id",
    "aws_subnet.two[*].id": "[aws_subnet.two[0].id, aws_subnet.two[1].id]",
    "aws_subnet.two.*.id": "[aws_subnet.two[0].id, aws_subnet.two[1].id]",
    "aws_subnet.two[1].id": "aws_subnet.two[1].id",
    "aws_subnet.two.*.id[1]": "aws_subnet.two[1].id",
    "aws_subnet.two.*.id.0": "aws_subnet.two[0].id",
    'aws_subnet.named["b"].id': 'aws_subnet.named["b"].id',
    "values(aws_subnet.named)[*].id": '[aws_subnet.named["a"].id, aws_subnet.named["b"].id]',
    "[for s in aws_subnet.named : s.id]": '[aws_subnet.named["a"].id, aws_subnet.named["b"].id]',
    "aws_subnet.none[*].id": "[]",
    'one(aws_subnet.none[*].id) == null ? "none" : "some"': '"none"',
    'try(aws_subnet.none[0].id, "none")': '"none"',
    'aws_subnet.one.id != null ? "there" : "not"': '"there"',
    "data.aws_subnets.all.ids != null": "true",
    "module.net.private_subnets != null": "true",
    'length(module.net.private_subnets) > 0 ? "some" : "none"': '"none"',
    "module.net.vpc_id != null": "true",
    "module.other.private_subnets != null": "module.other.private_subnets != null",
    'data.aws_subnets.all.ids == ""': 'data.aws_subnets.all.ids == ""',
    "concat([aws_subnet.one.id], var.open)": "[aws_subnet.one.id, var.open...]",
    "{ for k, s in aws_subnet.named : k => s.id }": '{a = aws_subnet.named["a"].id, b = aws_subnet.named["b"].id}',
    '"${aws_subnet.one.arn}/*"': '"${aws_subnet.one.arn}/*"',
    "jsonencode({ a = aws_subnet.one.arn })": "jsonencode({a = aws_subnet.one.arn})",
    "jsondecode(jsonencode({ a = aws_subnet.one.arn })).a": "aws_subnet.one.arn",
    "data.aws_subnets.all.ids": "data.aws_subnets.all.ids",
    "sort(data.aws_subnets.all.ids)[0]": "data.aws_subnets.all.ids[0]",
    # of unknown size: what one instance is, for each of them
    "aws_subnet.many[*].id": "[aws_subnet.many.id for each of length(var.open)]",
    "aws_subnet.many[0].id": "aws_subnet.many.id",
    'join("", aws_subnet.many[*].id)': "aws_subnet.many.id",
    "length(aws_subnet.many)": "length(var.open)",  # whatever decides how many there are
    "length(aws_subnet.many[*].id) + 1": "length(aws_subnet.many[*].id) + 1",
    "length([for s in aws_subnet.many : s.id if var.flag])": "length([for s in aws_subnet.many : s.id if var.flag])",
    # a condition after a condition belongs to the second branch
    "true ? 1 : false ? 2 : 3": "1",
    "false ? 1 : true ? 2 : 3": "2",
    "false ? 1 : false ? 2 : true ? 3 : 4": "3",
    "(true ? false : true) ? 2 : 3": "3",
    "true ? false ? 1 : 2 : 3": "2",
    'var.flag ? 1 : false ? 2 : "rest"': 'var.flag ? 1 : false ? 2 : "rest"',
    # lists that a module of the registry puts out
    "module.vpc.private_subnets != null": "true",
    "length(module.vpc.private_subnets)": "2",
    "length(module.vpc.public_subnets) > 0 ? [1] : []": "length(module.vpc.public_subnets) > 0 ? [1] : []",
    "module.vpc.vpc_id != null": "true",
    "module.vpc.vgw_arn != null": "module.vpc.vgw_arn != null",  # an output that the outline leaves out
    "[for id in var.open : aws_subnet.one.id]": "[aws_subnet.one.id for each of var.open]",
    # a part of unknown length leaves the positions open
    "concat(var.open, [aws_subnet.one.id])[0]": "concat(var.open, [aws_subnet.one.id])[0]",
    "slice(data.aws_subnets.all.ids, 1, 3)": "[data.aws_subnets.all.ids[1], data.aws_subnets.all.ids[2]]",
    "element(data.aws_subnets.all.ids, 0)": "data.aws_subnets.all.ids[0]",
    "element(data.aws_subnets.all.ids, 1 + 2)": "element(data.aws_subnets.all.ids, 3)",  # it may begin again: no position
    "slice(concat(var.open, [1, 2]), 0, 1)": "[slice(concat(var.open, [1, 2]), 0, 1)[0]]",
    "{ for i, s in concat(var.open, [1]) : i => s }": "{var.open..., { for i, s in concat(var.open, [1]) : i => s }...}",
    # undecided, by name
    "var.open": "var.open",
    "var.flag ? [1] : []": "var.flag ? [1] : []",
    "var.flag && false": "false",
    "var.flag || true": "true",
    "length(var.open) > 0": "length(var.open) > 0",
    "local.nowhere": "local.nowhere",
    "terraform.workspace": "terraform.workspace",
    "data.aws_region.here.name": "data.aws_region.here.name",
    "merge({ A = 1 }, var.flag ? { B = 2 } : {})": "{A = 1, var.flag ? { B = 2 } : {}...}",
}


def module(folder: Path, text: str) -> Module:
    (folder / "main.tf").write_text(text)
    return Module(root := Root(folder, folder, Folders(), {}, is_child=False), root.folders.get(folder))


@pytest.mark.parametrize(("expression", "expected"), CASES.items(), ids=list(CASES))
def test_expression(tmp_path: Path, expression: str, expected: str) -> None:
    here = module(tmp_path, SURROUNDINGS + f"locals {{\n  asked = {expression}\n}}\n")
    assert not here.source.problems
    assert shown(here.local("asked")) == expected


def test_names_that_refer_to_themselves_end(tmp_path: Path) -> None:
    here = module(tmp_path, 'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_vpc" "x" { count = length(aws_vpc.x) }\n')
    assert shown(here.local("a")) == "local.a"
    assert len(list(here.all_blocks())) == 1


def test_long_chains_end(tmp_path: Path) -> None:
    chain = "".join(f"  a{n} = [local.a{n + 1}]\n" for n in range(3000))
    here = module(tmp_path, "locals {\n" + chain + '  a3000 = "end"\n}\n')
    assert "local.a1" in shown(here.local("a0"))
    assert shown(here.local("a2990")) == "[" * 10 + '"end"' + "]" * 10


def test_deep_nesting_is_undecided_not_a_crash(tmp_path: Path) -> None:
    here = module(tmp_path, "locals {\n  a = " + "[" * 400 + "1" + "]" * 400 + "\n}\n")
    assert "[" in shown(here.local("a"))


def test_modules_pass_references_through(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "main.tf").write_text(
        'variable "zones" {}\nresource "aws_subnet" "s" { for_each = toset(var.zones) }\n'
        'output "ids" { value = [for s in aws_subnet.s : s.id] }\n'
    )
    here = module(
        tmp_path,
        'module "net" {\n  source = "./net"\n  zones = ["a", "b"]\n}\nmodule "each" {\n  for_each = { x = ["c"] }\n  source = "./net"\n'
        "  zones = each.value\n}\nlocals {\n  one = module.net.ids\n  all = flatten(values(module.each)[*].ids)\n  far = module.gone.id\n"
        '  away = module.away.id\n}\nmodule "away" { source = "registry/away/aws" }\n',
    )
    assert shown(here.local("one")) == '[module.net.aws_subnet.s["a"].id, module.net.aws_subnet.s["b"].id]'
    assert shown(here.local("all")) == '[module.each["x"].aws_subnet.s["c"].id]'
    assert shown(here.local("far")) == "module.gone.id"
    assert shown(here.local("away")) == "module.away.id"


def test_all_instances_of_a_block_are_gathered_once(tmp_path: Path) -> None:
    """Thousands of instances may each refer to one of thousands: gathering them anew for each would be quadratic."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "main.tf").write_text('output "id" { value = 1 }\n')
    here = module(tmp_path, 'resource "aws_vpc" "v" { count = 2 }\nmodule "net" {\n  count = 2\n  source = "./net"\n}\n')
    first = here.resource("managed", "aws_vpc", "v")
    assert first is not None
    assert here.resource("managed", "aws_vpc", "v") is first
    assert here.call("net") is here.call("net")


def test_variable_files_count_in_terraforms_order(tmp_path: Path) -> None:
    for name, text in {
        "terraform.tfvars": 'a = "tfvars"\nb = "tfvars"\nc = "tfvars"\n',
        "x.auto.tfvars": 'b = "auto"\nc = "auto"\n',
        "auto.tfvars": 'd = "never loaded"\n',
        "named.tfvars": 'c = "named"\n',
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "z.auto.tfvars.json").write_text('{"e": ["json"]}')
    problems: list[SourceProblem] = []
    values = read_assignments_of(variable_files(tmp_path, [tmp_path / "named.tfvars"]), problems)
    assert not problems
    assert {name: getattr(value, "value", "list") for name, value in values.items()} == {
        "a": "tfvars",
        "b": "auto",
        "c": "named",
        "e": "list",
    }

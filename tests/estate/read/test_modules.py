"""Functions of registry modules that are not here: what their inputs make of them, and what stays a call."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful import catalogue
from serverful.estate.estate import Estate
from serverful.estate.model import Attachment, Function, ModuleCall
from serverful.estate.read.reader import read
from serverful.estate.value import Known, Unknown
from serverful.judge import judge
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 1, 15)
LAMBDA = "terraform-aws-modules/lambda/aws"
CLOUDPOSSE = "cloudposse/lambda-function/aws"
AROUND = """
provider "aws" {}
variable "wanted" { type = bool }
variable "subnets" { type = list(string) }
variable "perhaps" {
  type    = list(string)
  default = null
}
module "vpc" {
  source             = "terraform-aws-modules/vpc/aws"
  enable_nat_gateway = true
  private_subnets    = ["10.0.1.0/24", "10.0.2.0/24"]
}
resource "aws_security_group" "fn" { vpc_id = module.vpc.vpc_id }
"""
BOTH = "vpc_subnet_ids = module.vpc.private_subnets\nvpc_security_group_ids = [aws_security_group.fn.id]\n"


def estate(base: Path, inside: str, source: str = LAMBDA, before: str = "") -> Estate:
    text = f'{AROUND}\n{before}\nmodule "fn" {{\nsource = "{source}"\nfunction_name = "orders"\n{inside}\n}}\n'
    (base / "main.tf").write_text(text, "utf-8")
    (root,) = read([base], today=TODAY).roots
    assert root.estate is not None
    return root.estate


def only(one: Estate) -> Function:
    (function,) = one.all(Function)
    return function


def attachment(one: Estate) -> Attachment:
    value = only(one).attachment
    assert isinstance(value, Known)
    assert value.value is not None
    return value.value


def test_both_lists_attach(tmp_path: Path) -> None:
    one = estate(tmp_path, BOTH)
    found = attachment(one)
    assert [link.target for link in found.subnets] == [f"module.vpc.aws_subnet.private[{number}]" for number in (0, 1)]
    assert [link.target for link in found.security_groups] == ["aws_security_group.fn"]
    function = only(one)
    assert (function.address, function.place.address, function.exists) == (
        "module.fn.aws_lambda_function.this[0]",
        "module.fn",
        Known(True, function.place),
    )
    text = (tmp_path / "main.tf").read_text("utf-8").splitlines()
    assert "vpc_subnet_ids" in text[found.place.line - 1]


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "vpc_subnet_ids = module.vpc.private_subnets",
        "vpc_security_group_ids = [aws_security_group.fn.id]\nvpc_subnet_ids = null",
        "vpc_security_group_ids = []\nvpc_subnet_ids = []",
        "attach_network_policy = true",
    ],
)
def test_one_list_alone_does_not_attach(tmp_path: Path, inside: str) -> None:
    value = only(estate(tmp_path, inside)).attachment
    assert isinstance(value, Known)
    assert value.value is None


def test_lists_decided_outside(tmp_path: Path) -> None:
    groups = "vpc_security_group_ids = [aws_security_group.fn.id]\n"
    found = attachment(estate(tmp_path, f"vpc_subnet_ids = var.subnets\n{groups}"))
    assert [part.expression for part in found.subnets.unknown] == ["var.subnets"]
    value = only(estate(tmp_path, f"vpc_subnet_ids = var.wanted ? module.vpc.private_subnets : null\n{groups}")).attachment
    assert isinstance(value, Unknown)


@pytest.mark.parametrize("inside", ["create = false", "create_function = false", "create_layer = true\ncreate_function = false"])
def test_a_call_that_makes_no_function(tmp_path: Path, inside: str) -> None:
    one = estate(tmp_path, inside + "\n" + BOTH)
    assert not one.all(Function)
    assert "module.fn" in one.things


def test_whether_it_is_made_is_decided_outside(tmp_path: Path) -> None:
    exists = only(estate(tmp_path, "create = var.wanted")).exists
    assert isinstance(exists, Unknown)
    assert exists.expression == "var.wanted"


def test_instances(tmp_path: Path) -> None:
    many = estate(tmp_path, 'for_each = toset(["a", "b"])\n' + BOTH)
    assert [f.address for f in many.all(Function)] == [f'module.fn["{key}"].aws_lambda_function.this[0]' for key in "ab"]
    assert [f.address for f in estate(tmp_path, "count = 2").all(Function)] == [
        "module.fn[0].aws_lambda_function.this[0]",
        "module.fn[1].aws_lambda_function.this[0]",
    ]
    assert not estate(tmp_path, "count = 0").all(Function)
    assert isinstance(only(estate(tmp_path, "count = var.wanted ? 1 : 0")).exists, Unknown)


def test_what_is_handed_on(tmp_path: Path) -> None:
    one = estate(
        tmp_path,
        """
runtime = "python3.13"
handler = "app.handler"
layers  = ["arn:aws:lambda:eu-central-1:123456789012:layer:a:1"]
snap_start = true
ephemeral_storage_size = 1024
file_system_arn = aws_efs_access_point.a.arn
file_system_local_mount_path = "/mnt/a"
environment_variables = {
  TABLE = "orders"
  GROUP = aws_security_group.fn.id
}
""",
        before='resource "aws_efs_access_point" "a" { file_system_id = "fs-1" }',
    )
    function = only(one)
    for value, expected in (
        (function.name, "orders"),
        (function.runtime, "python3.13"),
        (function.handler, "app.handler"),
        (function.package_type, "Zip"),
        (function.snap_start, True),
        (function.ephemeral_storage_mb, 1024),
    ):
        assert isinstance(value, Known)
        assert value.value == expected
    assert isinstance(function.file_system, Known)
    assert function.file_system.value is not None
    assert function.file_system.value.target == "aws_efs_access_point.a"
    assert len(function.layers.items) == 1
    assert [variable.name for variable in function.environment.variables] == ["TABLE", "GROUP"]
    assert [link.target for link in function.environment.variables[1].links] == ["aws_security_group.fn"]
    text = (tmp_path / "main.tf").read_text("utf-8").splitlines()
    assert "TABLE" in text[function.environment.variables[0].place.line - 1]


def test_an_image_has_no_runtime(tmp_path: Path) -> None:
    runtime = only(estate(tmp_path, 'package_type = "Image"\nruntime = "python3.13"')).runtime
    assert isinstance(runtime, Known)
    assert runtime.value is None


def test_the_role(tmp_path: Path) -> None:
    made = only(estate(tmp_path, "")).role
    assert made is not None
    assert made.target == "module.fn.aws_iam_role.lambda[0]"
    role = 'resource "aws_iam_role" "fn" { assume_role_policy = "{}" }'
    given = only(estate(tmp_path, "create_role = false\nlambda_role = aws_iam_role.fn.arn", before=role)).role
    assert given is not None
    assert given.target == "aws_iam_role.fn"


def test_cloudposse(tmp_path: Path) -> None:
    config = "vpc_config = {\nsubnet_ids = module.vpc.private_subnets\nsecurity_group_ids = [aws_security_group.fn.id]\n}"
    variables = 'lambda_environment = { variables = { TABLE = "orders" } }'
    one = estate(tmp_path, f"{config}\n{variables}", CLOUDPOSSE)
    assert [link.target for link in attachment(one).security_groups] == ["aws_security_group.fn"]
    assert [variable.name for variable in only(one).environment.variables] == ["TABLE"]
    for nothing in ("", "vpc_config = null"):
        value = only(estate(tmp_path, nothing, CLOUDPOSSE)).attachment
        assert isinstance(value, Known)
        assert value.value is None
    before = 'variable "network" { type = any }'
    assert isinstance(only(estate(tmp_path, "vpc_config = var.network", CLOUDPOSSE, before)).attachment, Unknown)
    assert not estate(tmp_path, "enabled = false", CLOUDPOSSE).all(Function)
    before = 'variable "context" { type = any }'
    assert isinstance(only(estate(tmp_path, "context = var.context", CLOUDPOSSE, before)).exists, Unknown)


@pytest.mark.parametrize(
    "source",
    [
        f"{LAMBDA}//modules/deploy",
        "git::https://github.com/acme/terraform-aws-lambda.git?ref=v8.8.1",
        "git::https://git.example.com/terraform-aws-modules/terraform-aws-lambda.git",
        "app.terraform.io/acme/terraform-aws-modules/lambda/aws",
        "acme/lambda/aws",
    ],
)
def test_other_modules_stay_calls(tmp_path: Path, source: str) -> None:
    one = estate(tmp_path, BOTH, source)
    assert not one.all(Function)
    assert "module.fn" in [call.address for call in one.unread_modules]


def test_a_known_call_stays_beside_its_function_and_is_read(tmp_path: Path) -> None:
    one = estate(tmp_path, BOTH, f"registry.terraform.io/{LAMBDA}")
    assert isinstance(one.things["module.fn"], ModuleCall)
    assert "module.fn" not in [call.address for call in one.unread_modules]
    run = scan([tmp_path], today=TODAY)
    assert run.functions == 1
    assert not [unread for unread in run.unread if unread.startswith("module.fn ")]


def outcomes(one: Estate) -> dict[str, Outcome]:
    findings, troubles = judge([one], catalogue.load())
    assert not troubles
    return {f.policy.id: f.verdict.outcome for f in findings if f.address == "module.fn.aws_lambda_function.this[0]"}


def test_its_attachment_is_judged(tmp_path: Path) -> None:
    assert outcomes(estate(tmp_path, BOTH))["SLS_VPC_1"] is Outcome.FAILED  # its role is seen, and writes logs only
    assert "SLS_VPC_1" not in outcomes(estate(tmp_path, ""))


@pytest.mark.parametrize("source", [LAMBDA, CLOUDPOSSE])
def test_a_reason_in_its_tags_justifies(tmp_path: Path, source: str) -> None:
    attached = BOTH
    if source == CLOUDPOSSE:
        attached = "vpc_config = {\nsubnet_ids = module.vpc.private_subnets\nsecurity_group_ids = [aws_security_group.fn.id]\n}\n"
    tags = 'tags = { "serverful:vpc" = "relational-database until=2027-03-31 owner=payments the ledger is in Aurora" }'
    assert outcomes(estate(tmp_path, attached + tags, source))["SLS_VPC_1"] is Outcome.JUSTIFIED

"""Functions of registry modules that are not here: what their inputs make of them and around them, and what stays a call."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful import catalogue
from serverful.estate.callers import callers_of, may_call
from serverful.estate.estate import Estate
from serverful.estate.model import Alias, Attachment, Function, ModuleCall, Provisioned, Qualified, Role
from serverful.estate.read.reader import read
from serverful.estate.value import Known, Unknown
from serverful.judge import judge
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 1, 15)
LAMBDA = "terraform-aws-modules/lambda/aws"
FN = "module.fn.aws_lambda_function.this[0]"
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


@pytest.mark.parametrize("inside", ["create = false", "create_function = false", "create_layer = true"])
def test_a_call_that_makes_no_function(tmp_path: Path, inside: str) -> None:
    one = estate(tmp_path, inside + "\n" + BOTH)
    assert not one.all(Function)
    assert "module.fn" in one.things
    assert one.unread_modules == ()


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


# --- what the module makes around the function --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", []),
        ("provisioned_concurrent_executions = -1", []),
        ("provisioned_concurrent_executions = 5", [("module.fn.aws_lambda_provisioned_concurrency_config.current_version[0]", 5, True)]),
        ("provisioned_concurrent_executions = 5\ncreate = false", []),
        (
            "provisioned_concurrent_executions = var.wanted ? 5 : -1",
            [("module.fn.aws_lambda_provisioned_concurrency_config.current_version[0]", None, False)],
        ),
    ],
)
def test_provisioned_concurrency_stands_on_its_version(tmp_path: Path, inside: str, expected: list[object]) -> None:
    found = estate(tmp_path, f"publish = true\n{inside}").all(Provisioned)
    assert [
        (one.address, one.executions.value if isinstance(one.executions, Known) else None, isinstance(one.exists, Known)) for one in found
    ] == expected
    assert all((one.callee.target, one.callee.qualified) == (FN, Qualified.VERSION) for one in found)


def callers(one: Estate) -> list[tuple[str, str, bool]]:
    """Who calls the function, which of its versions, and whether that is only a permission."""
    return [(call.service, call.callee.qualified.name, call.is_permission) for call in callers_of(only(one), one)]


def test_its_triggers_are_permissions_for_the_version_and_the_function(tmp_path: Path) -> None:
    triggers = (
        'publish = true\nallowed_triggers = { api = { service = "apigateway", source_arn = "arn:aws:execute-api:eu-central-1:1:x" } }'
    )
    assert callers(estate(tmp_path, triggers)) == [("API Gateway", "VERSION", True), ("API Gateway", "LATEST", True)]
    assert callers(estate(tmp_path, f"{triggers}\ncreate_current_version_allowed_triggers = false")) == [("API Gateway", "LATEST", True)]


def test_its_event_source_mappings_poll_for_the_unqualified_function(tmp_path: Path) -> None:
    mapping = "event_source_mapping = { q = { event_source_arn = aws_sqs_queue.q.arn } }"
    one = estate(tmp_path, mapping, before='resource "aws_sqs_queue" "q" { name = "q" }')
    assert callers(one) == [("SQS", "LATEST", False)]
    (call,) = callers_of(only(one), one)
    assert call.source is not None
    assert (call.source.target, call.place.address) == ("aws_sqs_queue.q", "module.fn")


def test_its_url(tmp_path: Path) -> None:
    assert [call[1] for call in callers(estate(tmp_path, "create_lambda_function_url = true"))] == ["LATEST"]


OUTPUTS = {
    "lambda_function_arn": "LATEST",
    "this_lambda_function_arn": "LATEST",  # as it was called before 2.0
    "lambda_function_name": "LATEST",
    "lambda_function_invoke_arn": "LATEST",
    "lambda_function_qualified_arn": "VERSION",
}


@pytest.mark.parametrize(("output", "version"), OUTPUTS.items())
def test_its_outputs_lead_to_the_function(tmp_path: Path, output: str, version: str) -> None:
    rule = f"""
resource "aws_cloudwatch_event_target" "t" {{
  rule = "nightly"
  arn  = module.fn.{output}
}}
"""
    assert [call[:2] for call in callers(estate(tmp_path, "publish = true", before=rule))] == [("EventBridge", version)]


@pytest.mark.parametrize("output", ["arn", "function_name", "invoke_arn"])
def test_the_outputs_of_the_other_module_lead_to_its_function(tmp_path: Path, output: str) -> None:
    rule = f'resource "aws_cloudwatch_event_target" "t" {{\nrule = "nightly"\narn = module.fn.{output}\n}}'
    assert [call[:2] for call in callers(estate(tmp_path, "", CLOUDPOSSE, rule))] == [("EventBridge", "LATEST")]


def test_an_alias_by_the_submodule(tmp_path: Path) -> None:
    alias = f"""
module "live" {{
  source           = "{LAMBDA}//modules/alias"
  name             = "live"
  function_name    = module.fn.lambda_function_name
  function_version = module.fn.lambda_function_version
  event_source_mapping = {{ q = {{ event_source_arn = "arn:aws:sqs:eu-central-1:1:q" }} }}
}}
"""
    one = estate(tmp_path, "", before=alias)
    assert callers(one) == [("SQS", "ALIAS", False)]
    assert [(found.address, found.callee.target) for found in one.all(Alias)] == [("module.live.aws_lambda_alias.with_refresh[0]", FN)]


def test_an_output_that_no_outline_names_stays_a_reference_to_the_call(tmp_path: Path) -> None:
    group = 'resource "aws_cloudwatch_log_metric_filter" "m" { log_group_name = module.fn.lambda_cloudwatch_log_group_name }'
    one = estate(tmp_path, "", before=group)
    assert isinstance(one.things["module.fn"], ModuleCall)
    assert may_call(only(one), one) == ()


# --- its role -----------------------------------------------------------------------------------------------------------------------------


def role(one: Estate) -> Role:
    (found,) = one.all(Role)
    return found


def actions(one: Estate) -> list[str]:
    return sorted(action for document in role(one).documents for statement in document.statements for action in statement.actions.items)


LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", LOGS),
        ("attach_cloudwatch_logs_policy = false", []),
        (
            'attach_policy_statements = true\npolicy_statements = { s3 = { actions = ["s3:GetObject"], resources = ["*"] } }',
            [*LOGS, "s3:GetObject"],
        ),
        ('policy_statements = { s3 = { actions = ["s3:GetObject"], resources = ["*"] } }', LOGS),  # given, and not attached
        (
            "attach_policy_json = true\n"
            'policy_json = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] })',
            [*LOGS, "sqs:SendMessage"],
        ),
        ('attach_dead_letter_policy = true\ndead_letter_target_arn = "arn:aws:sqs:::q"', [*LOGS, "sns:Publish", "sqs:SendMessage"]),
    ],
)
def test_what_its_role_may_do(tmp_path: Path, inside: str, expected: list[str]) -> None:
    one = estate(tmp_path, inside)
    assert actions(one) == sorted(expected)
    assert role(one).unknown == ()


def test_policies_by_their_arn(tmp_path: Path) -> None:
    inside = 'attach_network_policy = true\nattach_policy = true\npolicy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"'
    assert sorted(policy.name for policy in role(estate(tmp_path, inside)).managed) == [
        "AWSLambdaENIManagementAccess",
        "AmazonS3ReadOnlyAccess",
    ]


def test_a_policy_from_outside_counts_for_its_role(tmp_path: Path) -> None:
    attached = """
resource "aws_iam_role_policy_attachment" "more" {
  role       = module.fn.lambda_role_name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}
"""
    assert [policy.name for policy in role(estate(tmp_path, "", before=attached)).managed] == ["AmazonS3ReadOnlyAccess"]


def test_what_cannot_be_seen_of_its_role_is_named(tmp_path: Path) -> None:
    before = 'variable "document" { type = string }'
    one = estate(tmp_path, "attach_policy_json = true\npolicy_json = var.document", before=before)
    assert [part.expression for document in role(one).documents for part in document.unknown] == ["var.document"]


def test_the_role_of_the_other_module(tmp_path: Path) -> None:
    config = "vpc_config = {\nsubnet_ids = module.vpc.private_subnets\nsecurity_group_ids = [aws_security_group.fn.id]\n}"
    found = role(estate(tmp_path, config, CLOUDPOSSE))
    assert [policy.name for policy in found.managed] == ["AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"]
    assert found.documents == ()
    with_parameters = estate(tmp_path, 'ssm_parameter_names = ["/shop/orders"]', CLOUDPOSSE)
    assert actions(with_parameters) == ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("context = { enabled = false }", []),
        ("context = { enabled = false }\nenabled = true", [True]),
        ("context = { enabled = true }", [True]),
        ("context = module.on.context", [True]),
        ("context = module.off.context", []),
        ("context = module.below.context", []),
        ("context = module.open.context", [False]),
        ("context = module.else.context", [False]),
        ("enabled = module.off.enabled", []),
    ],
)
def test_context_decides_whether_the_other_module_makes_anything(tmp_path: Path, inside: str, expected: list[bool]) -> None:
    labels = {"on": "", "off": "enabled = false", "below": "context = module.off.context", "open": "enabled = var.wanted"}
    calls = [f'module "{name}" {{\nsource = "cloudposse/label/null"\n{given}\n}}' for name, given in labels.items()]
    one = estate(tmp_path, inside, CLOUDPOSSE, "\n".join([*calls, 'module "else" { source = "acme/label/null" }']))
    assert [isinstance(function.exists, Known) for function in one.all(Function)] == expected
    if "open" in inside:
        exists = only(one).exists
        assert isinstance(exists, Unknown)
        assert exists.expression == "var.wanted"


# --- where it comes from ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=0f3c", f"registry.opentofu.org/{LAMBDA}"]
)
def test_the_same_module_by_other_names(tmp_path: Path, source: str) -> None:
    assert only(estate(tmp_path, "", source)).address == FN


@pytest.mark.parametrize("given", ["try(var.network.subnet_ids, null)", 'lookup(var.network, "subnet_ids", null)'])
def test_a_fallback_to_null_is_foreseen(tmp_path: Path, given: str) -> None:
    before = 'variable "network" { type = any }'
    inside = f"vpc_subnet_ids = {given}\nvpc_security_group_ids = [aws_security_group.fn.id]"
    assert isinstance(only(estate(tmp_path, inside, before=before)).attachment, Unknown)

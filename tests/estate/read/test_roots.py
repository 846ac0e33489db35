"""Which folders are roots, which are children, and what is said of what cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful.estate import Function, Known, Unknown
from serverful.estate.estate import Estate
from serverful.estate.read.reader import Reading, read

TODAY = date(2026, 11, 23)
FUNCTION = 'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role = "arn:aws:iam::123456789012:role/r"\n  {0}\n}}\n'
DYNAMIC = """dynamic "vpc_config" {
    for_each = length(var.subnets) > 0 ? [1] : []
    content {
      subnet_ids         = var.subnets
      security_group_ids = var.groups
    }
  }"""
VARIABLES = 'variable "subnets" { default = [] }\nvariable "groups" { default = [] }\n'


def tree(base: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text)
    return base


def reading(base: Path, files: dict[str, str]) -> Reading:
    return read([tree(base, files)], today=TODAY)


def estate(found: Reading, root: str = ".") -> Estate:
    chosen = next(one.estate for one in found.roots if one.root == root)
    assert chosen is not None
    return chosen


def attachment(one: Estate) -> object:
    (function,) = one.all(Function)
    return function.attachment


def test_a_called_folder_is_judged_in_its_callers_only(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "app/main.tf": 'module "f" {\n  source = "../modules/f"\n  subnets = ["subnet-1"]\n}\n',
            "web/main.tf": 'module "f" {\n  source = "../modules/f"\n}\n',
            "modules/f/main.tf": VARIABLES + FUNCTION.format(DYNAMIC),
        },
    )
    assert [one.root for one in found.roots] == ["app", "web"]
    attached = attachment(estate(found, "app"))
    assert isinstance(attached, Known)
    assert attached.value is not None
    assert attachment(estate(found, "web")) == Known(None, attachment(estate(found, "web")).place)  # type: ignore[attr-defined]


def test_defaults_are_the_truth_of_a_root_and_nothing_in_a_reusable_child(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "root/main.tf": 'provider "aws" {}\n' + VARIABLES + FUNCTION.format(DYNAMIC),
            "child/main.tf": VARIABLES + FUNCTION.format(DYNAMIC),
        },
    )
    assert not estate(found, "root").is_child
    assert isinstance(attachment(estate(found, "root")), Known)
    assert estate(found, "child").is_child
    left_open = attachment(estate(found, "child"))
    assert isinstance(left_open, Unknown)
    assert "var.subnets" in left_open.expression


@pytest.mark.parametrize(
    ("name", "is_root"), [("terraform.tfvars", True), ("prod.auto.tfvars", True), ("auto.tfvars", False), ("prod.tfvars", False)]
)
def test_values_make_a_root(tmp_path: Path, name: str, is_root: bool) -> None:
    found = reading(tmp_path, {"main.tf": VARIABLES + FUNCTION.format(DYNAMIC), name: 'subnets = ["subnet-1"]\n'})
    assert estate(found).is_child is not is_root
    assert isinstance(attachment(estate(found)), Known if is_root else Unknown)


def test_installed_modules_are_used_and_nothing_is_downloaded(tmp_path: Path) -> None:
    files = {"main.tf": 'provider "aws" {}\nmodule "f" {\n  source = "registry/f/aws"\n}\n'}
    away = reading(tmp_path / "away", files)
    assert [call.address for call in estate(away).unread_modules] == ["module.f"]
    here = reading(
        tmp_path / "here",
        {
            **files,
            ".terraform/modules/modules.json": '{"Modules": [{"Key": "", "Dir": "."}, {"Key": "f", "Dir": ".terraform/modules/f"}]}',
            ".terraform/modules/f/main.tf": FUNCTION.format(""),
        },
    )
    assert [function.address for function in estate(here).all(Function)] == ["module.f.aws_lambda_function.f"]
    assert not estate(here).unread_modules


def test_a_missing_module_folder_is_named_not_a_crash(tmp_path: Path) -> None:
    found = reading(tmp_path, {"main.tf": 'module "gone" {\n  source = "./gone"\n}\n' + FUNCTION.format("")})
    assert [call.address for call in estate(found).unread_modules] == ["module.gone"]


def test_modules_in_a_circle_are_trouble(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "app/main.tf": 'module "a" {\n  source = "../a"\n}\n' + FUNCTION.format(""),
            "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
            "b/main.tf": 'module "a" {\n  source = "../a"\n}\n',
            "x/main.tf": 'module "y" {\n  source = "../y"\n}\n',
            "y/main.tf": 'module "x" {\n  source = "../x"\n}\n',
        },
    )
    assert [one.root for one in found.roots] == ["app"]
    assert ["calls a module that it is part of" in trouble.what for one in found.roots for trouble in one.troubles] == [True]
    assert {trouble.root for trouble in found.troubles} == {"x", "y"}


def test_what_is_not_there_is_trouble(tmp_path: Path) -> None:
    found = read([tmp_path / "nowhere"], today=TODAY)
    assert "no such file or folder" in found.troubles[0].what
    assert not found.roots


def test_an_empty_folder_beside_a_full_one_is_trouble(tmp_path: Path) -> None:
    tree(tmp_path, {"app/main.tf": FUNCTION.format("")})
    (tmp_path / "empty").mkdir()
    found = read([tmp_path / "app", tmp_path / "empty"], today=TODAY)
    assert [one.root for one in found.roots] == ["app"]
    assert [Path(trouble.file).name for trouble in found.troubles] == ["empty"]
    assert "holds no Terraform" in found.troubles[0].what


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    tree(tmp_path, {"main.tf": FUNCTION.format("")})
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.tf").symlink_to(tmp_path / "self.tf")
    found = read([tmp_path], today=TODAY)
    assert [one.root for one in found.roots] == ["."]
    assert [trouble.file for trouble in found.roots[0].troubles] == ["self.tf"]
    assert estate(found).unreadable == ("self.tf",)


def test_other_tools_are_seen_and_said_to_be_not_read(tmp_path: Path) -> None:
    found = reading(tmp_path, {"live/terragrunt.hcl": "", "app/cdktf.json": "{}", "main.tf": FUNCTION.format("")})
    assert found.unread == ("app/cdktf.json: CDK for Terraform is seen, not read", "live/terragrunt.hcl: Terragrunt is seen, not read")


def test_ignored_folders_are_those_checkov_ignores(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {f"{name}/main.tf": FUNCTION.format("") for name in ("app", ".hidden", "node_modules/x", ".terraform/modules/x", ".serverless")},
    )
    assert [one.root for one in found.roots] == ["app"]


def test_what_was_handed_to_a_module_is_named_beside_its_own_variables(tmp_path: Path) -> None:
    call = 'module "f" {\n  source = "./f"\n  subnets = module.vpc.private_subnets\n  groups = ["sg-1"]\n}\n'
    away = 'module "vpc" {\n  source = "registry/vpc/aws"\n}\n'
    found = reading(tmp_path, {"main.tf": call + away, "f/main.tf": VARIABLES + FUNCTION.format(DYNAMIC)})
    left_open = attachment(estate(found))
    assert isinstance(left_open, Unknown)
    assert left_open.expression == "length(var.subnets) > 0 ? [1] : [] (from module.vpc.private_subnets)"


def test_what_the_expression_names_already_is_not_named_twice(tmp_path: Path) -> None:
    network = 'module "network" {\n  source = "registry/vpc/aws"\n}\n' + FUNCTION.format(DYNAMIC).replace("var.", "module.network.")
    found = reading(tmp_path, {"main.tf": 'module "app" {\n  source = "./app"\n}\n', "app/main.tf": network})
    left_open = attachment(estate(found))
    assert isinstance(left_open, Unknown)
    assert left_open.expression == "length(module.network.subnets) > 0 ? [1] : []"


def test_an_environment_variable_stands_where_it_is_written(tmp_path: Path) -> None:
    """Each entry has its line; what comes from a local has the line of the argument, which is where a reader begins to look."""
    maps = 'merge({\n      TABLE = "orders"\n      HOST  = "a"\n    }, local.more, {\n      HOST = "b"\n    })'
    environment = "environment {\n    variables = " + maps + "\n  }"
    found = reading(tmp_path, {"main.tf": FUNCTION.format(environment) + 'locals {\n  more = { LEVEL = "info" }\n}\n'})
    (function,) = estate(found).all(Function)
    assert {variable.name: variable.place.line for variable in function.environment.variables} == {"TABLE": 6, "HOST": 9, "LEVEL": 5}


def test_places_are_relative_to_the_git_top_level(tmp_path: Path) -> None:
    tree(tmp_path, {".git/HEAD": "", "infra/app/main.tf": FUNCTION.format("")})
    found = read([tmp_path / "infra" / "app"], today=TODAY)
    (function,) = estate(found, "infra/app").all(Function)
    assert function.place.spot == "infra/app/main.tf:1"


def test_only_what_a_function_keeps_open_is_evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`regex` is not ours to compute; tfparse computes it. Where nothing is open, tfparse is not even started."""
    from serverful.estate.read import reader

    asked: list[str] = []
    evaluate = reader.evaluate
    monkeypatch.setattr(reader, "evaluate", lambda requests: asked.extend(r.folder.name for r in requests) or evaluate(requests))
    count = 'count = length(regexall("a", "banana"))'
    found = reading(tmp_path, {"open/main.tf": FUNCTION.format(count), "plain/main.tf": FUNCTION.format("count = 2")})
    assert asked == ["open"]
    assert [len(estate(found, root).all(Function)) for root in ("open", "plain")] == [3, 2]
    assert all(isinstance(function.exists, Known) for function in estate(found, "open").all(Function))


def test_a_failed_evaluation_leaves_the_rest_judged_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from serverful.estate.read import reader
    from serverful.estate.read.evaluate import Evaluation, Failure

    monkeypatch.setattr(
        reader, "evaluate", lambda requests: [Evaluation(r.folder, {}, Failure("died", "the worker was killed")) for r in requests]
    )
    found = reading(tmp_path, {"main.tf": FUNCTION.format('count = length(regexall("a", "banana"))')})
    assert ["could not be evaluated (died)" in trouble.what for trouble in found.roots[0].troubles] == [True]
    (function,) = estate(found).all(Function)
    assert isinstance(function.exists, Unknown)
    assert not estate(found).evaluated


def test_evaluation_says_that_a_dynamic_block_is_on_never_that_it_is_off(tmp_path: Path) -> None:
    """Off and unresolved look alike in tfparse, so what we cannot compute ourselves and it does not list stays undecided."""
    body = (
        'dynamic "vpc_config" {{\n    for_each = regexall("{0}", "banana")\n    content {{\n      subnet_ids = ["subnet-1"]\n'
        '      security_group_ids = ["sg-1"]\n    }}\n  }}'
    )
    found = reading(tmp_path, {"on/main.tf": FUNCTION.format(body.format("b")), "off/main.tf": FUNCTION.format(body.format("x"))})
    on, off = attachment(estate(found, "on")), attachment(estate(found, "off"))
    assert isinstance(on, Known)
    assert on.value is not None
    assert isinstance(off, Unknown)

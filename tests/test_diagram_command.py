"""`serverful diagram` as people and pipelines meet it."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from expectations import ESTATES, FIXTURES, REPOSITORY
from serverful import cli

LEGACY = str(ESTATES / "legacy_vpc")
PLANNED = str(ESTATES / "legacy_vpc" / "plan.json")


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERFUL_TODAY", "2026-11-23")


def root(folder: Path, text: str) -> str:
    """A root module with this text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text('provider "aws" {}\n' + text, encoding="utf-8")
    return str(folder)


def function(name: str) -> str:
    return f'resource "aws_lambda_function" "{name}" {{\n  function_name = "{name}"\n  role = "arn:aws:iam::123456789012:role/r"\n}}\n'


def test_mermaid_on_standard_output(capsys: Any) -> None:
    assert cli.run(["diagram", LEGACY]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("flowchart LR\n  accTitle: Radius of fixtures/estates/legacy_vpc\n") and not said.err


@pytest.mark.parametrize(("options", "is_svg"), [([], True), (["--format", "svg"], True), (["--format", "mermaid"], False)])
def test_the_format_is_that_of_the_file_unless_given(options: list[str], is_svg: bool, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "way.SVG"
    assert cli.run(["diagram", LEGACY, "--output", str(file), *options]) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<svg ") is is_svg and text.endswith("\n")
    assert capsys.readouterr() == ("", "")


def test_the_readme_shows_what_is_drawn(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it differs, paste what is printed now."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```mermaid\n(.*?)```", readme, re.DOTALL)
    assert "`serverful diagram fixtures/estates/legacy_vpc`" in readme
    monkeypatch.chdir(REPOSITORY)
    assert cli.run(["diagram", "fixtures/estates/legacy_vpc"]) == 0
    assert capsys.readouterr().out == shown


def test_svg_on_standard_output(capsys: Any) -> None:
    assert cli.run(["diagram", LEGACY, "--format", "svg", "-o", "-"]) == 0
    assert ElementTree.fromstring(capsys.readouterr().out).get("role") == "img"


def test_one_function(capsys: Any) -> None:
    assert cli.run(["diagram", LEGACY, "--function", "aws_lambda_function.ship_order"]) == 0
    said = capsys.readouterr().out
    assert "accTitle: Way out of aws_lambda_function.ship_order in fixtures/estates/legacy_vpc" in said
    assert "its environment names api.parcels.example" in said and "read_cart" not in said


def test_a_function_without_a_vpc_is_drawn_too(capsys: Any) -> None:
    assert cli.run(["diagram", LEGACY, "--function", "aws_lambda_function.customer_mail"]) == 0
    said = capsys.readouterr().out
    assert "no layer taken back" in said and "Lambda's own network" in said and "-->" in said


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("ship_order", "Did you mean aws_lambda_function.ship_order?"),
        ("aws_lambda_function.shiporder", "Did you mean aws_lambda_function.ship_order"),
        ("x\x1b[31m", "There are, for example, aws_lambda_function.customer_mail"),
    ],
)
def test_an_address_that_no_function_has(address: str, meant: str, capsys: Any) -> None:
    assert cli.run(["diagram", LEGACY, "--function", address]) == 2
    said = capsys.readouterr()
    assert meant in said.err and "8 functions were read" in said.err and not said.out and "\x1b" not in said.err


def test_of_one_function_it_is_said_as_of_one(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_lambda_function" "only" {\n  function_name = "only"\n}\n', encoding="utf-8")
    assert cli.run(["diagram", str(tmp_path), "--function", "x"]) == 2
    assert "1 function was read" in capsys.readouterr().err


def test_several_roots_are_one_mermaid_diagram_and_stand_below_each_other_in_svg(capsys: Any) -> None:
    path = str(ESTATES / "partner_firewall")
    assert cli.run(["diagram", path]) == 0
    said = capsys.readouterr().out
    assert re.findall(r'subgraph \w+\["Radius of fixtures/estates/partner_firewall/(\w+)"\]', said) == ["bank", "customs"]
    assert cli.run(["diagram", path, "--format", "svg"]) == 0
    assert capsys.readouterr().out.count('class="title"') == 2


def test_one_mermaid_diagram_has_at_most_thirty_boxes_and_says_where_it_hides_some(tmp_path: Path, capsys: Any) -> None:
    network = (ESTATES / "legacy_vpc").glob("*.tf")
    text = "".join(file.read_text(encoding="utf-8") for file in network)
    for number in range(4):
        folder = tmp_path / f"root{number}"
        folder.mkdir()
        (folder / "main.tf").write_text(text, encoding="utf-8")
    assert cli.run(["diagram", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert len(re.findall(r"^ +n\d+[\[(]", said.out, re.MULTILINE)) <= 30
    assert "some roots are a single box" in said.err and "--format svg" in said.err
    assert cli.run(["diagram", str(tmp_path), "--format", "svg"]) == 0
    said = capsys.readouterr()
    assert said.out.count(">aws_nat_gateway.shop<") == 4 and not said.err


def test_five_hundred_functions_are_counted(tmp_path: Path, capsys: Any) -> None:
    path = root(tmp_path / "large", "".join(function(f"f{number}") for number in range(500)))
    assert cli.run(["diagram", path]) == 0
    assert "500 functions<br/>aws_lambda_function.f0<br/>" in capsys.readouterr().out


def test_a_plan_and_a_plan_that_is_piped(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.run(["diagram", PLANNED, "--function", "aws_lambda_function.place_order"]) == 0
    from_file = capsys.readouterr().out
    assert "aws_nat_gateway.shop" in from_file
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(PLANNED).read_bytes())))
    assert cli.run(["diagram", "-", "--function", "aws_lambda_function.place_order", "--source", LEGACY]) == 0
    assert "aws_nat_gateway.shop" in capsys.readouterr().out


def test_variables_and_settings_count(tmp_path: Path, capsys: Any) -> None:
    inside = 'variable "inside" {}\n' + function("a").replace(
        "}\n", '  dynamic "vpc_config" {\n    for_each = var.inside ? [1] : []\n    content {\n'
        '      subnet_ids = ["subnet-1"]\n      security_group_ids = ["sg-1"]\n    }\n  }\n}\n'
    )  # fmt: skip
    path = root(tmp_path / "shop", inside)
    assert cli.run(["diagram", path]) == 0
    assert "decides whether it is attached to a VPC" in capsys.readouterr().out
    (tmp_path / "in.tfvars").write_text("inside = true\n", encoding="utf-8")
    assert cli.run(["diagram", path, "--var-file", str(tmp_path / "in.tfvars")]) == 0
    assert "subnet-1" in capsys.readouterr().out
    assert cli.run(["diagram", path, "--config", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err


# --- what goes wrong -----------------------------------------------------------------------------------------------------------------


def test_trouble_is_told_and_the_rest_is_drawn(tmp_path: Path, capsys: Any) -> None:
    path = root(tmp_path / "shop", function("a"))
    (tmp_path / "shop" / "broken.tf").write_text('resource "x" {{{\n', encoding="utf-8")
    file = tmp_path / "out.svg"
    assert cli.run(["diagram", path, "-o", str(file)]) == 2
    assert "broken.tf" in capsys.readouterr().err and "aws_lambda_function.a" in file.read_text(encoding="utf-8")
    # An address that is not there may stand in what could not be read: that is what is told.
    assert cli.run(["diagram", path, "--function", "aws_lambda_function.b"]) == 2
    assert "What was not read may hold some." in capsys.readouterr().err


def test_nothing_to_draw(tmp_path: Path, capsys: Any) -> None:
    path = root(tmp_path / "shop", 'resource "aws_s3_bucket" "a" {}\n')
    file = tmp_path / "out.svg"
    assert cli.run(["diagram", path, "-o", str(file)]) == 2
    assert "no Lambda function in what was read, so there is nothing to draw" in capsys.readouterr().err and not file.exists()
    path = root(tmp_path / "module", 'module "x" {\n  source = "example/x/aws"\n}\n')
    assert cli.run(["diagram", path]) == 2
    assert "module.x may make some: `terraform init` brings modules." in capsys.readouterr().err


def test_no_terraform_and_no_folder(tmp_path: Path, capsys: Any) -> None:
    for path in (tmp_path, tmp_path / "gone"):
        assert cli.run(["diagram", str(path)]) == 2
        said = capsys.readouterr()
        assert said.err and not said.out and "Traceback" not in said.err


def test_an_output_that_cannot_be_written(tmp_path: Path, capsys: Any) -> None:
    for file in (tmp_path / "no" / "such.svg", tmp_path):
        assert cli.run(["diagram", LEGACY, "-o", str(file)]) == 2
        said = capsys.readouterr()
        assert str(file) in said.err and "Traceback" not in said.err and not said.out


@pytest.mark.parametrize("arguments", [["diagram"], ["diagram", LEGACY, "--format", "png"], ["diagram", LEGACY, "--source", "x"]])
def test_a_wrong_call(arguments: list[str], capsys: Any) -> None:
    assert cli.run(arguments) == 2
    said = capsys.readouterr()
    assert said.err and not said.out and "Traceback" not in said.err


def test_what_is_skipped_is_not_drawn(tmp_path: Path, capsys: Any) -> None:
    for name in ("one", "two"):
        root(tmp_path / name, function(name))
    assert cli.run(["diagram", str(tmp_path), "--skip-path", "two"]) == 0
    said = capsys.readouterr().out
    assert "aws_lambda_function.one" in said and "aws_lambda_function.two" not in said


def test_names_that_would_do_harm(tmp_path: Path, capsys: Any) -> None:
    """Keys of `for_each` are whatever somebody writes."""
    keys = ['"] --> x', "<script>", "%%{init}%%", "`code`"]
    entries = ", ".join('"' + key.replace('"', '\\"') + '"' for key in keys)
    path = root(tmp_path / "shop", function("a").replace("{\n", f"{{\n  for_each = toset([{entries}])\n", 1))
    assert cli.run(["diagram", path]) == 0
    said = capsys.readouterr().out
    assert "script" in said and not re.search(r"<(?!br/>)|%%|`|--> x", said)
    assert cli.run(["diagram", path, "--format", "svg"]) == 0
    assert "<script" not in capsys.readouterr().out


def test_the_same_twice(capsys: Any) -> None:
    copies = []
    for _ in range(2):
        assert cli.run(["diagram", str(FIXTURES / "estates"), "--format", "svg"]) == 2  # one design holds a broken file, on purpose
        copies.append(capsys.readouterr().out)
    assert copies[0] == copies[1]

"""Outputs of a root: what they refer to, across modules; and whose outputs are none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from serverful.estate.estate import Estate
from serverful.estate.read.reader import read

PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'
NETWORK = 'resource "aws_eip" "nat" {\n  count = 2\n}\noutput "ips" {\n  value = aws_eip.nat[*].public_ip\n}\n'


def estate(base: Path, **files: str) -> Estate:
    for name, written in files.items():
        path = base / ("main.tf" if name == "main" else f"{name}/main.tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written)
    found = next(root for root in read([base], today=date(2026, 11, 23)).roots if root.root == ".")
    assert found.estate is not None
    assert found.troubles == ()
    return found.estate


def told(one: Estate) -> dict[str, list[str | None]]:
    return {output.name: [link.target for link in output.links] for output in one.outputs}


def test_an_output_refers_to_blocks_wherever_they_stand(tmp_path: Path) -> None:
    one = estate(
        tmp_path,
        main=PROVIDER
        + """
module "network" {
  source = "./network"
}
locals {
  ips = module.network.ips
}
output "joined" {
  description = "For the partner"
  value       = join(",", local.ips)
}
output "both" {
  value = { first = module.network.ips[0], list = local.ips }
}
output "nothing" {
  value = var.nothing
}
output "whole" {
  value = module.network
}
variable "nothing" {}
""",
        network=NETWORK,
    )
    both = ["module.network.aws_eip.nat[0]", "module.network.aws_eip.nat[1]"]
    assert told(one) == {"joined": both, "both": both, "nothing": [], "whole": []}
    (described, *_) = one.outputs
    assert (described.description, described.place.address, described.place.line) == ("For the partner", "output.joined", 11)


def test_a_whole_module_can_be_handed_on(tmp_path: Path) -> None:
    handed = """
module "network" {
  source = "./network"
}
module "elsewhere" {
  source  = "registry.example/elsewhere/aws"
  network = module.network
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = module.network
  environment {
    variables = { NETWORK = jsonencode(module.network) }
  }
}
"""
    one = estate(tmp_path, main=PROVIDER + handed, network=NETWORK)
    (call,) = one.unread_modules
    assert [link.target for link in call.links] == ["module.network.aws_eip.nat[0]", "module.network.aws_eip.nat[1]"]


def test_outputs_of_a_module_that_nobody_calls_are_for_callers(tmp_path: Path) -> None:
    assert estate(tmp_path, main=NETWORK + 'variable "name" {}\n').outputs == ()
    assert told(estate(tmp_path, main=NETWORK + PROVIDER)) == {"ips": ["aws_eip.nat[0]", "aws_eip.nat[1]"]}


def test_a_root_with_an_address_and_no_function_is_read(tmp_path: Path) -> None:
    assert "aws_eip.nat[0]" in estate(tmp_path, main=PROVIDER + NETWORK).things


def test_a_root_that_fails_to_evaluate_keeps_its_outputs(tmp_path: Path) -> None:
    # `count` hangs on a function that only evaluation knows, and evaluation refuses the module circle.
    circle = 'module "again" {\n  source = "../circle"\n}\n'
    one = tmp_path / "main.tf"
    one.write_text(PROVIDER + 'module "circle" {\n  source = "./circle"\n}\n' + NETWORK.replace("2\n", 'length(regexall("a", "aba"))\n'))
    (tmp_path / "circle").mkdir()
    (tmp_path / "circle" / "main.tf").write_text(circle)
    found = next(root for root in read([tmp_path], today=date(2026, 11, 23)).roots if root.root == ".")
    assert found.estate is not None
    assert not found.estate.evaluated
    assert [output.name for output in found.estate.outputs] == ["ips"]

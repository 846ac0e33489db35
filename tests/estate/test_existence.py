"""One thing exists where another does, when one expression of one module decides both; followed from source to the NAT gateway."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from estates_by_hand import place, unknown
from serverful.estate.existence import doubt
from serverful.estate.model import Function
from serverful.estate.network import ways_out
from serverful.estate.read.reader import read
from serverful.estate.value import Known, Unknown

NETWORK = """
provider "aws" {}
data "aws_availability_zones" "all" {}
variable "more" { type = list(string) }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "private" {
  for_each   = toset(data.aws_availability_zones.all.names)
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_eip" "nat" { for_each = toset(data.aws_availability_zones.all.names) }
resource "aws_nat_gateway" "main" {
  for_each      = toset(data.aws_availability_zones.all.names)
  allocation_id = aws_eip.nat[each.value].id
  subnet_id     = "subnet-1"
}
resource "aws_route_table" "private" {
  for_each = toset(data.aws_availability_zones.all.names)
  vpc_id   = aws_vpc.main.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main[each.value].id
  }
}
resource "aws_route_table_association" "private" {
  for_each       = toset(DECIDES)
  subnet_id      = aws_subnet.private[each.value].id
  route_table_id = aws_route_table.private[each.value].id
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/r"
  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = ["sg-1"]
  }
}
"""


def way(folder: Path, decides: str) -> list[str | None]:
    """Where the function's traffic goes, and None where that cannot be told."""
    (folder / "main.tf").write_text(NETWORK.replace("DECIDES", decides))
    estate = read([folder], today=date(2026, 11, 23)).roots[0].estate
    assert estate is not None
    (function,) = estate.all(Function)
    assert isinstance(function.attachment, Known)
    assert function.attachment.value is not None
    assert function.attachment.value.subnets.is_complete
    (found,) = ways_out(function.attachment.value, estate)
    return [None] if found.unknown else [passage.gateway.address if passage.gateway else None for passage in found.exits]


def test_what_one_expression_makes_is_there_together(tmp_path: Path) -> None:
    assert way(tmp_path, "data.aws_availability_zones.all.names") == ["aws_nat_gateway.main"]


def test_another_expression_leaves_the_doubt(tmp_path: Path) -> None:
    assert way(tmp_path, "var.more") == [None]


@pytest.mark.parametrize(
    ("given", "is_certain"),
    [
        (Unknown("var.n", place("module.net.aws_subnet.b")), True),
        (Unknown("var.n", place("module.net.aws_subnet.b[0]")), True),
        (Unknown("var.n", place('module.net.aws_subnet.b["eu.west"]')), True),
        (Unknown("var.n", place('module.other.aws_subnet.b["eu.west"]')), False),
        (Unknown("var.n", place("module.net.data.aws_subnet.b")), True),
        (Unknown("var.m", place("module.net.aws_subnet.b")), False),
        (Unknown("var.n", place("aws_subnet.b")), False),
        (Known(True, place("module.net.aws_subnet.b")), False),
        (None, False),
    ],
)
def test_the_expression_is_the_same_only_in_one_module(given: Unknown | Known[bool] | None, is_certain: bool) -> None:
    exists = Unknown("var.n", place("module.net.aws_route_table.a"))
    assert (doubt(exists, given) is None) is is_certain


def test_what_is_there_is_there() -> None:
    assert doubt(Known(True, place("aws_subnet.a")), unknown("var.n")) is None

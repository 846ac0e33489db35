"""Networks and security groups of registry modules that are not here: where their subnets lead to, and what their groups let through."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from serverful.estate.estate import Estate
from serverful.estate.model import Address, Endpoint, Function, NatGateway, SecurityGroup, Subnet
from serverful.estate.network import Family, way_out
from serverful.estate.read import tree
from serverful.estate.read.reader import read
from serverful.estate.value import Known
from serverful.evidence.egress import egress_of
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 1, 15)
TWO = 'azs = ["eu-central-1a", "eu-central-1b"]\nprivate_subnets = ["10.0.1.0/24", "10.0.2.0/24"]\npublic_subnets = ["10.0.8.0/24"]\n'


def estate_of(base: Path, text: str) -> Estate:
    (base / "main.tf").write_text(f'provider "aws" {{}}\nvariable "decided" {{ type = bool }}\n{text}', "utf-8")
    (root,) = read([base], today=TODAY).roots
    assert root.estate is not None
    return root.estate


def vpc(base: Path, inside: str = "", subnets: str = "module.net.private_subnets", source: str = "terraform-aws-modules/vpc/aws") -> Estate:
    function = f"""
resource "aws_security_group" "fn" {{ name = "fn" }}
resource "aws_lambda_function" "fn" {{
  function_name = "fn"
  role          = "arn:aws:iam::1:role/fn"
  vpc_config {{
    subnet_ids         = {subnets}
    security_group_ids = [aws_security_group.fn.id]
  }}
}}
"""
    return estate_of(base, f'module "net" {{\nsource = "{source}"\n{inside}\n}}\n{function}')


def exits(one: Estate) -> list[str]:
    """What the default routes of the function's subnets lead to, each once, with `?` where that is not certain."""
    (function,) = one.all(Function)
    assert isinstance(function.attachment, Known) and function.attachment.value is not None
    ways = [way_out(link, one) for link in function.attachment.value.subnets]
    found = {f"{e.target.value}{'?' if e.unknown else ''}" for way in ways for e in way.exits_by(Family.IPV4)}
    return sorted(found | {"unknown" for way in ways if way.unknown})


@pytest.mark.parametrize(
    ("inside", "output", "expected"),
    [
        ("", "private_subnets", []),
        ("enable_nat_gateway = true", "private_subnets", ["NAT gateway"]),
        ("enable_nat_gateway = var.decided", "private_subnets", ["NAT gateway?"]),
        ("enable_nat_gateway = true\nsingle_nat_gateway = true", "private_subnets", ["NAT gateway"]),
        ("enable_nat_gateway = true\ncreate_private_nat_gateway_route = false", "private_subnets", []),
        ("", "public_subnets", ["internet gateway"]),
        ("create_igw = false", "public_subnets", []),
        ('enable_nat_gateway = true\nintra_subnets = ["10.0.3.0/24"]', "intra_subnets", []),
        ('enable_nat_gateway = true\ndatabase_subnets = ["10.0.4.0/24"]', "database_subnets", ["NAT gateway"]),
        (
            'enable_nat_gateway = true\ndatabase_subnets = ["10.0.4.0/24"]\ncreate_database_subnet_route_table = true',
            "database_subnets",
            [],
        ),
        (
            'database_subnets = ["10.0.4.0/24"]\ncreate_database_subnet_route_table = true\ncreate_database_internet_gateway_route = true',
            "database_subnets",
            ["internet gateway"],
        ),
        (
            'enable_nat_gateway = true\ndatabase_subnets = ["10.0.4.0/24"]\n'
            "create_database_subnet_route_table = true\ncreate_database_nat_gateway_route = true",
            "database_subnets",
            ["NAT gateway"],
        ),
        ('enable_nat_gateway = true\nelasticache_subnets = ["10.0.5.0/24"]', "elasticache_subnets", ["NAT gateway"]),
        ('redshift_subnets = ["10.0.6.0/24"]\nenable_public_redshift = true', "redshift_subnets", ["internet gateway"]),
    ],
)
def test_where_each_tier_leads(tmp_path: Path, inside: str, output: str, expected: list[str]) -> None:
    assert exits(vpc(tmp_path, TWO + inside, f"module.net.{output}")) == expected


@pytest.mark.parametrize(
    ("inside", "nats", "own"),
    [
        ("", 0, 0),
        ("enable_nat_gateway = true", 2, 2),
        ("enable_nat_gateway = true\nsingle_nat_gateway = true", 1, 1),
        ("enable_nat_gateway = true\none_nat_gateway_per_az = true", 2, 2),
        ("enable_nat_gateway = true\nreuse_nat_ips = true\nexternal_nat_ip_ids = aws_eip.mine[*].id", 2, 0),
    ],
)
def test_how_many_gateways_and_whose_addresses(tmp_path: Path, inside: str, nats: int, own: int) -> None:
    one = vpc(tmp_path, TWO + inside)
    (tmp_path / "eip.tf").write_text('resource "aws_eip" "mine" { count = 2 }', "utf-8")
    one = vpc(tmp_path, TWO + inside)
    found = one.all(NatGateway)
    assert len(found) == nats
    assert len([address for address in one.all(Address) if address.address.startswith("module.net.")]) == own
    if nats:
        mine = "aws_eip.mine[0]" if not own else "module.net.aws_eip.nat[0]"
        assert [link.target for link in found[0].addresses] == [mine]
        assert found[0].place.address == "module.net"


# A network as small as can be that gives the same addresses the same names, beside the root instead of in the registry.
HERE = """
variable "private_subnets" {}
variable "public_subnets" {}
variable "azs" {}
variable "enable_nat_gateway" { default = false }
variable "single_nat_gateway" { default = false }
locals { gateways = !var.enable_nat_gateway ? 0 : var.single_nat_gateway ? 1 : length(var.private_subnets) }
resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "private" {
  count      = length(var.private_subnets)
  vpc_id     = aws_vpc.this.id
  cidr_block = var.private_subnets[count.index]
}
resource "aws_eip" "nat" { count = local.gateways }
resource "aws_nat_gateway" "this" {
  count         = local.gateways
  allocation_id = aws_eip.nat[count.index].id
}
resource "aws_route_table" "private" {
  count  = length(var.private_subnets)
  vpc_id = aws_vpc.this.id
}
resource "aws_route_table_association" "private" {
  count          = length(var.private_subnets)
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}
resource "aws_route" "nat" {
  count                  = local.gateways == 0 ? 0 : length(var.private_subnets)
  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[local.gateways == 1 ? 0 : count.index].id
}
output "private_subnets" { value = aws_subnet.private[*].id }
"""
THREE = """
azs             = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
private_subnets = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
public_subnets  = ["10.0.7.0/24", "10.0.8.0/24", "10.0.9.0/24"]
"""


@pytest.mark.parametrize(
    ("inside", "subnets", "expected"),
    [
        ("enable_nat_gateway = true", "module.net.private_subnets", ["nat[0]"]),
        ("enable_nat_gateway = true\nsingle_nat_gateway = true", "module.net.private_subnets", ["nat[0]"]),
        ("enable_nat_gateway = true", "[module.net.private_subnets[1]]", ["nat[1]"]),
        ("enable_nat_gateway = true", '["subnet-1"]', []),  # it serves no function
        ("", "module.net.private_subnets", []),
    ],
)
def test_the_addresses_of_a_network_are_one_finding_whether_its_module_is_here_or_not(
    tmp_path: Path, inside: str, subnets: str, expected: list[str]
) -> None:
    found = []
    for source in ("terraform-aws-modules/vpc/aws", "./net"):
        base = tmp_path / source.replace("/", "-")
        base.mkdir()
        if source == "./net":
            (base / "net").mkdir()
            (base / "net" / "main.tf").write_text(HERE, "utf-8")
        vpc(base, THREE + inside, subnets, source)
        run = scan([base], today=TODAY)
        of_ip_2 = [finding for finding in run.findings if finding.policy.id == "SLS_IP_2"]
        assert {finding.verdict.outcome for finding in of_ip_2} <= {Outcome.FAILED}
        found.append([finding.address.removeprefix("module.net.aws_eip.") for finding in of_ip_2])
    assert found == [expected, expected]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("", True),
        ('version = "~> 5.0"', True),
        ('version = "3.19.0"', False),
        ('version = "3.19.0"\nmanage_default_security_group = true', True),
    ],
)
def test_the_default_group_is_taken_over_since_4(tmp_path: Path, version: str, expected: bool) -> None:
    one = vpc(tmp_path, TWO + version)
    assert ("module.net.aws_default_security_group.this[0]" in one.things) is expected


def test_a_version_that_cannot_be_told_leaves_that_open(tmp_path: Path) -> None:
    one = vpc(tmp_path, TWO, source="git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=25322b6b")
    exists = one.things["module.net.aws_default_security_group.this[0]"].exists
    assert not isinstance(exists, Known)
    assert "the version of module.net" in exists.expression
    assert exits(one) == []  # and nothing else


def test_zones_may_be_given_by_id(tmp_path: Path) -> None:
    found = vpc(tmp_path, 'azs = ["euc1-az1", "eu-central-1b"]\nprivate_subnets = ["10.0.1.0/24", "10.0.2.0/24"]').all(Subnet)
    assert [subnet.zone_is_id for subnet in found] == [True, False]


SUBNETS = "cloudposse/dynamic-subnets/aws"
GIVEN = 'vpc_id = "vpc-1"\nigw_id = [aws_internet_gateway.main.id]\navailability_zones = ["eu-central-1a", "eu-central-1b"]\n'


@pytest.mark.parametrize(
    ("inside", "output", "expected"),
    [
        ("", "private_subnet_ids", ["NAT gateway"]),
        ("nat_gateway_enabled = false", "private_subnet_ids", []),
        ("nat_instance_enabled = true", "private_subnet_ids", ["instance"]),
        ("nat_instance_enabled = true\nnat_gateway_enabled = true", "private_subnet_ids", ["NAT gateway"]),
        ('version = "1.0.0"\nnat_instance_enabled = true', "private_subnet_ids", ["NAT gateway"]),  # true by default, before 2.0
        ("", "public_subnet_ids", ["internet gateway"]),
        ("max_subnet_count = 1", "private_subnet_ids", ["NAT gateway"]),
    ],
)
def test_dynamic_subnets(tmp_path: Path, inside: str, output: str, expected: list[str]) -> None:
    (tmp_path / "igw.tf").write_text('resource "aws_internet_gateway" "main" { vpc_id = "vpc-1" }', "utf-8")
    assert exits(vpc(tmp_path, GIVEN + inside, f"module.net.{output}", SUBNETS)) == expected


def test_dynamic_subnets_in_zones_that_are_not_seen(tmp_path: Path) -> None:
    one = vpc(tmp_path, 'vpc_id = "vpc-1"', "module.net.private_subnet_ids", SUBNETS)
    (function,) = one.all(Function)
    found = egress_of(function, one)
    assert found is not None
    assert [nat.address for nat in found.nats] or [unknown.expression for unknown in found.nat_unknown]


def test_endpoints(tmp_path: Path) -> None:
    text = """
module "endpoints" {
  source             = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  vpc_id             = "vpc-1"
  subnet_ids         = [aws_subnet.a.id]
  security_group_ids = [aws_security_group.e.id]
  endpoints = {
    s3  = { service = "s3", service_type = "Gateway", route_table_ids = [aws_route_table.a.id] }
    sqs = { service = "sqs" }
    off = { service = "sns", create = false }
  }
}
resource "aws_subnet" "a" { vpc_id = "vpc-1" }
resource "aws_route_table" "a" { vpc_id = "vpc-1" }
resource "aws_security_group" "e" { vpc_id = "vpc-1" }
"""
    one = estate_of(tmp_path, text)
    assert [(e.address.rpartition("this")[2], e.service, e.kind) for e in one.all(Endpoint)] and one.unread_modules == ()
    gateway, interface = one.all(Endpoint)
    assert [link.target for link in gateway.route_tables] == ["aws_route_table.a"]
    assert ([link.target for link in interface.subnets], [link.target for link in interface.security_groups]) == (
        ["aws_subnet.a"],
        ["aws_security_group.e"],
    )
    assert [e.service.value for e in one.all(Endpoint) if isinstance(e.service, Known)] == ["s3", "sqs"]


def group(base: Path, inside: str) -> SecurityGroup:
    text = f"""
module "sg" {{
  source = "terraform-aws-modules/security-group/aws"
  name   = "fn"
{inside}
}}
resource "aws_security_group" "store" {{ name = "store" }}
"""
    one = estate_of(base, text)
    return next(found for found in one.all(SecurityGroup) if found.address.startswith("module.sg."))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", []),
        ('egress_rules = ["https-443-tcp"]', [("egress", "tcp", 443, 443, ["0.0.0.0/0", "::/0"], [])]),
        (
            'egress_rules = ["https-443-tcp"]\negress_cidr_blocks = ["10.0.0.0/8"]\negress_ipv6_cidr_blocks = []',
            [("egress", "tcp", 443, 443, ["10.0.0.0/8"], [])],
        ),
        ('ingress_rules = ["postgresql-tcp"]\ningress_cidr_blocks = ["10.0.0.0/8"]', [("ingress", "tcp", 5432, 5432, ["10.0.0.0/8"], [])]),
        (
            'ingress_with_cidr_blocks = [{ rule = "redis-tcp", cidr_blocks = "10.0.0.0/16,10.1.0.0/16" }]',
            [("ingress", "tcp", 6379, 6379, ["10.0.0.0/16", "10.1.0.0/16"], [])],
        ),
        (
            'egress_with_cidr_blocks = [{ from_port = 8080, to_port = 8090, protocol = "tcp" }]',
            [("egress", "tcp", 8080, 8090, ["0.0.0.0/0"], [])],
        ),
        (
            'egress_with_source_security_group_id = [{ rule = "mysql-tcp", source_security_group_id = aws_security_group.store.id }]',
            [("egress", "tcp", 3306, 3306, [], ["aws_security_group.store"])],
        ),
        (
            "computed_egress_with_source_security_group_id = "
            '[{ rule = "mysql-tcp", source_security_group_id = aws_security_group.store.id }]\n'
            "number_of_computed_egress_with_source_security_group_id = 1",
            [("egress", "tcp", 3306, 3306, [], ["aws_security_group.store"])],
        ),
        ('computed_egress_rules = ["https-443-tcp"]', []),  # none without its number
    ],
)
def test_the_rules_of_a_group(tmp_path: Path, inside: str, expected: list[object]) -> None:
    def known(value: object) -> object:
        return value.value if isinstance(value, Known) else value

    found = group(tmp_path, inside)
    assert found.place.address == "module.sg"
    assert [
        (r.direction, known(r.protocol), known(r.from_port), known(r.to_port), list(r.cidrs), [link.target for link in r.peers])
        for r in found.rules
    ] == expected


def test_a_rule_whose_name_is_decided_elsewhere_is_there(tmp_path: Path) -> None:
    (rule,) = group(tmp_path, 'egress_rules = [var.decided ? "https-443-tcp" : "all-all"]').rules
    assert rule.direction == "egress"
    assert not isinstance(rule.protocol, Known)


def test_too_many_blocks_are_told_of_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_BLOCKS", 50)
    call = 'module "net" {\n  source = "terraform-aws-modules/vpc/aws"\n  private_subnets = [for at in range(60) : "10.0.0.0/24"]\n}\n'
    (tmp_path / "main.tf").write_text(f'provider "aws" {{}}\n{call}', "utf-8")
    (root,) = read([tmp_path], today=TODAY).roots
    assert {(trouble.file, trouble.line) for trouble in root.troubles} == {("main.tf", 2)}

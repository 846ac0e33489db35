"""What the serverful functions of whole designs share, and what is not said to be shared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from estates_by_hand import attachment, estate, function, inside, link, listing, outside
from expectations import ESTATES
from serverful.estate.estate import Estate
from serverful.estate.read.reader import read
from serverful.estate.settings import Settings
from serverful.evidence.shared_things import SharedKind, shared_by, shared_things, told_at


def design(name: str) -> Estate:
    """The root module of one of the designs in fixtures/estates."""
    reading = read([ESTATES / name], today=date(2026, 11, 23), skip=[], var_files=[], settings=Settings())
    (root,) = (root.estate for root in reading.roots if root.estate is not None and Path(root.root).name == Path(name).name)
    return root


def told(whole: Estate) -> list[tuple[SharedKind, str, int]]:
    return [(one.kind, ", ".join(one.what), len(one.functions)) for one in shared_things(whole)]


def test_a_design_in_which_everything_is_shared() -> None:
    assert told(design("legacy_vpc")) == [
        (SharedKind.SECURITY_GROUP, "aws_security_group.functions", 7),
        (SharedKind.SECURITY_GROUP, "aws_security_group.database_clients", 2),
        (SharedKind.SUBNETS, "aws_subnet.private[0], aws_subnet.private[1]", 6),  # one landed in the public ones
        (SharedKind.NAT, "aws_nat_gateway.shop", 6),
        (SharedKind.ROLE, "aws_iam_role.functions", 7),
    ]


def test_a_design_with_file_systems() -> None:
    """Through modules: the network is one, the file systems are two."""
    assert told(design("file_exchange")) == [
        (SharedKind.SUBNETS, "module.network.aws_subnet.this[0], module.network.aws_subnet.this[1]", 4),
        (SharedKind.FILE_SYSTEM, 'module.files["claims"].aws_efs_file_system.this', 2),
        (SharedKind.FILE_SYSTEM, 'module.files["rating"].aws_efs_file_system.this', 2),
    ]


def test_functions_on_managed_instances_have_the_network_of_their_provider() -> None:
    (group,) = (one for one in shared_things(design("shared_everything")) if one.kind is SharedKind.SECURITY_GROUP)
    assert "aws_lambda_function.score" in [function.address for function in group.functions]


def test_a_design_in_which_each_has_its_own() -> None:
    assert told(design("cqrs_table")) == []


def test_what_a_variable_brings_may_be_one_thing_or_many() -> None:
    two = (function(f"aws_lambda_function.{name}", attachment=attachment(), role=link("var.role_arn")) for name in "ab")
    assert shared_things(estate(*two)) == ()


@pytest.mark.parametrize(
    ("first", "second", "is_shared"),
    [
        ("aws_security_group.a.id", "aws_security_group.a.id", True),
        ("aws_security_group.a.id", "aws_security_group.b.id", False),
        ("sg-0a1b", "sg-0a1b", True),
        ("data.terraform_remote_state.net.outputs.a", "data.terraform_remote_state.net.outputs.b", False),
        ("data.terraform_remote_state.net.outputs.a", "data.terraform_remote_state.net.outputs.a", True),
    ],
)
def test_a_group_is_shared_where_it_is_the_same(first: str, second: str, is_shared: bool) -> None:
    groups = (inside(name) if "sg-" not in name else listing(link(name, origin="literal")) for name in (first, second))
    two = [
        function(f"aws_lambda_function.{name}", attachment=attachment(security_groups=group, subnets=outside("var.subnet_ids")))
        for name, group in zip("ab", groups, strict=True)
    ]
    found = shared_things(estate(*two))
    assert [one.kind for one in found] == ([SharedKind.SECURITY_GROUP] if is_shared else [])


def test_who_takes_nothing_back_shares_nothing() -> None:
    plain = (function(f"aws_lambda_function.{name}", role=link("aws_iam_role.r.arn")) for name in "ab")
    assert shared_things(estate(*plain)) == ()


def test_it_is_told_at_a_function() -> None:
    mounted = link("aws_efs_access_point.shared.arn")
    three = [function(f"aws_lambda_function.{name}", file_system=mounted, role=link("aws_iam_role.r.arn")) for name in "abc"]
    whole = estate(*three)
    assert shared_by(three[0], whole)[0].named == "role aws_iam_role.r"
    assert told_at(three[0], whole)[0].says == "shares the role aws_iam_role.r with 2 other serverful functions"
    assert shared_things(whole)[0].says == (
        "aws_lambda_function.a, aws_lambda_function.b and aws_lambda_function.c share the role aws_iam_role.r"
    )

"""When egress rules let everything out, alone or together."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import listing, rule, unknown
from serverful.evidence.open_egress import lets_everything_out, may_let_everything_out

ALL, TCP = {"protocol": "-1", "ports": (None, None)}, {"protocol": "tcp"}


def egress(*cidrs: str, **given: Any) -> Any:
    return rule("egress", cidrs=listing(*cidrs), **given)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([egress("0.0.0.0/0", **ALL)], True),
        ([egress("::/0", **ALL)], True),
        ([egress("10.0.0.0/8", "0.0.0.0/0", **ALL)], True),
        ([egress("0.0.0.0/0", ports=(0, 65535))], True),
        ([egress("0.0.0.0/0", ports=(1, 65535))], True),
        ([egress("0.0.0.0/1", **ALL), egress("128.0.0.0/1", **ALL)], True),
        ([egress("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2", **ALL)], True),
        ([egress("0.0.0.0/0", ports=(0, 1023)), egress("0.0.0.0/0", ports=(1024, 65535))], True),
        ([], False),
        ([egress("0.0.0.0/0", ports=(443, 443))], False),
        ([egress("0.0.0.0/0", ports=(0, 1023)), egress("0.0.0.0/0", ports=(1025, 65535))], False),
        ([egress("0.0.0.0/0", protocol="udp", ports=(0, 65535))], False),
        ([egress("128.0.0.0/1", **ALL)], False),
        ([egress("0.0.0.0/1", **ALL), egress("8000::/1", **ALL)], False),
        ([egress("10.0.0.0/8", **ALL), egress("0.0.0.0/0", ports=(443, 443))], False),
        ([egress("not a range", **ALL)], False),
    ],
)
def test_everything(rules: list[Any], expected: bool) -> None:
    assert bool(lets_everything_out(rules)) is expected


def test_the_whole_rule_is_cited_where_there_is_one() -> None:
    whole, narrow = egress("0.0.0.0/0", **ALL), egress("0.0.0.0/0", ports=(443, 443))
    assert lets_everything_out([narrow, whole]) == (whole,)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"cidrs": listing(unknown=[unknown("var.cidrs")]), **ALL}, ["var.cidrs"]),
        ({"cidrs": listing("0.0.0.0/0"), "ports": (unknown("var.port"), unknown("var.port"))}, ["var.port"]),
        ({"cidrs": listing(unknown=[unknown("var.cidrs")]), "ports": (443, 443)}, []),  # one port, whoever it is for
        ({"cidrs": listing("10.0.0.0/8"), "ports": (unknown("var.port"), unknown("var.port"))}, []),
        ({"cidrs": listing(unknown=[unknown("aws_vpc.main.cidr_block", mentions=["aws_vpc.main"])]), **ALL}, []),
    ],
)
def test_what_is_decided_elsewhere_is_named_where_it_matters(given: dict[str, Any], expected: list[str]) -> None:
    assert [part.expression for part in may_let_everything_out([rule("egress", **given)])] == expected

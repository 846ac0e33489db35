"""Which part of an address says what."""

from __future__ import annotations

import pytest

from serverful.estate.naming import module_of, without_index


@pytest.mark.parametrize(
    ("address", "module"),
    [
        ("aws_subnet.a", ""),
        ("data.aws_subnet.a", ""),
        ("module.net", ""),
        ("module.net.aws_subnet.a", "module.net"),
        ("module.net.data.aws_subnet.a", "module.net"),
        ("module.net[0].aws_subnet.a[1]", "module.net[0]"),
        ("module.net.module.tier[0]", "module.net"),
        ("module.net.module.tier[0].aws_subnet.a", "module.net.module.tier[0]"),
        ('module.net["eu.west"].aws_subnet.a["b.c"]', 'module.net["eu.west"]'),
        ('module.net["a\\"].module.x"].aws_subnet.a', 'module.net["a\\"].module.x"]'),
        ('aws_subnet.a["module.net.x"]', ""),
        ("module.module.aws_subnet.a", "module.module"),
    ],
)
def test_the_module_that_an_address_stands_in(address: str, module: str) -> None:
    assert module_of(address) == module


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("aws_subnet.a", "aws_subnet.a"),
        ("aws_subnet.a[0]", "aws_subnet.a"),
        ("module.net[0].aws_subnet.a", "module.net[0].aws_subnet.a"),
        ('module.net[0].aws_subnet.a["b.c"]', "module.net[0].aws_subnet.a"),
    ],
)
def test_the_block_that_an_instance_is_one_of(address: str, block: str) -> None:
    assert without_index(address) == block

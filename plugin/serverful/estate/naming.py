"""Parts of an address as Terraform writes it: `module.net["eu.west"].aws_subnet.a[0]`."""

from __future__ import annotations

import re

_CALLS = re.compile(r'(?:module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*')


def without_index(address: str) -> str:
    """The block that an instance is one of: `module.net[0].aws_subnet.a[0]` -> `module.net[0].aws_subnet.a`."""
    return re.sub(r"\[[^\[\]]*\]$", "", address)


def module_of(address: str) -> str:
    """The module instance that it stands in: `module.net[0]` of `module.net[0].aws_subnet.a`, "" of that and of all in the root module."""
    calls = _CALLS.match(address)
    return calls.group().removesuffix(".") if calls else ""

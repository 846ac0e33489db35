"""The ports and the address ranges of security group rules."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from serverful.estate.model import Rule
from serverful.estate.value import Known

EVERYWHERE = ("0.0.0.0/0", "::/0")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def ports_of(rule: Rule) -> tuple[int, int] | None:
    """The first and the last port of a rule; None where they are all or unknown."""
    if isinstance(rule.protocol, Known) and rule.protocol.value in ("-1", "all"):
        return None
    if not isinstance(rule.from_port, Known) or not isinstance(rule.to_port, Known):
        return None
    low, high = rule.from_port.value, rule.to_port.value
    return None if low is None or high is None or high < low or (low <= 0 and high in (0, 65535)) else (low, high)


@lru_cache(maxsize=4096)  # the same few ranges stand in thousands of rules
def network_of(cidr: str) -> Network | None:
    """A CIDR as a network; None for what is none (a prefix list, an expression)."""
    try:
        return ipaddress.ip_network(cidr.strip(), strict=False)
    except ValueError:
        return None


def holds(cidr: str, ranges: Iterable[str]) -> bool:
    """Whether a CIDR holds one of some ranges. One that holds every address admits anybody: it is no evidence."""
    outer = network_of(cidr)
    if outer is None or outer.prefixlen == 0:
        return False
    inner = (network for network in map(network_of, ranges) if network is not None and network.version == outer.version)
    return any(network.subnet_of(outer) for network in inner)  # type: ignore[arg-type]


def overlap(some: str, other: str) -> bool:
    """Whether two CIDRs have addresses in common."""
    one, two = network_of(some), network_of(other)
    return one is not None and two is not None and one.overlaps(two)

"""Do rules let everything out? One rule may do it, or several together: by ranges that join, or by ports that do.

What counts is every port to every address, by all protocols or by TCP, which is what a function speaks. One port to every address is
narrow: whoever listens on it elsewhere is beside the point.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from serverful.estate.model import Rule
from serverful.estate.value import Known, Unknown
from serverful.evidence.ranges import network_of

_EVERYWHERE = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
_LAST_PORT = 65535


def lets_everything_out(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The egress rules that, together, let everything out; empty where they do not certainly do so."""
    ports = [(rule, bounds) for rule in rules if (bounds := _ports(rule)) is not None]
    to_anybody = [(rule, bounds) for rule, bounds in ports if any(network in _EVERYWHERE for network in _networks(rule))]
    if _cover_all_ports([bounds for _, bounds in to_anybody]):
        whole = tuple(rule for rule, bounds in to_anybody if bounds == (0, _LAST_PORT))
        return whole or tuple(rule for rule, _ in to_anybody)
    on_all_ports = [rule for rule, bounds in ports if bounds == (0, _LAST_PORT)]
    for version in (4, 6):
        networks = [network for rule in on_all_ports for network in _networks(rule) if network.version == version]
        if any(network in _EVERYWHERE for network in ipaddress.collapse_addresses(networks)):  # type: ignore[type-var]
            return tuple(on_all_ports)
    return ()


def may_let_everything_out(rules: Iterable[Rule]) -> tuple[Unknown, ...]:
    """What keeps us from telling: a protocol, port or range that is decided elsewhere."""
    found: list[Unknown] = []
    for rule in rules:
        open_ports = [value for value in (rule.protocol, rule.from_port, rule.to_port) if isinstance(value, Unknown)]
        # A range of this root's VPC or subnets is not everything, whatever it will be.
        open_ranges = [part for part in rule.cidrs.unknown if not part.mentions]
        is_narrow = not open_ports and _ports(rule) != (0, _LAST_PORT)
        if not is_narrow and (open_ranges or (open_ports and any(network in _EVERYWHERE for network in _networks(rule)))):
            found += open_ports + open_ranges
    return tuple(dict.fromkeys(found))


def _ports(rule: Rule) -> tuple[int, int] | None:
    """The TCP ports that a rule opens, all of them as (0, 65535); None for other protocols and for what is unknown."""
    if not isinstance(rule.protocol, Known):
        return None
    if rule.protocol.value == "-1":
        return 0, _LAST_PORT
    if rule.protocol.value != "tcp" or not isinstance(rule.from_port, Known) or not isinstance(rule.to_port, Known):
        return None
    low, high = rule.from_port.value, rule.to_port.value
    if low is None or high is None:
        return None
    return (0, _LAST_PORT) if low <= 1 and high >= _LAST_PORT else (low, high)


def _networks(rule: Rule) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [network for network in map(network_of, rule.cidrs) if network is not None]


def _cover_all_ports(bounds: Iterable[tuple[int, int]]) -> bool:
    reached = 0  # port 0 is none
    for low, high in sorted(bounds):
        if low > reached + 1:
            return False
        reached = max(reached, high)
    return reached >= _LAST_PORT

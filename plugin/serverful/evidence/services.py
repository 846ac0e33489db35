"""The reference data about AWS services, as typed questions: `reference/services.yaml` and `reference/managed_policies.yaml`.

Read once per process, when first asked; the files are part of the package.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from serverful.estate.identity import covers
from serverful.evidence import reference
from serverful.evidence.ranges import network_of


@dataclass(frozen=True, slots=True)
class Access:
    """Actions that reach the data of something. `data_only` says that their prefix has no management actions.

    `poller` is the service ("MSK") whose event source mappings log in by the function's role; `beyond` are actions that they never need.
    """

    actions: tuple[str, ...]
    what: str
    data_only: bool = False
    poller: str = ""
    beyond: tuple[str, ...] = ()

    def allowed_by(self, pattern: str) -> str | None:
        """The first of the actions that an action pattern names: `elasticache:Connect` and `elasticache:Con*` do.

        Neither `*` nor, unless `data_only`, `elasticache:*` names one: whoever writes it thinks of managing, not of logging in.
        """
        service, _, rest = pattern.partition(":")
        if "*" in service or (rest.strip("*") == "" and not self.data_only):
            return None
        return next((action for action in self.actions if covers(pattern, action)), None)

    def hinted_by(self, pattern: str) -> bool:
        """Whether the pattern is the bare `elasticache:*`, which holds the actions without naming them."""
        service, _, rest = pattern.partition(":")
        return "*" not in service and rest == "*" and any(covers(pattern, action) for action in self.actions)


@dataclass(frozen=True, slots=True)
class Services:
    """What IAM actions, ports and host names tell about private networks."""

    as_of: date
    logins: tuple[Access, ...]
    data_access: tuple[Access, ...]
    data_apis: frozenset[str]
    secret_reads: tuple[str, ...]
    ports: Mapping[int, str]
    hosts: tuple[tuple[re.Pattern[str], str], ...]
    private_name: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ManagedPolicies:
    """AWS managed policies by name: service prefixes, the logins to private stores that some allow, and which are `wide`."""

    as_of: date
    prefixes: Mapping[str, tuple[str, ...]]
    logins: Mapping[str, tuple[str, ...]]
    wide: frozenset[str]


@dataclass(frozen=True, slots=True)
class PrivateName:
    """A host name or address, found in a text, that leads into a private network. `is_store` says that AWS named a thing so."""

    text: str
    what: str
    is_store: bool


@cache
def services() -> Services:
    """`reference/services.yaml`."""
    data = reference.read("services.yaml")
    domains = "|".join(re.escape(name) for name in data["private_domains"])
    return Services(
        as_of=data["as_of"],
        logins=tuple(_access(entry) for entry in data["logins"]),
        data_access=tuple(_access(entry) for entry in data["data_access"]),
        data_apis=frozenset(data["data_apis"]),
        secret_reads=tuple(data["secret_reads"]),
        ports=dict(data["ports"]),
        hosts=tuple((re.compile(rf"(?<![\w.-]){entry['pattern']}", re.IGNORECASE), entry["what"]) for entry in data["hosts"]),
        # A host in a URL, before a port, or alone: `config.local.json` and `com.example.internal.Event` are none.
        private_name=re.compile(rf"(?:^|://(?:[^/@\s]*@)?|[,@])((?:[a-z0-9_-]+\.)+(?:{domains}))(?=$|[:/,?])", re.IGNORECASE),
    )


@cache
def managed_policies() -> ManagedPolicies:
    """`reference/managed_policies.yaml`."""
    data = reference.read("managed_policies.yaml")
    return ManagedPolicies(
        as_of=data["as_of"],
        prefixes={name: tuple(prefixes) for name, prefixes in data["policies"].items()},
        logins={name: tuple(actions) for name, actions in data["logins"].items()},
        wide=frozenset(data["wide"]),
    )


def _access(entry: Mapping[str, Any]) -> Access:
    return Access(
        actions=tuple(entry["actions"]),
        what=entry["what"],
        data_only=bool(entry.get("data_only", False)),
        poller=entry.get("poller", ""),
        beyond=tuple(entry.get("beyond", ())),
    )


_ADDRESS = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])(?!/\d)")
# RFC 1918 and RFC 6598 (carrier-grade NAT, which AWS allows as a secondary range of a VPC).
_PRIVATE_RANGES = tuple(ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
_PRIVATE_RANGES_6 = (ipaddress.IPv6Network("fc00::/7"),)  # RFC 4193, unique local addresses


def private_names(text: str) -> Iterable[PrivateName]:
    """Host names and addresses in a text that lead into a private network, in order of strength."""
    if "." not in text:  # every name and address that is looked for has one, and most texts have none
        return
    known = services()
    for pattern, what in known.hosts:
        for match in pattern.finditer(text):
            yield PrivateName(match.group(), what, is_store=True)
    for match in known.private_name.finditer(text):
        yield PrivateName(match.group(1), "private domain", is_store=False)
    for match in _ADDRESS.finditer(text):
        if is_private_range(f"{match.group(1)}/32"):
            yield PrivateName(match.group(1), "private address", is_store=False)


def is_private_range(cidr: str) -> bool:
    """Whether a CIDR lies wholly in address space that is not routed on the internet. What is no CIDR does not."""
    network = network_of(cidr)
    if isinstance(network, ipaddress.IPv4Network):
        return any(network.subnet_of(private) for private in _PRIVATE_RANGES)
    if isinstance(network, ipaddress.IPv6Network):
        return any(network.subnet_of(private) for private in _PRIVATE_RANGES_6)
    return False

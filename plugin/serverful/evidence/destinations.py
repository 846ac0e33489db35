"""Which hosts on the internet the environment of a function names: the destinations that a way out may serve.

A host counts when its name or address is public and not AWS's own. An AWS API is never the reason for a way out: endpoints, or leaving
the VPC, serve it. What is found is a host's name; a value itself is never repeated, for it may hold a login.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.attached import functions_on
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate, once_per_subject
from serverful.estate.model import Attached, EnvironmentVariable, Store
from serverful.estate.value import Known
from serverful.evidence.evidence import Evidence
from serverful.evidence.words import speaks_of_address_or_login, words

# `scheme://[login@]host`, the host wholly literal: what follows it is the end of the authority, never `${`.
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.\-]*)://(?:[^\s/@\"'${}]*@)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_.\-]+)"
    r"(?=[:/?#,;\s\"'\\)\]}]|$)(?![^\s/\"'\\]*@)",  # what an @ still follows is a login of which a part is unknown
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?P<host>[a-z0-9_\-]+(?:\.[a-z0-9_\-]+)+)\.?(?P<port>:\d{1,5})?$", re.IGNORECASE)

# Schemes of things that are no hosts: a bucket, a file, a name.
_NO_HOST = frozenset({"arn", "data", "file", "s3", "urn"})

# Names under which AWS answers for itself (AWS General Reference, "AWS service endpoints": *.amazonaws.com, *.amazonaws.com.cn, *.api.aws;
# function URLs: *.on.aws).
_AWS = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "aws.amazon.com")

# Names that public DNS does not answer: RFC 6761 and RFC 6762 (localhost, local, test, invalid), RFC 8375 (home.arpa), and `internal`,
# which ICANN has reserved for private use (2024) and AWS uses inside a VPC. The rest is common usage.
_PRIVATE = frozenset(
    {
        *("arpa", "internal", "invalid", "local", "localhost", "test"),
        *("corp", "home", "intern", "intra", "intranet", "lan", "localdomain", "private"),
    }
)

# RFC 1918, RFC 6598, loopback, link-local, unspecified, multicast and reserved; unique local and link-local IPv6. Not `is_private`: that
# includes the addresses of documentation, which stand for public ones.
_PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(cidr)
    for cidr in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"),
        *("::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)


@dataclass(frozen=True, slots=True)
class Destination:
    """A host on the internet, and the environment variable that names it."""

    host: str
    variable: EnvironmentVariable

    @property
    def evidence(self) -> Evidence:
        return Evidence(f"environment variable {self.variable.name} names {self.host}", self.variable.place)


@once_per_subject
def destinations(subject: Attached, estate: Estate) -> tuple[Destination, ...]:
    """The hosts on the internet that its environment names, in its order, each once; a capacity provider's functions have several."""
    found: dict[str, Destination] = {}
    for variable in (v for function in functions_on(subject, estate) for v in function.environment.variables):
        for host in _hosts(variable):
            if is_on_internet(host) and _own_names(estate).isdisjoint(_domains(host)):
                found.setdefault(host, Destination(host, variable))
    return tuple(found.values())


@once_per_estate
def _own_names(estate: Estate) -> frozenset[str]:
    """The DNS names of stores and zones of this root."""
    return frozenset(name.lower().rstrip(".") for store in estate.all(Store) for name in store.names)


def _domains(host: str) -> Iterator[str]:
    """A host and every domain that it lies in: `a.b.c`, `b.c`, `c`."""
    while host:
        yield host
        host = host.partition(".")[2]


def is_on_internet(host: str) -> bool:
    """Whether a host is public by its name or address, and not AWS's."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        labels = host.split(".")
        is_name = len(labels) > 1 and all(labels) and re.fullmatch(r"[a-z]{2,}|xn--[a-z0-9\-]+", labels[-1]) is not None
        return is_name and labels[-1] not in _PRIVATE and not any(host == aws or host.endswith(f".{aws}") for aws in _AWS)
    return not any(address in network for network in _PRIVATE_NETWORKS)


def hosts_written_in(text: str) -> tuple[str, ...]:
    """Every host on the internet in a text, of URLs and bare ones, whatever the text is called."""
    hosts = [*_bare_hosts(text), *_hosts_of_urls(text)]
    return tuple(dict.fromkeys(host for host in hosts if is_on_internet(host)))


def _hosts(variable: EnvironmentVariable) -> Iterator[str]:
    """The hosts in one variable's value, lower-case and without port: of URLs anywhere in it; bare ones where its name speaks of one."""
    if _is_for_browsers(variable.name):
        return
    if isinstance(variable.text, Known):
        text = variable.text.value
        if speaks_of_address_or_login(variable.name):
            yield from _bare_hosts(text)
    else:
        # A template or jsonencode of which only a part is unknown: `"https://api.partner.example/${var.stage}"`. In any other expression (a
        # condition, a function) a literal may be one of several.
        text = variable.text.expression
        if not text.startswith(('"', "jsonencode(")):
            return
    yield from _hosts_of_urls(text)


def _hosts_of_urls(text: str) -> Iterator[str]:
    for match in _URL.finditer(text):
        if match["scheme"].lower().rpartition("+")[2] not in _NO_HOST:
            yield match["host"].lower().rstrip(".")


def _bare_hosts(text: str) -> Iterator[str]:
    for part in re.split(r"[,;\s]+", text):
        match = _BARE.match(part)
        if match:
            yield match["host"].lower()


def _is_for_browsers(name: str) -> bool:
    """Whether a variable names who may call (`CORS_ORIGIN`, `ALLOWED_ORIGINS`, `TOKEN_AUDIENCE`), not whom the function calls."""
    parts = set(words(name))
    return bool(parts & {"CORS", "AUDIENCE"}) or (bool(parts & {"ORIGIN", "ORIGINS"}) and bool(parts & {"ALLOW", "ALLOWED"}))

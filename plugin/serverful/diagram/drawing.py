"""A drawing as plain, frozen data: tuples, texts and enums only, so that it can be compared, kept and written as JSON.

Text in it is as it was read. Whoever shows it makes it harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from serverful.estate.naming import module_of


class NodeKind(Enum):
    """What sort of thing a box stands for, in the order in which a way out is read. It decides how the box looks."""

    SECURITY_GROUP = "security group"
    ROLE = "role"
    FILE_SYSTEM = "file system"
    ROOT = "root"  # all of a root in one box
    FUNCTION = "function"  # one that takes layers of the stack back, or may
    SERVERLESS = "serverless function"  # one that takes none
    PROVIDER = "capacity provider"
    AWS_NETWORK = "network that AWS runs"
    SUBNET = "subnet"
    ROUTE_TABLE = "route table"
    ENDPOINT = "VPC endpoint"
    NAT_GATEWAY = "NAT gateway"
    GATEWAY = "gateway"  # every other target of a route
    ADDRESS = "Elastic IP"
    UNDECIDED = "undecided"  # an expression or a module call that decides something, or adds it, and is not here to be read
    OUTSIDE = "outside"


def root_name(root: str) -> str:
    """What to call a root: its folder, or the plan."""
    return "the top folder" if root == "." else root


@dataclass(frozen=True, slots=True)
class Node:
    """One box: one thing, or several that are folded.

    `key` is unique in its drawing and says nothing to people. `noun` is what to call it: "internet gateway". `names` are the addresses,
    or the expressions as written, of all that it stands for, in natural order; none for what needs no name ("internet"). `particulars`
    are what each of them has of its own (its zone, its service), `notes` what is to be said of all of them. `is_unknown` says that it
    is decided outside the root what it is, or whether it is at all. `is_rest` says that it stands for what was left of its kind when the
    drawing had to be made smaller: then a line of it is that of at least one of them.
    """

    key: str
    kind: NodeKind
    noun: str
    names: tuple[str, ...] = ()
    particulars: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_unknown: bool = False
    is_rest: bool = False

    @property
    def heading(self) -> str:
        """`subnet`, `2 subnets`, `17 more subnets`."""
        number = len(self.names)
        if number < 2:
            return self.noun
        return f"{number} {'more ' if self.is_rest else ''}{self.noun}s"


def in_parts(name: str) -> tuple[str, str]:
    """A name as the module that it stands in ("" without one) and the rest: `module.net`, `aws_subnet.a[0]`."""
    module = module_of(name)
    return module, name.removeprefix(f"{module}.") if module else name


class EdgeKind(Enum):
    """What a line means, as it is told: from one thing `to` another."""

    LEADS = "to"
    SHARED = "used by"  # no direction of traffic
    BLOCKED = "not to"


@dataclass(frozen=True, slots=True)
class Edge:
    """One line from the node with the key `source` to that with the key `target`.

    `labels` are what is written on it: destinations of routes, a reason. `is_unknown` says that it is decided outside the root whether
    there is such a line.
    """

    source: str
    target: str
    kind: EdgeKind = EdgeKind.LEADS
    labels: tuple[str, ...] = ()
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """One drawing: a root, or one function of it.

    `says` are sentences that belong below or beside it. Nodes and edges are in the order in which they are told.
    """

    title: str
    root: str
    says: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

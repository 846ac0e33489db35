"""Security groups and their rules."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.thing import Link, Thing
from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value


@dataclass(frozen=True, slots=True)
class Rule:
    """One security group rule of any generation. Ports are None when all (`protocol` "-1").

    `peers` are groups named as source (ingress) or destination (egress); `is_self` says the group itself is one.
    """

    place: Place
    address: str
    direction: str  # "ingress" or "egress"
    protocol: Value[str]
    from_port: Value[int | None]
    to_port: Value[int | None]
    cidrs: Listing[str]
    cidr_links: tuple[Link, ...]  # `aws_subnet.a.cidr_block`, `aws_vpc.main.cidr_block` behind the cidrs
    prefix_lists: Listing[Link]
    peers: Listing[Link]
    is_self: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup(Thing):
    """`aws_security_group` or `aws_default_security_group` (`is_default`), with the rules of all generations.

    `unseen` names what may add rules we cannot see.
    """

    name: Value[str]
    vpc: Link | None
    rules: tuple[Rule, ...]
    unseen: tuple[Unknown, ...] = ()
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRule(Thing):
    """A rule that a block of this root adds to a security group outside it: `security_group_id = data.aws_security_group.rds.id`.

    Outside is also a group that a service makes for its own resource, an EKS cluster's: then `group` leads to that resource.
    """

    group: Link
    rule: Rule

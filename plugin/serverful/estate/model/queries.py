"""What data sources look for, of the few for which that tells something."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.thing import Link, Thing
from serverful.estate.value import Listing, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetQuery(Thing):
    """`data.aws_subnets`, `data.aws_subnet_ids` or, `is_one`, `data.aws_subnet`: subnets from outside this root, and what was asked for.

    `vpc` is the VPC they were asked of, `zone` the availability zone where one is asked for (`zone_is_id` as for a subnet). `narrowed_by`
    names whatever else leaves subnets out: filters, tags, an id. `default_only` says that default subnets were asked for. `unknown` names
    conditions that are decided elsewhere.
    """

    vpc: Link | None
    zone: Value[str] | None = None
    zone_is_id: bool = False
    narrowed_by: tuple[str, ...] = ()
    default_only: Value[bool]
    unknown: tuple[Unknown, ...] = ()
    is_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcQuery(Thing):
    """`data.aws_vpc`: a VPC from outside this root. `is_default` says whether the default VPC was asked for."""

    is_default: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuery(Thing):
    """`data.aws_security_group`: a group from outside this root. `name` is the name that was asked for; None where none was."""

    name: Value[str | None]


@dataclass(frozen=True, slots=True)
class Filter:
    """One `filter` of a data source. `links` are the blocks of this root that its values refer to."""

    name: Value[str]
    values: Listing[str]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceLookup(Thing):
    """`data.aws_network_interface`, `data.aws_network_interfaces`: interfaces that somebody else has made.

    `found_by` is the lookup that its `id` is taken from.
    """

    filters: tuple[Filter, ...] = ()
    found_by: Link | None = None

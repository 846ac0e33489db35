"""Data sources of the network: what is found lies outside this root, but what was asked for is written here.

Arguments and filter names: Terraform AWS provider documentation, `aws_subnets`, `aws_subnet_ids` (until 4.x), `aws_subnet`, `aws_vpc`,
`aws_security_group`; Amazon EC2 API Reference, "DescribeSubnets", "DescribeVpcs", "DescribeSecurityGroups".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.model import GroupQuery, Link, SubnetQuery, VpcQuery
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Term
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.implied import VPCS
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.vpc import ZONES, zone_of
from serverful.estate.value import Basis, Known, Unknown, Value

_ASKED = {"vpc_id": "vpc-id", "default_for_az": "default-for-az", "availability_zone": "availability-zone"}
_ZONE_FILTERS = {"availability-zone": False, "availabilityZone": False, "availability-zone-id": True, "availabilityZoneId": True}
_DEFAULT_FILTERS = ("default-for-az", "defaultForAz")
_NO_CONDITIONS = frozenset({"filter", "provider", "region", "timeouts", "tags", "state"})


@dataclass(frozen=True, slots=True)
class _Condition:
    """One thing that is asked for: a filter's name or an argument's, and the values it may have."""

    name: str
    values: Term
    place: Place


def subnet_query(block: Block, index: Index) -> SubnetQuery:
    """`data.aws_subnets`, `data.aws_subnet_ids`, `data.aws_subnet`."""
    conditions, unknown = _conditions(block)
    vpc: Link | None = None
    default_only: Value[bool] = Known(False, block.place, Basis.DEFAULTED)
    zone: tuple[Value[str], bool] | None = None
    narrowed: list[str] = []
    for condition in conditions:
        links = index.links_of(condition.values, condition.place, *VPCS)
        if condition.name == "vpc-id" and len(links.items) + len(links.unknown) == 1:
            vpc = links.items[0] if links.items else Link(None, links.unknown[0].expression, condition.place, origin="unknown")
        elif condition.name in _DEFAULT_FILTERS:
            default_only = _flag(condition)
            if isinstance(default_only, Known) and not default_only.value:
                narrowed.append(condition.name)
        else:
            narrowed.append(condition.name)
            if condition.name in _ZONE_FILTERS:
                zone = _one_text(condition), _ZONE_FILTERS[condition.name]
    if any(block.has(name) for name in ZONES):
        zone = zone_of(block), block.term(ZONES[0]) == NULL
    return SubnetQuery(
        **heading(block),
        vpc=vpc,
        zone=zone[0] if zone else None,
        zone_is_id=zone is not None and zone[1],
        narrowed_by=tuple(narrowed),
        default_only=default_only,
        unknown=tuple(unknown),
        is_one=block.type == "aws_subnet",
    )


def vpc_query(block: Block, index: Index) -> VpcQuery:  # noqa: ARG001
    """`data.aws_vpc`."""
    conditions, unknown = _conditions(block)
    asked = next((condition for condition in conditions if condition.name in ("default", "is-default", "isDefault")), None)
    if asked is not None:
        return VpcQuery(**heading(block), is_default=_flag(asked))
    # It may be found by an id or a tag and be the default VPC all the same; nobody has asked for it by that.
    return VpcQuery(**heading(block), is_default=unknown[0] if unknown else Known(False, block.place, Basis.DEFAULTED))


def group_query(block: Block, index: Index) -> GroupQuery:  # noqa: ARG001
    """`data.aws_security_group`."""
    conditions, _ = _conditions(block)
    named = next((condition for condition in conditions if condition.name in ("name", "group-name")), None)
    return GroupQuery(**heading(block), name=_one_text(named) if named else Known(None, block.place, Basis.DEFAULTED))


def _conditions(block: Block) -> tuple[list[_Condition], list[Unknown]]:
    """What is asked for, and names for what may be asked for besides."""
    unknown: list[Unknown] = []
    asked = [name for name in block.names() if name not in _NO_CONDITIONS and block.term(name) != NULL]
    found = [_Condition(_ASKED.get(name, name), block.term(name), block.at(name)) for name in asked]
    if block.has("tags"):
        tags = convert.tags(block)
        found += [_Condition(f"tag:{key}", NULL, block.at("tags")) for key in tags.known]
        unknown += tags.unknown
    filters = block.blocks("filter")
    unknown += [convert.unknown(part, block.at("filter")) for part in filters.undecided]
    for written in filters.blocks:
        name_ = convert.text(written, "name")
        if isinstance(name_, Known):
            found.append(_Condition(name_.value, written.term("values"), written.place))
        else:
            unknown.append(name_)
    return found, unknown


def _texts(condition: _Condition) -> Iterator[Value[str]]:
    for part in convert.parts(condition.values):
        yield convert.text_of(part, condition.place)


def _one_text(condition: _Condition) -> Value[str]:
    texts = list(_texts(condition))
    return texts[0] if len(texts) == 1 else Unknown(condition.name, condition.place)


def _flag(condition: _Condition) -> Value[bool]:
    text = _one_text(condition)
    return Known(text.value.lower() == "true", text.place) if isinstance(text, Known) else text

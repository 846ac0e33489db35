"""Where an attached function or capacity provider stands: each of its subnets, as far as they can be told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Attached, Link, Subnet, SubnetQuery
from serverful.estate.place import Place
from serverful.estate.value import Unknown
from serverful.estate.zones import Zone

_SUBNET_ID = re.compile(r"subnet-[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Standing:
    """One subnet, or a name for several that cannot be told apart.

    `subnet` is the block of this root, `query` the data source that finds it. `unknown` is None where it is certainly one subnet; else it
    names what is not certain: how many there are, or whether it exists. `zone` may be there in either case.
    """

    name: str
    place: Place
    link: Link | None = None
    subnet: Subnet | None = None
    query: SubnetQuery | None = None
    zone: Zone | None = None
    unknown: Unknown | None = None


@once_per_subject  # SLS_VPC_6 and SLS_VPC_10 both ask
def standings(subject: Attached, estate: Estate) -> tuple[Standing, ...]:
    """Every subnet of what is certainly attached, each once; what its list does not tell comes last. Empty for what is not attached."""
    attachment = attachment_of(subject)
    if attachment is None:
        return ()
    found: dict[str, Standing] = {}
    for link in attachment.subnets:
        for standing in _standings(link, subject, estate):
            found.setdefault(standing.name, standing)
    for part in attachment.subnets.unknown:
        found.setdefault(part.expression, Standing(part.expression, part.place, unknown=part))
    return tuple(found.values())


def _standings(link: Link, subject: Attached, estate: Estate) -> Iterator[Standing]:
    thing = estate.thing(link.target)
    if isinstance(thing, Subnet):
        own = Zone(thing.zone, thing.zone_is_id)
        yield Standing(thing.address, thing.place, link, thing, zone=own, unknown=doubt(thing.exists, subject.exists))
        return
    if isinstance(thing, SubnetQuery):
        zone = Zone(thing.zone, thing.zone_is_id) if thing.zone is not None else None
        # `data.aws_subnets.all.ids[0]` is one subnet, and so is `data.aws_subnet.a.id`.
        is_one = thing.is_one or link.is_item
        missing = doubt(thing.exists, subject.exists) if is_one else Unknown(link.expression, link.place)
        yield Standing(link.expression, link.place, link, query=thing, zone=zone, unknown=missing)
        return
    is_one = (link.origin == "literal" and _SUBNET_ID.fullmatch(link.expression) is not None) or (link.origin == "module" and link.is_item)
    yield Standing(link.expression, link.place, link, unknown=None if is_one else Unknown(link.expression, link.place))

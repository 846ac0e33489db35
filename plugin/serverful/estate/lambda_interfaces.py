"""The network interfaces that Lambda makes for functions in a VPC, as data sources look for them.

Lambda describes them as "AWS Lambda VPC ENI-NAME-…", their type is "lambda", and their requester is called after it; it shares them among
functions with the same subnets and security groups, and takes back those that are idle (AWS Lambda Developer Guide, "Giving Lambda
functions access to resources in an Amazon VPC"; EC2 API Reference, "DescribeNetworkInterfaces", filters).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from serverful.estate.attached import attachment_of, everything_attached
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import (
    Address,
    AddressAssociation,
    Attached,
    Filter,
    Function,
    InterfaceLookup,
    Link,
    SecurityGroup,
    Store,
)
from serverful.estate.value import Known

_DESCRIPTION = "aws lambda vpc eni"
_CHAIN = 3  # lookups that lead to lookups: one for the ids, one for the interface


def behind(lookup: InterfaceLookup, estate: Estate) -> tuple[Attached, ...] | None:
    """Whose interfaces a lookup finds; None where they are not Lambda's. Empty where it does not tell of which function."""
    for _ in range(_CHAIN):
        before = estate.find(lookup.found_by, InterfaceLookup)
        if before is None:
            break
        lookup = before
    found: dict[str, Attached] = {}
    is_lambdas = False
    for part in lookup.filters:
        named = (*(subject for link in part.links for subject in _named_by(link, estate)), *_described(part, estate))
        found.update((subject.address, subject) for subject in named)
        is_lambdas = is_lambdas or _asks_for_lambda(part, is_functions=bool(named))
    return tuple(found.values()) if is_lambdas else None


def put_on_interfaces_of(subject: Attached, estate: Estate) -> tuple[Address | AddressAssociation, ...]:
    """The Elastic IPs that somebody puts on its interfaces, where a lookup tells that they are its own; of one from outside this root, the
    block that puts it there."""
    return tuple(_put_on_interfaces(estate).get(subject.address, ()))


@once_per_estate
def _put_on_interfaces(estate: Estate) -> dict[str, list[Address | AddressAssociation]]:
    found: dict[str, list[Address | AddressAssociation]] = {}
    put: list[Address | AddressAssociation] = [*estate.all(Address)]
    put += [one for one in estate.all(AddressAssociation) if estate.find(one.allocation, Address) is None]
    for one in put:
        lookup = estate.find(one.holder, InterfaceLookup)
        for subject in (behind(lookup, estate) if lookup is not None else None) or ():
            found.setdefault(subject.address, []).append(one)
    return found


def _asks_for_lambda(part: Filter, *, is_functions: bool) -> bool:
    texts = _texts(part)
    match _name(part):
        case "description":
            return any(text.startswith(_DESCRIPTION) for text in texts)
        case "interface-type":
            return texts == ["lambda"]
        case "requester-id":
            return any("lambda" in text for text in texts)
        case "group-id":
            return is_functions
    return False


def _name(part: Filter) -> str:
    return part.name.value if isinstance(part.name, Known) else ""


def _texts(part: Filter) -> list[str]:
    """The values, also those of which a part is unknown, without wildcards around them."""
    return [text.strip('"*').lower() for text in (*part.values, *(unknown.expression for unknown in part.values.unknown))]


def _described(part: Filter, estate: Estate) -> Iterator[Attached]:
    """The functions whose name a description holds: "AWS Lambda VPC ENI-orders-*"."""
    if _name(part) == "description":
        names = [text.removeprefix(f"{_DESCRIPTION}-") for text in _texts(part) if text.startswith(f"{_DESCRIPTION}-")]
        known = _by_name(estate)
        for name in names:
            # The longest name that fits: `orders` does not mean `orders-export`.
            ends = (end for end in range(len(name), 0, -1) if name[end : end + 1] in ("", "-"))
            fitting = (known[name[:end]] for end in ends if name[:end] in known)
            yield from islice(fitting, 1)


@once_per_estate
def _by_name(estate: Estate) -> dict[str, Function]:
    return {f.name.value.lower(): f for f in estate.all(Function) if isinstance(f.name, Known) and f.name.value}


def _named_by(link: Link, estate: Estate) -> Iterator[Attached]:
    """The function itself; of a security group those that stand in it, unless others do as well."""
    thing = estate.thing(link.target)
    if isinstance(thing, SecurityGroup):
        if thing.address not in _groups_of_others(estate):
            yield from _by_group(estate).get(thing.address, ())
    elif isinstance(thing, Attached) and attachment_of(thing) is not None:
        yield thing


@once_per_estate
def _by_group(estate: Estate) -> dict[str, list[Attached]]:
    found: dict[str, list[Attached]] = {}
    for subject in everything_attached(estate):
        attachment = attachment_of(subject)
        for target in dict.fromkeys(link.target for link in attachment.security_groups) if attachment else ():
            if target:
                found.setdefault(target, []).append(subject)
    return found


@once_per_estate
def _groups_of_others(estate: Estate) -> frozenset[str]:
    return frozenset(link.target for store in estate.all(Store) for link in store.security_groups if link.target)

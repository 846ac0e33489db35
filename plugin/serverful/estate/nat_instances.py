"""What a NAT instance is made of: an instance, its interfaces, and the Elastic IPs on either."""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Address, AddressAssociation, Store


def parts_of(target: str, estate: Estate) -> tuple[Store, ...]:
    """An instance or interface and what belongs to it: the interfaces of an instance, the instance of an interface. Empty for others."""
    thing = estate.thing(target)
    if not isinstance(thing, Store) or thing.is_forwarding is None:
        return ()
    whole = estate.thing(_instances_by_interface(estate).get(target)) or thing
    interfaces = [estate.find(link, Store) for link in whole.interfaces] if isinstance(whole, Store) else []
    parts = (thing, whole, *interfaces)
    return tuple({part.address: part for part in parts if isinstance(part, Store)}.values())


@once_per_estate
def _instances_by_interface(estate: Estate) -> dict[str, str]:
    return {link.target: store.address for store in estate.all(Store) for link in store.interfaces if link.target}


def addresses_on(part: Store, estate: Estate) -> tuple[Address, ...]:
    """The Elastic IPs of this root that are put on it."""
    return tuple(_addresses(estate).get(part.address, ()))


@once_per_estate
def _addresses(estate: Estate) -> dict[str, list[Address]]:
    found: dict[str, list[Address]] = {}
    for address in estate.all(Address):
        if address.holder is not None and address.holder.target is not None:
            found.setdefault(address.holder.target, []).append(address)
    return found


def associations_on(part: Store, estate: Estate) -> tuple[AddressAssociation, ...]:
    """The associations that put Elastic IPs from outside on it."""
    return tuple(_associations(estate).get(part.address, ()))


@once_per_estate
def _associations(estate: Estate) -> dict[str, list[AddressAssociation]]:
    found: dict[str, list[AddressAssociation]] = {}
    for joined in estate.all(AddressAssociation):
        if estate.find(joined.allocation, Address) is None and joined.holder is not None and joined.holder.target is not None:
            found.setdefault(joined.holder.target, []).append(joined)
    return found

"""Elastic IPs, what holds them, and the interfaces that data sources find.

Arguments: Terraform AWS provider 6.55 documentation, pages of `aws_eip`, `aws_eip_association`, `aws_lb`, `aws_transfer_server`,
`aws_network_interface` and `aws_network_interfaces` (data sources).
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.model import Address, AddressAssociation, Filter, InterfaceLookup, Link
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal, Ref, Term, references
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index

EIP = ("aws_eip",)
LOOKUPS = ("aws_network_interface", "aws_network_interfaces")

# What takes Elastic IPs for a way *in*, by the nested block and argument that name them.
_WAYS_IN = {
    "aws_lb": ("subnet_mapping", "allocation_id"),
    "aws_alb": ("subnet_mapping", "allocation_id"),
    "aws_transfer_server": ("endpoint_details", "address_allocation_ids"),
}
_FROM_A_RANGE_OF_ONES_OWN = ("public_ipv4_pool", "ipam_pool_id", "address")


def address(block: Block, index: Index) -> Address:
    """`aws_eip`, with what holds it."""
    associations = [
        child
        for argument in ("allocation_id", "public_ip")
        for child in index.children(block.address, EIP, "aws_eip_association", argument).sure
    ]
    holders = [
        _holder(holding, name, index)
        for holding, names in (
            (block, ("instance", "network_interface")),
            *((child, ("instance_id", "network_interface_id")) for child in associations),
        )
        for name in names
    ]
    holders.append(index.remembered("addresses of ways in", lambda: _ways_in(index)).get(block.address))
    return Address(**heading(block), holder=next((link for link in holders if link is not None), None), pool=_pool(block, index))


def association(block: Block, index: Index) -> AddressAssociation:
    """`aws_eip_association`."""
    links = (index.link(block, name, *EIP) for name in ("allocation_id", "public_ip"))
    holders = (_holder(block, name, index) for name in ("instance_id", "network_interface_id"))
    return AddressAssociation(
        **heading(block),
        allocation=next((link for link in links if link is not None), None),
        holder=next((link for link in holders if link is not None), None),
    )


def lookup(block: Block, index: Index) -> InterfaceLookup:  # noqa: ARG001
    """`data.aws_network_interface`, `data.aws_network_interfaces`."""
    filters = tuple(_filter(nested) for nested in block.blocks("filter").blocks)
    return InterfaceLookup(**heading(block), filters=filters, found_by=_lookup_in(block.term("id"), block.at("id")))


def _filter(nested: Block) -> Filter:
    values = nested.term("values")
    return Filter(convert.text(nested, "name"), convert.strings(nested, "values"), convert.mentioned(values, nested.at("values")))


def _holder(block: Block, argument: str, index: Index) -> Link | None:
    """What it is put on. Which of the interfaces that a lookup finds does not matter: `tolist(data.….ids)[0]`, `each.value`."""
    link = index.link(block, argument)
    if link is None or link.target is not None:
        return link
    return _lookup_in(block.term(argument), link.place) or link


def _lookup_in(term: Term, place: Place) -> Link | None:
    """The one lookup of interfaces that a term is made of."""
    lookups = {ref.block.address: ref for ref in references(term) if ref.block.mode == "data" and ref.block.type in LOOKUPS}
    if len(lookups) != 1:
        return None
    ((found, ref),) = lookups.items()
    return Link(found, ref.expression, place, ".".join(str(step) for step in ref.path), "data")


def _ways_in(index: Index) -> dict[str, Link]:
    """Load balancers and servers by the Elastic IPs that they are reached at."""
    found: dict[str, Link] = {}
    for type_, (nested, argument) in _WAYS_IN.items():
        for holder in index.of_type(type_):
            inner = holder.blocks(nested)
            for block in (*inner.blocks, *inner.possible):
                for eip in _eips(block.term(argument)):
                    found.setdefault(eip, Link(holder.address, holder.address, block.at(argument)))
    return found


def _eips(term: Term) -> Iterator[str]:
    return (ref.block.address for ref in references(term) if ref.block.type in EIP and ref.block.mode == "managed")


def _pool(block: Block, index: Index) -> Link | None:
    """Where it is taken from; `amazon` is the pool that everybody has."""
    for name in _FROM_A_RANGE_OF_ONES_OWN:
        term = convert.settled(block.term(name))
        if term not in (NULL, Literal(""), Literal("amazon")):
            return index.link(block, name) if isinstance(term, Ref | Literal) else convert.link(block, name)
    return None

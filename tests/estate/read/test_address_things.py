"""Blocks into addresses: what holds them, where they are taken from, and which interfaces a lookup is after."""

from __future__ import annotations

import pytest
from blocks_by_hand import HandBlock, block, dynamic, nested, ref, text, undecided

from serverful.estate.model import Address, AddressAssociation, InterfaceLookup, Link, Store, Thing
from serverful.estate.read.block import Block
from serverful.estate.read.build import things
from serverful.estate.value import Known

EIP = block("aws_eip.e")
INSTANCE = block("aws_instance.i")
INTERFACE = block("aws_network_interface.n")
LOOKUP = block("data.aws_network_interfaces.l", filter=nested(name="interface-type", values=["lambda"]))


def made(subject: Block, *others: Block) -> Thing:
    return things([*others, subject])[subject.address]


def address(*others: Block, **given: object) -> Address:
    thing = made(block("aws_eip.e", **given), *others)
    assert isinstance(thing, Address)
    return thing


def told(link: Link | None) -> tuple[str | None, str] | None:
    return (link.target, link.origin) if link else None


@pytest.mark.parametrize(
    ("given", "holder"),
    [
        ({}, None),
        ({"instance": ref(INSTANCE, "id")}, ("aws_instance.i", "resource")),
        ({"network_interface": ref(INTERFACE, "id")}, ("aws_network_interface.n", "resource")),
        ({"network_interface": ref(INSTANCE, "primary_network_interface_id")}, ("aws_instance.i", "resource")),
        ({"network_interface": "eni-1"}, (None, "literal")),
        ({"network_interface": undecided("var.interface_id")}, (None, "unknown")),
        ({"network_interface": ref(LOOKUP, "ids", 0)}, ("data.aws_network_interfaces.l", "data")),
        ({"network_interface": undecided("each.value", ref(LOOKUP, "ids"))}, ("data.aws_network_interfaces.l", "data")),
    ],
)
def test_what_holds_an_address(given: dict[str, object], holder: object) -> None:
    assert told(address(INSTANCE, INTERFACE, LOOKUP, **given).holder) == holder


def test_an_association_joins_an_address_to_its_holder() -> None:
    joined = block("aws_eip_association.j", allocation_id=ref(EIP, "allocation_id"), network_interface_id=ref(LOOKUP, "ids", 0))
    assert told(address(joined, LOOKUP).holder) == ("data.aws_network_interfaces.l", "data")
    thing = made(joined, EIP, LOOKUP)
    assert isinstance(thing, AddressAssociation)
    assert (told(thing.allocation), told(thing.holder)) == (("aws_eip.e", "resource"), ("data.aws_network_interfaces.l", "data"))


@pytest.mark.parametrize(
    "holder",
    [
        block("aws_lb.l", subnet_mapping=nested(allocation_id=ref(EIP, "id"))),
        block("aws_alb.l", subnet_mapping=dynamic("var.zones", allocation_id=ref(EIP, "id"))),
        block("aws_transfer_server.l", endpoint_details=nested(address_allocation_ids=[ref(EIP, "id")])),
    ],
    ids=["balancer", "perhaps a balancer", "server"],
)
def test_a_way_in_holds_its_address(holder: HandBlock) -> None:
    assert told(address(holder).holder) == (holder.address, "resource")


@pytest.mark.parametrize(
    ("given", "pool"),
    [
        ({}, None),
        ({"public_ipv4_pool": "amazon"}, None),
        ({"public_ipv4_pool": "ipv4pool-ec2-1"}, "ipv4pool-ec2-1"),
        ({"ipam_pool_id": undecided("var.pool")}, "var.pool"),
        ({"address": "203.0.113.7"}, "203.0.113.7"),
    ],
)
def test_where_an_address_is_taken_from(given: dict[str, object], pool: str | None) -> None:
    found = address(arguments=given).pool
    assert (found.expression if found else None) == pool


# --- machines ---------------------------------------------------------------------------------------------------------------------


def test_an_instance_passes_on_what_is_not_its_own_only_when_told() -> None:
    for block_, forwards in (
        (block("aws_instance.i"), False),
        (block("aws_instance.i", source_dest_check=False), True),
        (block("aws_network_interface.n", source_dest_check=False), True),
    ):
        thing = made(block_)
        assert isinstance(thing, Store)
        assert isinstance(thing.is_forwarding, Known)
        assert thing.is_forwarding.value is forwards


@pytest.mark.parametrize(
    ("given", "others"),
    [
        ({"network_interface": nested(network_interface_id=ref(INTERFACE, "id"))}, [INTERFACE]),
        ({"primary_network_interface": nested(network_interface_id=ref(INTERFACE, "id"))}, [INTERFACE]),
        (
            {},
            [
                INTERFACE,
                block("aws_network_interface_attachment.a", instance_id=ref(INSTANCE, "id"), network_interface_id=ref(INTERFACE, "id")),
            ],
        ),
        ({}, [block("aws_network_interface.n", attachment=nested(instance=ref(INSTANCE, "id")))]),
    ],
    ids=["network_interface", "primary", "attachment of its own", "attachment of the interface"],
)
def test_an_instance_knows_its_interfaces(given: dict[str, object], others: list[Block]) -> None:
    thing = made(block("aws_instance.i", **given), *others)
    assert isinstance(thing, Store)
    assert [link.target for link in thing.interfaces] == ["aws_network_interface.n"]


# --- lookups ----------------------------------------------------------------------------------------------------------------------


def test_a_lookup_tells_what_it_is_after() -> None:
    function = block("aws_lambda_function.f", function_name=undecided("var.name"))
    described = text("AWS Lambda VPC ENI-", ref(function, "function_name"), "-*")
    thing = made(block("data.aws_network_interface.l", filter=nested(name="description", values=[described])), function)
    assert isinstance(thing, InterfaceLookup)
    (only,) = thing.filters
    assert isinstance(only.name, Known)
    assert (only.name.value, only.values.items, [link.target for link in only.links]) == ("description", (), ["aws_lambda_function.f"])
    assert [part.expression for part in only.values.unknown] == ["AWS Lambda VPC ENI-${aws_lambda_function.f.function_name}-*"]


def test_a_lookup_by_id_knows_where_the_id_is_from() -> None:
    thing = made(block("data.aws_network_interface.l", id=undecided("tolist(…)[0]", ref(LOOKUP, "ids"))), LOOKUP)
    assert isinstance(thing, InterfaceLookup)
    assert told(thing.found_by) == ("data.aws_network_interfaces.l", "data")

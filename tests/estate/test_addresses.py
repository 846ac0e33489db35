"""Which addresses stay, which block speaks for them, and whose way out they lie on."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    association,
    attachment,
    capacity_provider,
    eip,
    eip_association,
    estate,
    function,
    inside,
    interface_lookup,
    known,
    link,
    listing,
    module_call,
    nat_gateway,
    outside,
    route,
    route_table,
    security_group,
    store,
    subnet,
    unknown,
    vpc,
)
from serverful.estate.addresses import PinnedWay, in_hands_of, pinned_way
from serverful.estate.estate import Estate
from serverful.estate.model import NatGateway, Store, Target, Thing

FUNCTION = "aws_lambda_function.f"
NAT = "aws_nat_gateway.main"


def standing(*subnets: str, address: str = FUNCTION, **given: Any) -> Thing:
    """A function in these subnets."""
    return function(address, attachment=attachment(subnets=inside(*(f"aws_subnet.{name}.id" for name in subnets))), **given)


def leading(name: str, to: str = f"{NAT}.id", target: Target = Target.NAT_GATEWAY, **given: Any) -> list[Thing]:
    """A subnet whose default route leads somewhere."""
    return [
        subnet(f"aws_subnet.{name}"),
        route_table(f"aws_route_table.{name}", route("0.0.0.0/0", to, target, **given)),
        association(f"aws_route_table_association.{name}", f"aws_route_table.{name}.id", subnet=f"aws_subnet.{name}.id"),
    ]


def nat(name: str = "main", *addresses: str, **given: Any) -> NatGateway:
    return nat_gateway(f"aws_nat_gateway.{name}", **{"addresses": inside(*(f"aws_eip.{a}.id" for a in addresses)), **given})


def way_of(carrier: str, *things: Thing) -> PinnedWay | None:
    here = estate(vpc("aws_vpc.main"), *things)
    thing = here.thing(carrier)
    assert thing is not None
    return pinned_way(thing, here)


def addresses(things: tuple[Thing, ...]) -> list[str]:
    return [thing.address for thing in things]


def test_an_address_on_the_way_of_a_function() -> None:
    way = way_of("aws_eip.a", standing("a"), *leading("a"), nat("main", "a"), eip("aws_eip.a"))
    assert way is not None
    assert (addresses(way.users), addresses(way.gateways), way.taken, way.perhaps) == ([FUNCTION], [NAT], (), ())
    assert addresses(way.things) == ["aws_eip.a", NAT]


def test_the_gateway_does_not_speak_beside_its_address() -> None:
    assert way_of(NAT, standing("a"), *leading("a"), nat("main", "a"), eip("aws_eip.a")) is None


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"addresses": inside("eipalloc-1")}, ["eipalloc-1"]),
        ({"addresses": inside("data.aws_eip.kept.id")}, ["data.aws_eip.kept.id"]),
        ({"addresses": outside("var.allocation_id")}, ["var.allocation_id"]),
    ],
    ids=["id", "data source", "variable"],
)
def test_the_gateway_speaks_for_an_address_from_outside(given: dict[str, Any], taken: list[str]) -> None:
    way = way_of(NAT, standing("a"), *leading("a"), nat(**given))
    assert way is not None
    assert ([part.expression for part in way.taken], way.carrier.address, way.doubts) == (taken, NAT, ())


def test_beside_one_of_this_root_the_address_speaks_for_both() -> None:
    mixed = nat(addresses=listing(link("aws_eip.a.id"), unknown=[unknown("var.more")]))
    things = (standing("a"), *leading("a"), mixed, eip("aws_eip.a"))
    assert way_of(NAT, *things) is None
    way = way_of("aws_eip.a", *things)
    assert way is not None
    assert [part.expression for part in way.taken] == ["var.more"]


def test_one_of_two_is_not_told_apart_so_the_gateway_speaks() -> None:
    either = nat(addresses=listing(unknown=[unknown("var.second ? … : …", mentions=["aws_eip.a", "aws_eip.b"])]))
    things = (standing("a"), *leading("a"), either, eip("aws_eip.a"), eip("aws_eip.b"))
    assert way_of(NAT, *things) is not None
    assert way_of("aws_eip.a", *things) is None


@pytest.mark.parametrize(
    "given",
    [
        {"connectivity": "private"},
        {"availability": "regional", "addresses": listing()},
    ],
    ids=["private", "regional, automatic"],
)
def test_what_pins_nothing_on_the_internet(given: dict[str, Any]) -> None:
    assert way_of(NAT, standing("a"), *leading("a"), nat(**{"addresses": inside("eipalloc-1"), **given})) is None


def test_a_regional_gateway_that_may_be_given_addresses() -> None:
    way = way_of(NAT, standing("a"), *leading("a"), nat(availability="regional", addresses=outside("var.zones")))
    assert way is not None
    assert [part.expression for part in way.doubts] == ["var.zones"]


def test_a_gateway_that_may_be_private() -> None:
    way = way_of(NAT, standing("a"), *leading("a"), nat(addresses=inside("eipalloc-1"), connectivity=unknown("var.connectivity")))
    assert way is not None
    assert ([part.expression for part in way.doubts], way.users) == (["var.connectivity"], ())


# --- one way, or several ----------------------------------------------------------------------------------------------------------


def zones(*names: str) -> list[Thing]:
    return [thing for n in names for thing in (*leading(n, f"aws_nat_gateway.{n}.id"), nat(n, n), eip(f"aws_eip.{n}"))]


def test_what_the_same_functions_leave_from_is_one_way() -> None:
    things = (*zones("a", "b", "c"), standing("a", "b", "c"), standing("c", "b", "a", address="aws_lambda_function.g"))
    way = way_of("aws_eip.a", *things)
    assert way is not None
    assert addresses(way.addresses) == ["aws_eip.a", "aws_eip.b", "aws_eip.c"]
    assert addresses(way.users) == [FUNCTION, "aws_lambda_function.g"]
    assert way_of("aws_eip.b", *things) is None


def test_what_different_functions_leave_from_are_two() -> None:
    things = (*zones("a", "b"), standing("a"), standing("b", address="aws_lambda_function.g"))
    ways = [way_of(carrier, *things) for carrier in ("aws_eip.a", "aws_eip.b")]
    assert [addresses(way.users) for way in ways if way] == [[FUNCTION], ["aws_lambda_function.g"]]


def test_where_nobody_is_seen_the_instances_of_one_block_are_one_way() -> None:
    things = [eip("aws_eip.a[0]"), eip("aws_eip.a[1]"), eip("aws_eip.b"), eip('module.m["x"].aws_eip.a[0]')]
    carriers = [thing.address for thing in things if way_of(thing.address, *things)]
    assert carriers == ["aws_eip.a[0]", "aws_eip.b", 'module.m["x"].aws_eip.a[0]']


# --- who leaves, certainly or perhaps ---------------------------------------------------------------------------------------------


def test_a_route_that_may_not_exist() -> None:
    way = way_of("aws_eip.a", standing("a"), *leading("a", exists=unknown("var.internet")), nat("main", "a"), eip("aws_eip.a"))
    assert way is not None
    assert (way.users, [part.expression for part in way.perhaps]) == ((), ["var.internet"])


def test_a_function_that_may_not_exist() -> None:
    things = (*leading("a"), nat("main", "a"), eip("aws_eip.a"))
    way = way_of("aws_eip.a", standing("a", exists=unknown("var.create")), *things)
    assert way is not None
    assert (way.users, [part.expression for part in way.perhaps]) == ((), ["var.create"])
    way = way_of("aws_eip.a", standing("a", exists=unknown("var.create")), standing("a", address="aws_lambda_function.g"), *things)
    assert way is not None
    assert addresses(way.users) == ["aws_lambda_function.g"]


def test_a_function_in_subnets_from_outside_leaves_elsewhere() -> None:
    way = way_of("aws_eip.a", function(FUNCTION, attachment=attachment()), *leading("a"), nat("main", "a"), eip("aws_eip.a"))
    assert way is not None
    assert (way.users, way.perhaps) == ((), ())


def test_a_capacity_provider_leaves_as_a_function_does() -> None:

    provider = capacity_provider("aws_lambda_capacity_provider.p", attachment=attachment(subnets=inside("aws_subnet.a.id")))
    way = way_of("aws_eip.a", provider, *leading("a"), nat("main", "a"), eip("aws_eip.a"))
    assert way is not None
    assert addresses(way.users) == ["aws_lambda_capacity_provider.p"]


# --- NAT instances ----------------------------------------------------------------------------------------------------------------

FORWARDING = known(value=True)


def machine(address: str, **given: Any) -> Store:
    return store(address, "instance", **{"is_forwarding": FORWARDING, "ports": (), **given})


def test_a_nat_instance_with_an_address_that_stays() -> None:
    on_it = eip("aws_eip.a", holder=link("aws_instance.nat.id"))
    way = way_of("aws_eip.a", standing("a"), *leading("a", "aws_instance.nat.id", Target.INSTANCE), machine("aws_instance.nat"), on_it)
    assert way is not None
    assert (addresses(way.users), addresses(way.gateways)) == ([FUNCTION], ["aws_instance.nat"])


@pytest.mark.parametrize(
    ("target", "held"),
    [("aws_network_interface.n", "aws_instance.nat"), ("aws_instance.nat", "aws_network_interface.n")],
)
def test_an_instance_and_its_interface_are_one_machine(target: str, held: str) -> None:
    things = [
        *leading("a", f"{target}.id", Target.NETWORK_INTERFACE),
        machine("aws_instance.nat", is_forwarding=known(value=False), interfaces=(link("aws_network_interface.n.id"),)),
        machine("aws_network_interface.n"),
        eip("aws_eip.a", holder=link(f"{held}.id")),
    ]
    assert way_of("aws_eip.a", standing("a"), *things) is not None


def test_an_address_from_outside_is_spoken_for_by_what_puts_it_there() -> None:
    joined = eip_association("aws_eip_association.a", "var.allocation_id", "aws_instance.nat.id")
    things = (*leading("a", "aws_instance.nat.id", Target.INSTANCE), machine("aws_instance.nat"), joined)
    way = way_of("aws_eip_association.a", standing("a"), *things)
    assert way is not None
    assert [part.expression for part in way.taken] == ["var.allocation_id"]


@pytest.mark.parametrize(
    "beside",
    [
        [machine("aws_instance.nat", is_forwarding=known(value=False)), eip("aws_eip.a", holder=link("aws_instance.nat.id"))],
        [machine("aws_instance.nat"), eip("aws_eip.a", holder=link("aws_instance.bastion.id")), machine("aws_instance.bastion")],
    ],
    ids=["passes nothing on", "another instance's"],
)
def test_an_instance_that_is_no_way_out(beside: list[Thing]) -> None:
    assert way_of("aws_eip.a", standing("a"), *leading("a", "aws_instance.nat.id", Target.INSTANCE), *beside) is None


def test_an_instance_whose_address_aws_gives_pins_nothing() -> None:
    way = way_of(
        "aws_eip.a", standing("a"), *leading("a", "aws_instance.nat.id", Target.INSTANCE), machine("aws_instance.nat"), eip("aws_eip.a")
    )
    assert way is not None
    assert (way.gateways, way.users) == ((), ())


# --- interfaces of Lambda's -------------------------------------------------------------------------------------------------------

LOOKUP = "data.aws_network_interfaces.l"


def on_interface(*things: Thing) -> PinnedWay | None:
    return way_of("aws_eip.a", *things, eip("aws_eip.a", holder=link(f"{LOOKUP}.ids", origin="data")))


@pytest.mark.parametrize(
    "filters",
    [
        {"description": "AWS Lambda VPC ENI*"},
        {"description": "*AWS Lambda VPC ENI-orders-*"},
        {"interface_type": "lambda"},
        {"requester_id": "*:awslambda_*"},
    ],
)
def test_an_interface_that_lambda_made(filters: dict[str, str]) -> None:
    way = on_interface(interface_lookup(LOOKUP, **filters))
    assert way is not None
    assert way.lookup is not None


@pytest.mark.parametrize(
    "filters", [{"description": "ELB app/front/*"}, {"interface_type": "nat_gateway"}, {"subnet_id": "subnet-1"}, {"group_id": "sg-1"}, {}]
)
def test_an_interface_of_somebody_else(filters: dict[str, str]) -> None:
    assert on_interface(interface_lookup(LOOKUP, **filters)) is None


def test_a_description_tells_the_function() -> None:
    here = [standing("a", address=f"aws_lambda_function.{name}", name=name) for name in ("orders", "orders-export", "bill")]
    way = on_interface(interface_lookup(LOOKUP, description="AWS Lambda VPC ENI-orders-export-*"), *here)
    assert way is not None
    assert addresses(way.users) == ["aws_lambda_function.orders-export"]


def test_a_group_that_only_functions_stand_in_tells_them() -> None:

    stands = attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside("aws_security_group.f.id"))
    things = [
        function(FUNCTION, attachment=stands),
        security_group("aws_security_group.f"),
        interface_lookup(LOOKUP, group_id="sg", of=["aws_security_group.f.id"]),
    ]
    way = on_interface(*things)
    assert way is not None
    assert addresses(way.users) == [FUNCTION]
    assert on_interface(*things, store("aws_instance.i", "instance", security_groups=inside("aws_security_group.f.id"))) is None


def test_a_lookup_that_takes_its_id_from_another() -> None:
    first = interface_lookup("data.aws_network_interfaces.all", interface_type="lambda")
    then = interface_lookup(LOOKUP, found_by="data.aws_network_interfaces.all.ids")
    assert on_interface(first, then) is not None


def test_addresses_of_ways_in_and_of_unknown_holders_are_none() -> None:
    for holder in ("aws_lb.front.id", "aws_instance.i.id", "var.interface_id", "eni-1"):
        assert way_of("aws_eip.a", eip("aws_eip.a", holder=link(holder))) is None


# --- in the hands of a module that is not read ------------------------------------------------------------------------------------


def hands(*things: Thing) -> tuple[list[str], list[str]]:
    call = module_call("module.vpc", "terraform-aws-modules/vpc/aws", "external_nat_ip_ids", links=(link("aws_eip.a.id"),))
    here: Estate = estate(vpc("aws_vpc.main"), call, eip("aws_eip.a"), *things)
    thing = here.thing("aws_eip.a")
    way = pinned_way(thing, here) if thing else None
    assert way is not None
    return [part.expression for part in way.handed], addresses(in_hands_of(way, here))


def test_an_address_that_is_handed_to_a_module() -> None:
    subnets = listing(link("module.vpc.private_subnets", origin="module", target="module.vpc"))
    assert hands(function(FUNCTION, attachment=attachment(subnets=subnets))) == (["module.vpc"], [FUNCTION])
    assert hands(function(FUNCTION, attachment=attachment())) == (["module.vpc"], [])


def test_a_route_that_leads_to_that_module() -> None:
    to_module = link("module.vpc.natgw_id", target="module.vpc", origin="module")
    table = route_table("aws_route_table.a", route("0.0.0.0/0", to_module, Target.NAT_GATEWAY))
    joined = association("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id")
    assert hands(standing("a"), subnet("aws_subnet.a"), table, joined) == (["module.vpc"], [FUNCTION])

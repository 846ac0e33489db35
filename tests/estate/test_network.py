"""Ways out of a subnet: which table, which default route, which gateway; and the Unknown that stops the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from estates_by_hand import (
    association,
    attachment,
    eip,
    endpoint,
    estate,
    function,
    gateway,
    inside,
    known,
    link,
    listing,
    module_call,
    nat_gateway,
    other,
    outside,
    place,
    route,
    route_table,
    store,
    subnet,
    unknown,
    vpc,
)
from serverful.estate.endpoints import endpoints_on
from serverful.estate.estate import Estate
from serverful.estate.model import Association, Link, Route, RouteTable, Subnet, Target, Thing
from serverful.estate.nat import users_of
from serverful.estate.network import Family, SubnetWay, ways_out
from serverful.estate.value import Basis, Unknown

NAT = route("0.0.0.0/0", "aws_nat_gateway.main.id", Target.NAT_GATEWAY, address="aws_route_table.private", at=place("", line=30))
IGW = route("0.0.0.0/0", "aws_internet_gateway.main.id", Target.INTERNET_GATEWAY, address="aws_route_table.private")


def ways(*things: Thing, subnets: Any = None) -> tuple[SubnetWay, ...]:
    return ways_out(attachment(subnets=subnets or inside("aws_subnet.a.id")), estate(*things))


def way(*things: Thing) -> SubnetWay:
    (only,) = ways(*things)
    return only


def private(*routes: Route, **given: Any) -> tuple[Subnet, RouteTable, Association]:
    """A subnet associated with a table that holds these routes."""
    return (
        subnet("aws_subnet.a", line=10),
        route_table("aws_route_table.private", *routes, line=20, **given),
        association("aws_route_table_association.a", "aws_route_table.private.id", subnet="aws_subnet.a.id", line=40),
    )


def targets(found: SubnetWay, family: Family = Family.IPV4) -> list[Target]:
    return [passage.target for passage in found.exits_by(family)]


def expressions(unknowns: tuple[Unknown, ...]) -> list[str]:
    return [part.expression for part in unknowns]


# --- the path -----------------------------------------------------------------------------------------------------------------------


def test_the_path_runs_from_the_function_to_the_elastic_ip() -> None:
    nat = nat_gateway("aws_nat_gateway.main", addresses=inside("aws_eip.nat.id"), line=50)
    found = ways_out(
        attachment(subnets=inside("aws_subnet.a.id"), at=place("aws_lambda_function.f", line=5)),
        estate(*private(NAT), nat, eip("aws_eip.nat", line=60)),
    )[0]
    (passage,) = found.exits
    assert passage.nat is nat
    assert [(step.place.line, step.says) for step in passage.path] == [
        (5, "vpc_config attaches the function to aws_subnet.a"),
        (10, "subnet in eu-central-1a"),
        (40, "gives aws_subnet.a the route table aws_route_table.private"),
        (30, "0.0.0.0/0 goes to the NAT gateway aws_nat_gateway.main"),
        (50, "public NAT gateway"),
        (60, "Elastic IP of aws_nat_gateway.main"),
    ]
    assert found.unknown == ()


def test_addresses_from_outside_are_named() -> None:
    nat = nat_gateway("aws_nat_gateway.main", addresses=listing(link("data.aws_eip.kept.id"), unknown=[unknown("var.more")]))
    says = [step.says for step in way(*private(NAT), nat).exits[0].path]
    assert "has the Elastic IP data.aws_eip.kept.id" in says
    assert "takes Elastic IPs from var.more" in says


def test_a_regional_nat_gateway_brings_its_own_addresses() -> None:
    nat = nat_gateway("aws_nat_gateway.main", availability="regional", subnet=None, vpc=link("aws_vpc.main.id"))
    (passage,) = way(*private(NAT), nat).exits
    assert passage.nat is nat
    assert passage.path[-1].says == "regional public NAT gateway; AWS allocates its addresses"


# --- what a route leads to ------------------------------------------------------------------------------------------------------------


def test_a_private_nat_gateway_is_no_way_to_the_internet() -> None:
    found = way(*private(NAT), nat_gateway("aws_nat_gateway.main", connectivity="private"))
    assert targets(found) == [Target.NAT_GATEWAY]
    assert found.exits[0].nat is None
    assert found.exits[0].unknown == ()


@pytest.mark.parametrize(
    "doubt",
    [
        nat_gateway("aws_nat_gateway.main", connectivity=unknown("var.connectivity")),
        nat_gateway("aws_nat_gateway.main", exists=unknown("var.connectivity")),
    ],
    ids=["connectivity", "existence"],
)
def test_a_nat_gateway_that_is_decided_outside_is_named(doubt: Thing) -> None:
    (passage,) = way(*private(NAT), doubt).exits
    assert passage.nat is None
    assert expressions(passage.unknown) == ["var.connectivity"]


@pytest.mark.parametrize("expression", ["data.aws_nat_gateway.shared.id", "var.nat_gateway_id"])
def test_a_nat_gateway_from_outside_is_named(expression: str) -> None:
    (passage,) = way(*private(route("0.0.0.0/0", expression, Target.NAT_GATEWAY))).exits
    assert passage.nat is None
    assert expressions(passage.unknown) == [expression]


def test_a_route_that_may_not_exist_is_uncertain() -> None:
    conditional = replace(NAT, exists=unknown("var.create_nat ? 1 : 0"))
    (passage,) = way(*private(conditional), nat_gateway("aws_nat_gateway.main")).exits
    assert passage.nat is None
    assert expressions(passage.unknown) == ["var.create_nat ? 1 : 0"]


def test_a_route_to_something_unknown_is_uncertain() -> None:
    (passage,) = way(*private(route("0.0.0.0/0", "var.gateway_id", Target.UNKNOWN))).exits
    assert expressions(passage.unknown) == ["var.gateway_id"]


@pytest.mark.parametrize(
    "target",
    [
        Target.TRANSIT_GATEWAY,
        Target.PEERING,
        Target.VPN_GATEWAY,
        Target.NETWORK_INTERFACE,
        Target.INSTANCE,
        Target.ENDPOINT,
        Target.CORE_NETWORK,
    ],
    ids=lambda target: target.value,
)
def test_other_ways_are_told_apart(target: Target) -> None:
    found = way(*private(route("0.0.0.0/0", "aws_some_thing.main.id", target)), other("aws_some_thing.main"))
    assert targets(found) == [target]
    assert found.exits[0].nat is None
    assert found.exits[0].unknown == ()
    assert f"the {target.value} aws_some_thing.main" in found.exits[0].path[-1].says


def test_ipv6_goes_its_own_way() -> None:
    found = way(*private(NAT, route("::/0", "aws_egress_only_internet_gateway.main.id", Target.EGRESS_ONLY_GATEWAY)))
    assert targets(found) == [Target.NAT_GATEWAY]
    assert targets(found, Family.IPV6) == [Target.EGRESS_ONLY_GATEWAY]


def test_no_default_route_is_no_way_out() -> None:
    found = way(*private(route("10.1.0.0/16", "aws_vpc_peering_connection.main.id", Target.PEERING)))
    assert found.exits == ()
    assert found.unknown == ()
    assert [r.target for r in found.routes] == [Target.PEERING]
    assert found.path[-1].says == "its routes hold no default route"


def test_a_route_to_one_public_network_is_no_default_route() -> None:
    assert way(*private(replace(NAT, destination=known("203.0.113.0/24")))).exits == ()


# --- longest prefix -------------------------------------------------------------------------------------------------------------------


def test_two_halves_hide_the_whole() -> None:
    halves = [replace(NAT, destination=known(half)) for half in ("0.0.0.0/1", "128.0.0.0/1")]
    found = way(*private(IGW, *halves), nat_gateway("aws_nat_gateway.main"))
    assert targets(found) == [Target.NAT_GATEWAY, Target.NAT_GATEWAY]


def test_one_half_leaves_the_other_to_the_whole() -> None:
    found = way(*private(IGW, replace(NAT, destination=known("0.0.0.0/1"))), nat_gateway("aws_nat_gateway.main"))
    assert sorted(target.name for target in targets(found)) == ["INTERNET_GATEWAY", "NAT_GATEWAY"]


def test_a_half_that_may_not_exist_hides_nothing() -> None:
    halves = [
        replace(NAT, destination=known("0.0.0.0/1")),
        replace(NAT, destination=known("128.0.0.0/1"), exists=unknown("var.split")),
    ]
    assert Target.INTERNET_GATEWAY in targets(way(*private(IGW, *halves), nat_gateway("aws_nat_gateway.main")))


# --- routes that cannot be seen --------------------------------------------------------------------------------------------------------


def test_an_unknown_destination_may_be_the_default() -> None:
    found = way(*private(replace(NAT, destination=unknown("var.destination")), vpc=link("aws_vpc.main.id")))
    assert found.exits == ()
    assert expressions(found.unknown) == ["var.destination"]


def test_unseen_routes_stop_the_answer_only_without_a_default_route() -> None:
    unseen = (unknown("var.routes"),)
    assert expressions(way(*private(unseen=unseen)).unknown) == ["var.routes"]
    seen = way(*private(NAT, unseen=unseen), nat_gateway("aws_nat_gateway.main"))
    assert seen.unknown == ()
    assert expressions(seen.unseen) == ["var.routes"]


def test_what_a_vpn_announces_is_no_nat_gateway() -> None:
    announced = route(unknown("routes announced by aws_vpn_gateway.main"), "aws_vpn_gateway.main.id", Target.VPN_GATEWAY)
    found = way(*private(announced), gateway("aws_vpn_gateway.main", Target.VPN_GATEWAY))
    assert expressions(found.unknown) == ["routes announced by aws_vpn_gateway.main"]
    assert found.unknown_towards(Target.NAT_GATEWAY) == ()
    assert found.unknown_towards(Target.VPN_GATEWAY) == found.unknown


def test_a_module_that_is_given_the_table_may_add_a_route() -> None:
    given = (link("aws_route_table.private.id"),)
    call = module_call("module.nat", "int128/nat-instance/aws", "private_route_table_ids", links=given)
    assert expressions(way(*private(), call).unknown) == ["module.nat"]
    assert way(*private(), replace(call, links=())).unknown == ()


# --- which table ------------------------------------------------------------------------------------------------------------------------


def test_a_subnet_from_outside_is_named() -> None:
    (found,) = ways(subnets=outside("var.subnet_ids"))
    assert (found.name, expressions(found.unknown)) == ("var.subnet_ids", ["var.subnet_ids"])
    (looked_up,) = ways(subnets=inside("data.aws_subnet.app.id"))
    assert expressions(looked_up.unknown) == ["data.aws_subnet.app.id"]


def test_known_and_unknown_subnets_are_told_apart() -> None:
    both = listing(link("aws_subnet.a.id"), unknown=[unknown("var.more")])
    first, second = ways(*private(NAT), nat_gateway("aws_nat_gateway.main"), subnets=both)
    assert first.exits
    assert first.unknown == ()
    assert expressions(second.unknown) == ["var.more"]


@pytest.mark.parametrize("expression", ["subnet-0a1b2c3d", "data.aws_subnet.app.id"])
def test_an_association_reaches_one_subnet_from_outside(expression: str) -> None:
    table = route_table("aws_route_table.private", NAT)
    join = association("aws_route_table_association.a", "aws_route_table.private.id", subnet=expression)
    (found,) = ways(table, join, nat_gateway("aws_nat_gateway.main"), subnets=inside(expression))
    assert found.table is table
    assert found.exits[0].nat


def test_two_links_to_one_list_may_mean_different_subnets() -> None:
    table = route_table("aws_route_table.private", NAT)
    join = association("aws_route_table_association.a", "aws_route_table.private.id", subnet="data.aws_subnets.all.ids")
    (found,) = ways(table, join, subnets=inside("data.aws_subnets.all.ids"))
    assert found.table is None
    assert found.unknown


def test_an_association_that_may_not_exist_stops_the_answer() -> None:
    a, table, join = private(NAT)
    found = way(a, table, replace(join, exists=unknown("var.associate")), vpc("aws_vpc.main"))
    assert expressions(found.unknown) == ["var.associate"]
    assert found.exits == ()


def test_a_table_from_outside_is_named() -> None:
    join = association("aws_route_table_association.a", "var.route_table_id", subnet="aws_subnet.a.id")
    assert expressions(way(subnet("aws_subnet.a"), join, vpc("aws_vpc.main")).unknown) == ["var.route_table_id"]


def test_two_associations_of_one_subnet_are_not_guessed_at() -> None:
    a, table, join = private(NAT)
    second = association("aws_route_table_association.b", "aws_route_table.public.id", subnet="aws_subnet.a.id")
    found = way(a, table, join, route_table("aws_route_table.public", IGW), second)
    assert expressions(found.unknown) == ["aws_route_table_association.a", "aws_route_table_association.b"]


# --- the main table -----------------------------------------------------------------------------------------------------------------------


def test_the_main_table_by_association() -> None:
    main = association("aws_main_route_table_association.main", "aws_route_table.main.id", vpc="aws_vpc.main.id")
    found = way(subnet("aws_subnet.a"), vpc("aws_vpc.main"), route_table("aws_route_table.main", IGW), main)
    assert targets(found) == [Target.INTERNET_GATEWAY]


def test_the_main_table_adopted() -> None:
    table = route_table("aws_default_route_table.main", IGW, is_main=True)
    found = way(subnet("aws_subnet.a"), vpc("aws_vpc.main"), table)
    assert found.table is table
    assert targets(found) == [Target.INTERNET_GATEWAY]
    assert found.path[-1].says == "is the main route table of aws_vpc.main, which counts for subnets without an association"
    assert found.path[-1].basis is Basis.DERIVED


def test_a_main_association_wins_over_the_adopted_table() -> None:
    adopted = route_table("aws_default_route_table.main", IGW, is_main=True)
    table = route_table("aws_route_table.main", NAT)
    main = association("aws_main_route_table_association.main", "aws_route_table.main.id", vpc="aws_vpc.main.id")
    assert way(subnet("aws_subnet.a"), vpc("aws_vpc.main"), adopted, table, main).table is table


def test_the_main_table_of_another_vpc_does_not_count() -> None:
    table = route_table("aws_default_route_table.lab", IGW, is_main=True, vpc=link("aws_vpc.lab.id"))
    found = way(subnet("aws_subnet.a"), vpc("aws_vpc.main"), vpc("aws_vpc.lab"), table)
    assert found.table is None
    assert found.exits == ()
    assert found.unknown == ()


def test_routes_added_to_the_vpcs_own_table_count() -> None:
    assert targets(way(subnet("aws_subnet.a"), vpc("aws_vpc.main", main_routes=(IGW,)))) == [Target.INTERNET_GATEWAY]


def test_a_vpc_from_outside_hides_its_main_table() -> None:
    found = way(subnet("aws_subnet.a", vpc=link("var.vpc_id")))
    assert expressions(found.unknown) == ["the main route table of var.vpc_id"]


def test_an_association_that_cannot_be_followed_may_be_this_subnets() -> None:
    stray = association("aws_route_table_association.x", "aws_route_table.private.id", subnet="var.each")
    table = route_table("aws_route_table.private", NAT)
    assert expressions(way(subnet("aws_subnet.a"), vpc("aws_vpc.main"), table, stray).unknown) == ["var.each"]
    elsewhere = replace(table, vpc=link("aws_vpc.lab.id"))
    assert way(subnet("aws_subnet.a"), vpc("aws_vpc.main"), vpc("aws_vpc.lab"), elsewhere, stray).unknown == ()


def test_a_module_that_is_given_the_subnet_may_associate_it() -> None:
    given: tuple[Link, ...] = (link("aws_subnet.a.id"),)
    for source, expected in (("acme/network/aws", ["module.net"]), ("terraform-aws-modules/lambda/aws", [])):
        call = module_call("module.net", source, "subnet_ids", links=given)
        assert expressions(way(subnet("aws_subnet.a"), vpc("aws_vpc.main"), call).unknown) == expected


def test_without_evaluation_no_association_is_said_to_be_missing() -> None:
    things = estate(subnet("aws_subnet.a"), vpc("aws_vpc.main"), evaluated=False)
    (found,) = ways_out(attachment(subnets=inside("aws_subnet.a.id")), things)
    assert found.unknown


def test_default_subnets_are_public() -> None:
    default = subnet("aws_default_subnet.a", is_default=True, vpc=None)
    (found,) = ways(default, subnets=inside("aws_default_subnet.a.id"))
    assert targets(found) == [Target.INTERNET_GATEWAY]
    assert found.exits[0].path[-1].basis is Basis.DERIVED
    plain = subnet("aws_subnet.a", vpc=link("aws_default_vpc.main.id"))
    assert targets(way(plain, vpc("aws_default_vpc.main", is_default=True))) == [Target.INTERNET_GATEWAY]


def test_the_default_vpcs_table_may_be_adopted() -> None:
    default = subnet("aws_default_subnet.a", is_default=True, vpc=None)
    home = vpc("aws_default_vpc.main", is_default=True)
    adopted = route_table("aws_default_route_table.main", is_main=True, vpc=link("aws_default_vpc.main.id"))
    (found,) = ways(default, home, adopted, subnets=inside("aws_default_subnet.a.id"))
    assert found.exits == ()
    unseen = replace(adopted, vpc=link("var.vpc_id"))
    (hidden,) = ways(default, unseen, subnets=inside("aws_default_subnet.a.id"))
    assert expressions(hidden.unknown) == ["aws_default_route_table.main"]


# --- who uses a NAT gateway ---------------------------------------------------------------------------------------------------------------


def users(*things: Thing) -> Any:
    nat = nat_gateway("aws_nat_gateway.main")
    attached = function("aws_lambda_function.f", attachment=attachment(subnets=inside("aws_subnet.a.id")))
    return users_of([nat], estate(*private(NAT), nat, attached, *things))


def test_a_nat_gateway_for_functions_only() -> None:
    found = users(
        function("aws_lambda_function.plain"),
        store("aws_db_instance.a", subnets=inside("aws_subnet.a.id")),
        store("aws_instance.elsewhere", "instance", subnets=inside("aws_subnet.public.id")),
        store("aws_instance.outside", "instance", subnets=outside("var.subnet_id")),
    )
    assert [f.address for f in found.functions] == ["aws_lambda_function.f"]
    assert found.is_functions_only


@pytest.mark.parametrize("kind", ["instance", "container service"])
def test_instances_and_containers_use_it_too(kind: str) -> None:
    found = users(store("aws_x.a", kind, subnets=inside("aws_subnet.a.id")))
    assert [o.address for o in found.others] == ["aws_x.a"]
    assert not found.is_functions_only


@pytest.mark.parametrize(
    "thing",
    [
        store("aws_x.a", "instance", subnets=inside("aws_subnet.a.id"), exists=unknown("var.bastion")),
        store("aws_x.a", "instance", subnets=listing(unknown=[unknown("random_shuffle.s.result", mentions=["aws_subnet.a"])])),
        other("aws_eks_node_group.a"),
        module_call("module.eks", "terraform-aws-modules/eks/aws", "subnet_ids", links=(link("aws_subnet.a.id"),)),
    ],
    ids=["may not exist", "unfollowed", "always in subnets", "module"],
)
def test_what_may_use_it_is_named(thing: Thing) -> None:
    found = users(thing)
    assert found.others == ()
    assert len(found.unknown) == 1
    assert not found.is_functions_only


# --- endpoints ----------------------------------------------------------------------------------------------------------------------------


def on_way(*things: Thing) -> Any:
    all_things: Estate = estate(*private(NAT), vpc("aws_vpc.main"), *things)
    (found,) = ways_out(attachment(subnets=inside("aws_subnet.a.id")), all_things)
    return endpoints_on(found, all_things)


def test_a_gateway_endpoint_stands_in_its_tables() -> None:
    assert on_way(endpoint("aws_vpc_endpoint.s3", route_tables=inside("aws_route_table.private.id"))).services == {"s3"}
    assert on_way(endpoint("aws_vpc_endpoint.s3", route_tables=inside("aws_route_table.public.id"))).services == set()


def test_an_interface_endpoint_answers_in_its_vpc() -> None:
    assert on_way(endpoint("aws_vpc_endpoint.sqs", service="sqs", kind="Interface")).services == {"sqs"}
    elsewhere = endpoint("aws_vpc_endpoint.sqs", service="sqs", kind="Interface", vpc=link("aws_vpc.lab.id"))
    assert on_way(elsewhere).services == set()


def test_hidden_endpoints_are_named() -> None:
    conditional = endpoint("aws_vpc_endpoint.s3", route_tables=inside("aws_route_table.private.id"), exists=unknown("var.endpoints"))
    assert expressions(on_way(conditional).unknown) == ["var.endpoints"]
    call = module_call("module.e", "terraform-aws-modules/vpc/aws//modules/vpc-endpoints", "vpc_id", "endpoints")
    assert expressions(on_way(call).unknown) == ["module.e"]


def test_gateways_are_named_by_their_route() -> None:
    found = way(*private(IGW), gateway("aws_internet_gateway.main"))
    assert found.exits[0].path[-1].says == "0.0.0.0/0 goes to the internet gateway aws_internet_gateway.main"

"""The way out of a function as it is drawn: every kind of gateway, both families, and what nobody here can tell."""

from __future__ import annotations

from typing import Any

import pytest

from diagrams_by_hand import design, lines, notes
from estates_by_hand import (
    association,
    attachment,
    capacity_provider,
    eip,
    eip_association,
    endpoint,
    estate,
    function,
    gateway,
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
from serverful.diagram.drawing import Diagram
from serverful.diagram.radius import function_diagram, radius_diagram
from serverful.estate.model import Function, Route, Target, Thing
from serverful.estate.value import Unknown

A = "aws_lambda_function.a"
GROUPS: Any = listing()


def way_of(*things: Thing, routes: tuple[Route, ...] = (), ipv6: Any = False, **of_function: Any) -> Diagram:
    """The way out of a function in one subnet whose table has these routes."""
    stands = attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside("aws_security_group.a.id"), ipv6_allowed=ipv6)
    network = [
        vpc("aws_vpc.main"),
        security_group("aws_security_group.a"),
        subnet("aws_subnet.a"),
        route_table("aws_route_table.a", *routes),
        association("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id"),
    ]
    made = function(A, attachment=stands, **of_function)
    return function_diagram(made, estate(made, *network, *things))


def beyond_the_table(diagram: Diagram) -> list[str]:
    """The lines from the route table on."""
    return [line for line in lines(diagram) if not line.startswith(("function", "subnet", "security group"))]


def test_by_a_nat_gateway_to_an_elastic_ip() -> None:
    nat = nat_gateway("aws_nat_gateway.a", addresses=inside("aws_eip.a.id"))
    drawn = way_of(nat, eip("aws_eip.a"), routes=(route("0.0.0.0/0", "aws_nat_gateway.a.id", Target.NAT_GATEWAY),))
    assert lines(drawn) == [
        f"function {A} -> subnet aws_subnet.a",
        "subnet aws_subnet.a -> route table aws_route_table.a",
        "route table aws_route_table.a -> NAT gateway aws_nat_gateway.a [0.0.0.0/0]",
        "NAT gateway aws_nat_gateway.a -> Elastic IP aws_eip.a",
        "Elastic IP aws_eip.a -> internet",
        f"security group aws_security_group.a -- function {A}",
    ]


@pytest.mark.parametrize(
    ("given", "beyond"),
    [
        (
            {"addresses": inside("var.allocation_id")},
            ["NAT gateway aws_nat_gateway.a ?-> Elastic IP var.allocation_id?", "Elastic IP var.allocation_id? ?-> internet"],
        ),
        (
            {"addresses": outside("var.all")},
            ["NAT gateway aws_nat_gateway.a ?-> Elastic IP var.all?", "Elastic IP var.all? ?-> internet"],
        ),
        ({"availability": "regional"}, ["NAT gateway aws_nat_gateway.a -> internet"]),
        ({"connectivity": "private"}, ["NAT gateway aws_nat_gateway.a -> other networks?"]),
    ],
)
def test_what_is_behind_a_nat_gateway(given: dict[str, Any], beyond: list[str]) -> None:
    drawn = way_of(nat_gateway("aws_nat_gateway.a", **given), routes=(route("0.0.0.0/0", "aws_nat_gateway.a.id", Target.NAT_GATEWAY),))
    assert beyond_the_table(drawn)[1:] == beyond


def test_a_function_in_a_public_subnet_gets_nowhere() -> None:
    to_internet = route("0.0.0.0/0", "aws_internet_gateway.a.id", Target.INTERNET_GATEWAY)
    drawn = way_of(gateway("aws_internet_gateway.a"), routes=(to_internet,))
    assert beyond_the_table(drawn)[-1] == "internet gateway aws_internet_gateway.a -x internet [no public address]"


def test_unless_an_elastic_ip_is_put_on_its_interface() -> None:
    to_internet = route("0.0.0.0/0", "aws_internet_gateway.a.id", Target.INTERNET_GATEWAY)
    lookup = interface_lookup("data.aws_network_interface.l", of=[f"{A}.function_name"], description="AWS Lambda VPC ENI-a-*")
    held = eip("aws_eip.a", holder=link("data.aws_network_interface.l.id"))
    drawn = way_of(gateway("aws_internet_gateway.a"), lookup, held, routes=(to_internet,))
    assert beyond_the_table(drawn)[-2:] == [
        "internet gateway aws_internet_gateway.a -> Elastic IP aws_eip.a",
        "Elastic IP aws_eip.a -> internet",
    ]
    from_outside = eip_association("aws_eip_association.a", "var.allocation_id", "data.aws_network_interface.l.id")
    drawn = way_of(gateway("aws_internet_gateway.a"), lookup, from_outside, routes=(to_internet,))
    assert "internet gateway aws_internet_gateway.a ?-> Elastic IP var.allocation_id?" in lines(drawn)


def test_ipv6_has_a_way_of_its_own_where_it_is_allowed() -> None:
    things = (nat_gateway("aws_nat_gateway.a", availability="regional"), gateway("aws_egress_only_internet_gateway.a"))
    routes = (
        route("0.0.0.0/0", "aws_nat_gateway.a.id", Target.NAT_GATEWAY),
        route("::/0", "aws_egress_only_internet_gateway.a.id", Target.EGRESS_ONLY_GATEWAY),
    )
    only_4 = beyond_the_table(way_of(*things, routes=routes))
    assert not any("egress-only" in line for line in only_4)
    both = beyond_the_table(way_of(*things, routes=routes, ipv6=True))
    assert "route table aws_route_table.a -> egress-only internet gateway aws_egress_only_internet_gateway.a [::/0]" in both
    assert "egress-only internet gateway aws_egress_only_internet_gateway.a -> internet [IPv6]" in both
    perhaps = beyond_the_table(way_of(*things, routes=routes, ipv6=unknown("var.dual_stack")))
    assert "route table aws_route_table.a ?-> egress-only internet gateway aws_egress_only_internet_gateway.a [::/0]" in perhaps


def test_ipv6_by_an_internet_gateway_gets_out_where_ipv4_does_not() -> None:
    routes = tuple(route(to, "aws_internet_gateway.a.id", Target.INTERNET_GATEWAY) for to in ("0.0.0.0/0", "::/0"))
    drawn = beyond_the_table(way_of(gateway("aws_internet_gateway.a"), routes=routes, ipv6=True))
    assert drawn == [
        "route table aws_route_table.a -> internet gateway aws_internet_gateway.a [0.0.0.0/0, ::/0]",
        "internet gateway aws_internet_gateway.a -x internet [no public address]",
        "internet gateway aws_internet_gateway.a -> internet [IPv6]",
    ]


@pytest.mark.parametrize("target", [Target.TRANSIT_GATEWAY, Target.PEERING, Target.VPN_GATEWAY, Target.CORE_NETWORK])
@pytest.mark.parametrize("destination", ["0.0.0.0/0", "10.1.0.0/16"])
def test_other_networks(target: Target, destination: str) -> None:
    drawn = beyond_the_table(way_of(gateway("aws_x.a", target), routes=(route(destination, "aws_x.a.id", target),)))
    assert drawn == [
        f"route table aws_route_table.a -> {target.value} aws_x.a [{destination}]",
        f"{target.value} aws_x.a -> other networks?",
    ]


def test_a_narrow_route_of_an_unknown_destination_is_drawn_once() -> None:
    to = route(unknown("var.partner_cidr"), "aws_ec2_transit_gateway.a.id", Target.TRANSIT_GATEWAY)
    drawn = beyond_the_table(way_of(gateway("aws_ec2_transit_gateway.a", Target.TRANSIT_GATEWAY), routes=(to,)))
    assert drawn[0] == "route table aws_route_table.a ?-> transit gateway aws_ec2_transit_gateway.a [var.partner_cidr]"
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("is_forwarding", "beyond"),
    [
        (True, ["instance aws_instance.nat -> Elastic IP aws_eip.a", "Elastic IP aws_eip.a -> internet"]),
        (False, ["instance aws_instance.nat -x internet [source_dest_check is on]"]),
    ],
)
def test_a_nat_instance(is_forwarding: bool, beyond: list[str]) -> None:
    machine = store("aws_instance.nat", "instance", is_forwarding=known(is_forwarding))
    held = eip("aws_eip.a", holder=link("aws_instance.nat.id"))
    drawn = way_of(machine, held, routes=(route("0.0.0.0/0", "aws_instance.nat.id", Target.INSTANCE),))
    assert beyond_the_table(drawn)[1:] == beyond


def test_a_firewall_on_the_way_leaves_open_what_it_lets_through() -> None:
    drawn = beyond_the_table(way_of(routes=(route("0.0.0.0/0", "aws_vpc_endpoint.firewall.id", Target.ENDPOINT),)))
    assert drawn[-1] == "VPC endpoint aws_vpc_endpoint.firewall.id ?-> internet"


def test_of_two_routes_that_hide_each_other_one_is_drawn() -> None:
    halves = tuple(route(half, "aws_nat_gateway.a.id", Target.NAT_GATEWAY) for half in ("0.0.0.0/1", "128.0.0.0/1"))
    whole = route("0.0.0.0/0", "aws_internet_gateway.a.id", Target.INTERNET_GATEWAY)
    drawn = beyond_the_table(way_of(nat_gateway("aws_nat_gateway.a"), gateway("aws_internet_gateway.a"), routes=(*halves, whole)))
    assert drawn[0] == "route table aws_route_table.a -> NAT gateway aws_nat_gateway.a [0.0.0.0/1, 128.0.0.0/1]"
    assert not any("internet gateway" in line for line in drawn)


def test_no_way_out_is_said() -> None:
    drawn = way_of()
    assert notes(drawn, "aws_route_table.a") == ("no route to the internet",)
    assert beyond_the_table(drawn) == []


def test_the_main_table_of_a_vpc_goes_by_the_name_of_the_vpc() -> None:
    made = function(A, attachment=attachment(subnets=inside("aws_subnet.a.id"), security_groups=GROUPS))
    drawn = function_diagram(made, estate(made, vpc("aws_vpc.main"), subnet("aws_subnet.a")))
    assert lines(drawn)[-1] == "subnet aws_subnet.a -> main route table aws_vpc.main"
    assert notes(drawn, "aws_vpc.main") == ("no route to the internet",)
    default = function_diagram(made, estate(made, subnet("aws_subnet.a", vpc=None, is_default=True)))
    assert lines(default)[1:] == [
        "subnet aws_subnet.a -> main route table of the default VPC",
        "main route table of the default VPC -> internet gateway of the default VPC [0.0.0.0/0]",
        "internet gateway of the default VPC -x internet [no public address]",
    ]


def test_endpoints_lead_to_services_without_the_internet() -> None:
    things = (
        endpoint("aws_vpc_endpoint.s3", route_tables=inside("aws_route_table.a.id")),
        endpoint("aws_vpc_endpoint.kms", service="kms", kind="Interface"),
        endpoint("aws_vpc_endpoint.firewall", service="x", kind="GatewayLoadBalancer"),
    )
    drawn = lines(way_of(*things))
    assert "route table aws_route_table.a -> VPC endpoint aws_vpc_endpoint.s3" in drawn
    assert "subnet aws_subnet.a -> VPC endpoint aws_vpc_endpoint.kms" in drawn
    assert "VPC endpoint aws_vpc_endpoint.kms -> AWS services" in drawn
    assert not any("firewall" in line for line in drawn)


# --- what is decided outside -------------------------------------------------------------------------------------------------------


def test_subnets_from_outside() -> None:
    made = function(A, attachment=attachment(subnets=outside("var.subnet_ids"), security_groups=outside("var.groups")))
    assert lines(function_diagram(made, estate(made))) == [
        f"function {A} ?-> subnet var.subnet_ids?",
        f"security group var.groups? ?-- function {A}",
    ]


def test_one_subnet_of_a_data_source() -> None:
    made = function(A, attachment=attachment(subnets=inside("data.aws_subnet.a.id"), security_groups=GROUPS))
    assert lines(function_diagram(made, estate(made))) == [f"function {A} -> subnet data.aws_subnet.a.id?"]


def test_the_table_of_a_subnet_is_decided_outside() -> None:
    made = function(A, attachment=attachment(subnets=inside("aws_subnet.a.id"), security_groups=GROUPS))
    drawn = lines(function_diagram(made, estate(made, subnet("aws_subnet.a", vpc=link("var.vpc_id")))))
    assert drawn[-1] == "subnet aws_subnet.a ?-> route table the main route table of var.vpc_id?"


def test_whether_it_is_attached_is_decided_outside() -> None:
    made = function(A, attachment=unknown("var.in_vpc ? [1] : []"))
    drawn = function_diagram(made, estate(made))
    assert lines(drawn) == [f"function {A}? ?-> expression var.in_vpc ? [1] : []?"]
    assert notes(drawn, A) == ("perhaps taken back: networking, as var.in_vpc ? [1] : [] decides",)


def test_a_module_that_may_add_routes() -> None:
    call = module_call("module.more", "example/routes/aws", links=(link("aws_route_table.a.id"),))
    drawn = way_of(call)
    assert "route table aws_route_table.a ?-> module call module.more?" in lines(drawn)
    assert notes(drawn, "module.more") == ("may add routes",)
    assert notes(drawn, "aws_route_table.a") == ()


def test_a_gateway_that_may_be_absent() -> None:
    nat = nat_gateway("aws_nat_gateway.a", exists=unknown("var.has_nat"), addresses=inside("aws_eip.a.id"))
    drawn = beyond_the_table(way_of(nat, eip("aws_eip.a"), routes=(route("0.0.0.0/0", "aws_nat_gateway.a.id", Target.NAT_GATEWAY),)))
    assert drawn[0] == "route table aws_route_table.a ?-> NAT gateway aws_nat_gateway.a? [0.0.0.0/0]"


def test_what_may_be_absent_names_what_decides() -> None:
    table = route("0.0.0.0/0", "aws_nat_gateway.a.id", Target.NAT_GATEWAY)
    nat = nat_gateway("aws_nat_gateway.a", exists=unknown("var.has_nat"), addresses=inside("aws_eip.a.id"))
    held = eip("aws_eip.a", exists=unknown("var.has_eip"))
    drawn = way_of(nat, held, routes=(table,), exists=unknown("var.has_function"))
    assert notes(drawn, "aws_nat_gateway.a") == ("decided outside this root: var.has_nat",)
    assert notes(drawn, "aws_eip.a") == ("decided outside this root: var.has_eip",)
    assert notes(drawn, A) == ("perhaps there, as var.has_function decides", "taken back: networking")


# --- other networks than a function's own -------------------------------------------------------------------------------------------


def test_a_function_without_a_vpc_has_the_network_that_aws_runs() -> None:
    made = function(A)
    assert lines(function_diagram(made, estate(made))) == [
        f"function {A} -> Lambda's own network",
        "Lambda's own network -> internet",
    ]


def test_a_function_on_instances_has_the_network_of_its_provider() -> None:
    provider = capacity_provider(
        "aws_lambda_capacity_provider.p", attachment=attachment(subnets=inside("aws_subnet.a.id"), security_groups=GROUPS)
    )
    to_internet = route("0.0.0.0/0", "aws_internet_gateway.a.id", Target.INTERNET_GATEWAY)
    made = function(A, capacity_provider=link("aws_lambda_capacity_provider.p.arn"))
    network = [
        subnet("aws_subnet.a"),
        route_table("aws_route_table.a", to_internet),
        association("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id"),
        gateway("aws_internet_gateway.a"),
    ]
    drawn = function_diagram(made, estate(made, provider, *network))
    assert lines(drawn)[0] == f"function {A} -> capacity provider aws_lambda_capacity_provider.p"
    # Its instances may have public addresses, other than what Lambda makes for a function.
    assert lines(drawn)[-1].startswith("internet gateway aws_internet_gateway.a ?-> internet")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (link("var.provider_arn"), "-> capacity provider var.provider_arn?"),
        (unknown("var.provider_arn"), "?-> capacity provider var.provider_arn?"),
    ],
)
def test_a_provider_from_outside(given: Any, line: str) -> None:
    made = function(A, capacity_provider=given)
    (only,) = lines(function_diagram(made, estate(made)))
    assert only.endswith(line)


def test_every_function_of_every_design_is_drawn_with_every_unknown_marked() -> None:
    for name in (
        "legacy_vpc",
        "shared_everything",
        "cqrs_stream",
        "cqrs_table",
        "file_exchange",
        "three_modules",
        "warm_api",
        "warm_queue",
    ):
        whole = design(name)
        radius = radius_diagram(whole)
        assert radius is not None
        names = {name for node in radius.nodes for name in node.names}
        for one in whole.all(Function):
            assert one.address in names
            diagram = function_diagram(one, whole)
            nodes = {node.key: node for node in diagram.nodes}
            assert one.address in {name for node in diagram.nodes for name in node.names}
            assert all(edge.source in nodes and edge.target in nodes for edge in diagram.edges)
            if isinstance(one.attachment, Unknown):
                assert any(node.is_unknown for node in diagram.nodes)

"""Blocks into things: what each kind gathers, what counts as absent, and which unknown stands where nothing can be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pytest
from blocks_by_hand import Counted, HandBlock, block, counted, dynamic, encoded, nested, ref, some, text, undecided

from serverful.estate.model import (
    Address,
    Alias,
    Association,
    Attachment,
    CapacityProvider,
    Endpoint,
    Function,
    Gateway,
    GroupQuery,
    Guardrail,
    Means,
    ModuleCall,
    NatGateway,
    Other,
    OutsideRule,
    Poller,
    Provisioned,
    Qualified,
    Role,
    RouteTable,
    Scaling,
    Secret,
    SecurityGroup,
    Store,
    Subnet,
    SubnetQuery,
    Target,
    Thing,
    Vpc,
    VpcQuery,
)
from serverful.estate.place import Place
from serverful.estate.read.block import Block
from serverful.estate.read.build import BUILDERS, DATA_BUILDERS, things
from serverful.estate.read.term import Entries, Every, Literal
from serverful.estate.read.things.shapes import SHAPES
from serverful.estate.value import Known, Unknown
from serverful.natural import natural

T = TypeVar("T", bound=Thing)

VPC = block("aws_vpc.main", cidr_block="10.0.0.0/16")
SUBNET = block("aws_subnet.a", vpc_id=ref(VPC, "id"), availability_zone="eu-central-1a", cidr_block="10.0.1.0/24")
GROUP = block("aws_security_group.fn", name="fn", vpc_id=ref(VPC, "id"))


def made(kind: type[T], subject: Block, *others: Block) -> T:
    """The thing that a block becomes among others, which must be of that kind."""
    thing = things([*others, subject])[subject.address]
    assert isinstance(thing, kind), thing
    return thing


def value_of(value: object) -> object:
    """The value when it is known, else the name of the unknown in angle brackets."""
    return value.value if isinstance(value, Known) else f"<{value.expression}>" if isinstance(value, Unknown) else value


def targets(links: object) -> list[str | None]:
    return [link.target for link in links]


# --- the function -----------------------------------------------------------------------------------------------------------------


def function(**given: object) -> Function:
    return made(Function, block("aws_lambda_function.fn", **given), VPC, SUBNET, GROUP)


SUBNETS, GROUPS = [ref(SUBNET, "id")], [ref(GROUP, "id")]
MAYBE = undecided("var.ids", may_be_empty=True)
OUTSIDE = undecided("var.ids")


@pytest.mark.parametrize(
    ("subnets", "groups"),
    [
        ([], []),
        (None, None),
        ([], GROUPS),  # without subnets there is nothing to attach to
        ([], OUTSIDE),
        ([None], [None]),
    ],
)
def test_a_vpc_config_without_subnets_is_no_attachment(subnets: object, groups: object) -> None:
    given = function(vpc_config=nested(subnet_ids=subnets, security_group_ids=groups))
    assert value_of(given.attachment) is None


@pytest.mark.parametrize(
    ("subnets", "groups"),
    [
        (SUBNETS, GROUPS),
        (SUBNETS, []),
        (OUTSIDE, OUTSIDE),
        (OUTSIDE, GROUPS),
        (SUBNETS, MAYBE),
        (MAYBE, GROUPS),
        (some(more=OUTSIDE), GROUPS),
    ],
)
def test_a_vpc_config_with_subnets_is_an_attachment(subnets: object, groups: object) -> None:
    given = function(vpc_config=nested(subnet_ids=subnets, security_group_ids=groups))
    assert isinstance(value_of(given.attachment), Attachment)


@pytest.mark.parametrize(
    ("subnets", "groups"), [(MAYBE, MAYBE), (MAYBE, OUTSIDE), (OUTSIDE, MAYBE), (some(more=MAYBE), MAYBE), (MAYBE, [])]
)
def test_lists_that_may_both_be_empty_leave_the_attachment_open(subnets: object, groups: object) -> None:
    given = function(vpc_config=nested(subnet_ids=subnets, security_group_ids=groups))
    assert value_of(given.attachment) == "<var.ids>"


def test_no_vpc_config_is_no_attachment_and_an_undecided_one_is_unknown_by_its_for_each() -> None:
    assert value_of(function().attachment) is None
    assert value_of(function(vpc_config=dynamic("var.vpc == null ? [] : [1]")).attachment) == "<var.vpc == null ? [] : [1]>"


def test_a_function_of_unknown_count_is_attached_all_the_same() -> None:
    maybe = Unknown("var.create", VPC.place)
    subject = block("aws_lambda_function.fn", exists=maybe, vpc_config=nested(subnet_ids=SUBNETS, security_group_ids=GROUPS))
    given = made(Function, subject, VPC, SUBNET, GROUP)
    assert (given.exists, type(value_of(given.attachment))) == (maybe, Attachment)


def test_an_attachment_tells_subnets_groups_and_ipv6() -> None:
    config = nested(subnet_ids=some(*SUBNETS, more=undecided("var.more")), security_group_ids=GROUPS, ipv6_allowed_for_dual_stack=True)
    attachment = value_of(function(vpc_config=config).attachment)
    assert isinstance(attachment, Attachment)
    assert targets(attachment.subnets) == ["aws_subnet.a"]
    assert [part.expression for part in attachment.subnets.unknown] == ["var.more"]
    assert targets(attachment.security_groups) == ["aws_security_group.fn"]
    assert value_of(attachment.ipv6_allowed) is True


def test_arguments_have_the_providers_defaults() -> None:
    given = function(function_name="orders", role=undecided("var.role_arn"))
    assert [value_of(v) for v in (given.name, given.package_type, given.runtime, given.handler)] == ["orders", "Zip", None, None]
    assert [value_of(v) for v in (given.file_system, given.capacity_provider)] == [None, None]
    assert given.role is not None
    assert (given.role.target, given.role.expression, given.role.origin) == (None, "var.role_arn", "unknown")


def test_environment_entries_keep_text_and_links() -> None:
    database = block("aws_db_instance.db", engine="postgres", port=5433)
    variables = {
        "STAGE": "live",
        "DB": text("postgres://", ref(database, "address"), ":", ref(database, "port"), "/orders"),
        "JSON": encoded({"host": ref(database, "address")}),
        "HOST": undecided("split(…)", ref(database, "endpoint")),
        "TABLE": undecided("var.table"),
        "LOCAL_URL": None,  # left out by the provider
    }
    environment = function(environment=nested(variables=variables)).environment
    seen = {v.name: (value_of(v.text), [(link.target, link.attribute) for link in v.links]) for v in environment.variables}
    assert seen == {
        "STAGE": ("live", []),
        "DB": (
            "<postgres://${aws_db_instance.db.address}:${aws_db_instance.db.port}/orders>",
            [("aws_db_instance.db", "address"), ("aws_db_instance.db", "port")],
        ),
        "JSON": ("<jsonencode({host = aws_db_instance.db.address})>", [("aws_db_instance.db", "address")]),
        "HOST": ("<split(…)>", [("aws_db_instance.db", "endpoint")]),
        "TABLE": ("<var.table>", []),
    }
    assert environment.unknown == ()


def test_what_may_add_environment_entries_is_named() -> None:
    merged = Entries({"A": Literal("1")}, (undecided("var.more"),))
    environment = function(environment=nested(variables=merged)).environment
    assert ([v.name for v in environment.variables], [u.expression for u in environment.unknown]) == (["A"], ["var.more"])
    assert [u.expression for u in function(environment=nested(variables=undecided("var.env"))).environment.unknown] == ["var.env"]
    hidden = function(environment=dynamic("var.env[*]", variables={"DB": ref(SUBNET, "id")})).environment.unknown
    assert [(u.expression, u.mentions) for u in hidden] == [("var.env[*]", ("aws_subnet.a",))]
    assert function(environment=nested(variables=None)).environment.unknown == ()


def test_file_system_and_capacity_provider_are_links() -> None:
    access_point = block("aws_efs_access_point.ap", file_system_id="fs-1")
    provider = block("aws_lambda_capacity_provider.cp")
    managed = nested(lambda_managed_instances_capacity_provider_config=nested(capacity_provider_arn=ref(provider, "arn")))
    subject = block("aws_lambda_function.fn", file_system_config=nested(arn=ref(access_point, "arn")), capacity_provider_config=managed)
    given = made(Function, subject, access_point, provider)
    assert [value_of(v).target for v in (given.file_system, given.capacity_provider)] == [
        "aws_efs_access_point.ap",
        "aws_lambda_capacity_provider.cp",
    ]
    assert value_of(function(file_system_config=dynamic("var.mounts")).file_system) == "<var.mounts>"


def test_a_capacity_provider_has_the_network_of_the_functions_on_it() -> None:
    given = made(
        CapacityProvider,
        block("aws_lambda_capacity_provider.p", name="p", vpc_config=nested(subnet_ids=SUBNETS, security_group_ids=GROUPS)),
        *(VPC, SUBNET, GROUP),
    )
    assert isinstance(given.attachment, Known)
    assert given.attachment.value is not None
    assert targets(given.attachment.value.subnets) == ["aws_subnet.a"]
    assert targets(given.attachment.value.security_groups) == ["aws_security_group.fn"]
    assert value_of(given.attachment.value.ipv6_allowed) is False


def test_a_role_is_found_by_reference_then_by_the_name_in_a_literal_arn() -> None:
    role = block("aws_iam_role.r", name="orders-role")
    for written in (
        ref(role, "arn"),
        "arn:aws:iam::123456789012:role/orders-role",
        text("arn:aws:iam::", undecided("x"), ":role/orders-role"),
    ):
        given = made(Function, block("aws_lambda_function.fn", role=written), role)
        assert given.role is not None
        assert given.role.target == "aws_iam_role.r", written
    elsewhere = made(Function, block("aws_lambda_function.fn", role="arn:aws:iam::123456789012:role/other"), role)
    assert elsewhere.role is not None
    assert elsewhere.role.target is None


# --- capacity ---------------------------------------------------------------------------------------------------------------------

FN = block("aws_lambda_function.fn", function_name="orders")
ALIAS = block("aws_lambda_alias.live", name="live", function_name=ref(FN, "function_name"))


@pytest.mark.parametrize(
    "written",
    [
        ref(FN, "function_name"),
        ref(FN, "arn"),
        ref(ALIAS, "function_name"),
        ref(ALIAS, "arn"),
        "orders",
        "arn:aws:lambda:eu-central-1:123456789012:function:orders:live",
    ],
)
def test_provisioned_concurrency_finds_its_function(written: object) -> None:
    config = block("aws_lambda_provisioned_concurrency_config.c", function_name=written, provisioned_concurrent_executions=3)
    given = made(Provisioned, config, FN, ALIAS)
    assert given.function is not None
    assert (given.function.target, value_of(given.executions)) == ("aws_lambda_function.fn", 3)


def test_where_an_alias_points_is_not_known_where_deployments_move_it() -> None:
    alias = block(
        "aws_lambda_alias.live",
        name="live",
        function_name="orders",
        function_version="7",
        lifecycle=nested(ignore_changes=[undecided("function_version")]),
    )
    assert value_of(made(Alias, alias, FN).version) == "<where deployments have moved aws_lambda_alias.live, which Terraform ignores>"
    still = block("aws_lambda_alias.still", name="still", function_name="orders", function_version="7")
    assert value_of(made(Alias, still, FN).version) == "7"


DIMENSION = "lambda:function:ProvisionedConcurrency"


@pytest.mark.parametrize("resource_id", ["function:orders:live", text("function:", ref(FN, "function_name"), ":", ref(ALIAS, "name"))])
def test_a_scaling_target_with_a_minimum_is_provisioned_concurrency(resource_id: object) -> None:
    given = {"resource_id": resource_id, "scalable_dimension": DIMENSION}
    target = made(Provisioned, block("aws_appautoscaling_target.t", min_capacity=1, **given), FN, ALIAS)
    assert target.function is not None
    assert target.function.target == "aws_lambda_function.fn"
    made(Provisioned, block("aws_appautoscaling_target.t", min_capacity=undecided("var.min"), **given), FN, ALIAS)
    schedule = {"min_capacity": 2}
    made(Provisioned, block("aws_appautoscaling_scheduled_action.t", scalable_target_action=nested(**schedule), **given), FN, ALIAS)


@pytest.mark.parametrize(
    ("qualifier", "seen"),
    [
        (ref(ALIAS, "name"), (Qualified.ALIAS, "live", "aws_lambda_alias.live")),
        ("live", (Qualified.ALIAS, "live", "aws_lambda_alias.live")),
        ("7", (Qualified.VERSION, "7", "")),
        (undecided("var.alias"), (Qualified.UNKNOWN, "", "")),
    ],
)
def test_provisioned_concurrency_stands_on_a_qualifier(qualifier: object, seen: tuple[Qualified, str, str]) -> None:
    config = block(
        "aws_lambda_provisioned_concurrency_config.c",
        function_name=ref(FN, "function_name"),
        qualifier=qualifier,
        provisioned_concurrent_executions=undecided("var.executions"),
    )
    given = made(Provisioned, config, FN, ALIAS)
    assert (given.means, value_of(given.executions)) == (Means.CONFIG, "<var.executions>")
    assert (given.callee.qualified, given.callee.qualifier, given.callee.alias) == seen


@pytest.mark.parametrize(
    ("ignored", "is_left_alone"),
    [([undecided("provisioned_concurrent_executions")], True), (undecided("all"), True), ([undecided("skip_destroy")], False), ([], False)],
)
def test_a_number_that_terraform_leaves_to_others(ignored: object, is_left_alone: bool) -> None:
    config = block(
        "aws_lambda_provisioned_concurrency_config.c",
        function_name=ref(FN, "arn"),
        provisioned_concurrent_executions=3,
        lifecycle=nested(ignore_changes=ignored),
    )
    assert value_of(made(Provisioned, config, FN).is_left_alone) is is_left_alone


@pytest.mark.parametrize("executions", [0, -1, None, "0"])
def test_none_at_all_is_how_modules_switch_it_off(executions: object) -> None:
    config = block(
        "aws_lambda_provisioned_concurrency_config.c", function_name=ref(FN, "arn"), provisioned_concurrent_executions=executions
    )
    made(Other, config, FN)


def test_what_scales_it_and_keeps_none_ready() -> None:
    target = block(
        "aws_appautoscaling_target.t", resource_id="function:orders:live", scalable_dimension=DIMENSION, min_capacity=0, max_capacity=5
    )
    given = {"resource_id": ref(target, "resource_id"), "scalable_dimension": ref(target, "scalable_dimension")}
    policy = block("aws_appautoscaling_policy.p", policy_type="TargetTrackingScaling", **given)
    night = block("aws_appautoscaling_scheduled_action.n", scalable_target_action=nested(min_capacity=0, max_capacity=0), **given)
    cap = block("aws_appautoscaling_scheduled_action.c", scalable_target_action=nested(max_capacity=2), **given)
    found = {
        subject.name: (thing.means, value_of(thing.minimum), value_of(thing.maximum), thing.callee.alias)
        for subject in (target, policy, night, cap)
        for thing in [made(Scaling, subject, target, FN, ALIAS)]
    }
    assert found == {
        "t": (Means.TARGET, 0, 5, "aws_lambda_alias.live"),
        "p": (Means.POLICY, None, None, "aws_lambda_alias.live"),
        "n": (Means.SCHEDULE, 0, 0, "aws_lambda_alias.live"),
        "c": (Means.SCHEDULE, None, 2, "aws_lambda_alias.live"),
    }


def test_a_target_between_bounds() -> None:
    target = block(
        "aws_appautoscaling_target.t", resource_id="function:orders:live", scalable_dimension=DIMENSION, min_capacity=2, max_capacity=9
    )
    given = made(Provisioned, target, FN, ALIAS)
    assert (given.means, value_of(given.executions), value_of(given.maximum)) == (Means.TARGET, 2, 9)


@pytest.mark.parametrize(
    ("given", "storage", "snap"),
    [
        ({}, 512, False),
        ({"ephemeral_storage": nested(size=2048), "snap_start": nested(apply_on="PublishedVersions")}, 2048, True),
        ({"snap_start": nested(apply_on="None")}, 512, False),
        ({"ephemeral_storage": dynamic("var.tmp"), "snap_start": dynamic("var.snap")}, "<var.tmp>", "<var.snap>"),
        (
            {"ephemeral_storage": nested(size=undecided("var.mb")), "snap_start": nested(apply_on=undecided("var.on"))},
            "<var.mb>",
            "<var.on>",
        ),
    ],
)
def test_what_snapshots_depend_on(given: dict[str, object], storage: object, snap: object) -> None:
    seen = function(**given)
    assert (value_of(seen.ephemeral_storage_mb), value_of(seen.snap_start)) == (storage, snap)


def test_a_scaling_target_of_something_else_is_none() -> None:
    made(
        Other,
        block("aws_appautoscaling_target.t", min_capacity=2, resource_id="service/a/b", scalable_dimension="ecs:service:DesiredCount"),
    )


def test_only_provisioned_pollers_are_capacity() -> None:
    mapping = block("aws_lambda_event_source_mapping.m", function_name=ref(FN, "arn"), provisioned_poller_config=nested(minimum_pollers=4))
    given = made(Poller, mapping, FN)
    assert given.function is not None
    assert (given.function.target, value_of(given.minimum)) == ("aws_lambda_function.fn", 4)
    made(Other, block("aws_lambda_event_source_mapping.m", function_name=ref(FN, "arn")), FN)
    open_ = block("aws_lambda_event_source_mapping.m", function_name=ref(FN, "arn"), provisioned_poller_config=dynamic("var.pollers"))
    assert value_of(made(Poller, open_, FN).exists) == "<var.pollers>"


# --- the network ------------------------------------------------------------------------------------------------------------------


def test_vpcs_and_subnets() -> None:
    seen = made(Subnet, SUBNET, VPC)
    assert seen.vpc is not None
    assert (seen.vpc.target, value_of(seen.zone), value_of(seen.cidr), seen.ipv6_cidr) == (
        "aws_vpc.main",
        "eu-central-1a",
        "10.0.1.0/24",
        None,
    )
    assert value_of(made(Vpc, VPC).cidr) == "10.0.0.0/16"
    assert made(Vpc, block("aws_default_vpc.d")).is_default
    by_id = block("aws_subnet.b", vpc_id=ref(VPC, "id"), availability_zone_id="euc1-az1", ipv6_cidr_block=undecided("cidrsubnet(…)"))
    other_seen = made(Subnet, by_id, VPC)
    assert (value_of(other_seen.zone), value_of(other_seen.ipv6_cidr)) == ("euc1-az1", "<cidrsubnet(…)>")


def test_a_vpc_named_through_another_block_is_that_vpc() -> None:
    group = block("aws_security_group.g", vpc_id=ref(SUBNET, "vpc_id"))
    vpc = made(SecurityGroup, group, VPC, SUBNET).vpc
    assert vpc is not None
    assert vpc.target == "aws_vpc.main"


NAT = block("aws_nat_gateway.n", allocation_id="eipalloc-1", subnet_id=ref(SUBNET, "id"))
IGW = block("aws_internet_gateway.i", vpc_id=ref(VPC, "id"))
LOOKED_UP = block("data.aws_internet_gateway.i")
MODULE = block("module.vpc", source="terraform-aws-modules/vpc/aws")

ROUTE_TARGETS = [
    ("nat_gateway_id", ref(NAT, "id"), Target.NAT_GATEWAY, "aws_nat_gateway.n"),
    ("gateway_id", ref(NAT, "id"), Target.NAT_GATEWAY, "aws_nat_gateway.n"),
    ("gateway_id", ref(IGW, "id"), Target.INTERNET_GATEWAY, "aws_internet_gateway.i"),
    ("nat_gateway_id", ref(IGW, "id"), Target.INTERNET_GATEWAY, "aws_internet_gateway.i"),
    ("gateway_id", ref(LOOKED_UP, "id"), Target.INTERNET_GATEWAY, "data.aws_internet_gateway.i"),
    ("gateway_id", "local", Target.LOCAL, None),
    ("gateway_id", "vgw-0123", Target.VPN_GATEWAY, None),
    ("gateway_id", "nat-0123", Target.NAT_GATEWAY, None),
    ("nat_gateway_id", "nat-0123", Target.NAT_GATEWAY, None),
    ("network_interface_id", "eni-0123", Target.NETWORK_INTERFACE, None),
    ("transit_gateway_id", undecided("var.tgw"), Target.TRANSIT_GATEWAY, None),
    ("nat_gateway_id", ref(MODULE, "natgw_ids", 0), Target.NAT_GATEWAY, "module.vpc"),
    ("gateway_id", ref(MODULE, "igw_id"), Target.INTERNET_GATEWAY, "module.vpc"),
    ("gateway_id", undecided("var.nat_gateway_id"), Target.NAT_GATEWAY, None),
    ("gateway_id", undecided("var.vpn_gateway_id"), Target.VPN_GATEWAY, None),
    ("gateway_id", undecided("var.gateway"), Target.UNKNOWN, None),
    ("gateway_id", undecided("element(…)", ref(NAT, "id")), Target.NAT_GATEWAY, None),
    ("gateway_id", undecided("var.x ? … : …", ref(NAT, "id"), ref(IGW, "id")), Target.UNKNOWN, None),
]


@pytest.mark.parametrize(("argument", "written", "expected", "target"), ROUTE_TARGETS)
def test_a_route_leads_where_its_reference_leads(argument: str, written: object, expected: Target, target: str | None) -> None:
    table = block("aws_route_table.t", vpc_id=ref(VPC, "id"), route=nested(cidr_block="0.0.0.0/0", **{argument: written}))
    (inline,) = made(RouteTable, table, NAT, IGW, LOOKED_UP, MODULE).routes
    route = block("aws_route.r", route_table_id=ref(table, "id"), destination_cidr_block="0.0.0.0/0", **{argument: written})
    added = made(RouteTable, table, NAT, IGW, LOOKED_UP, MODULE, route).routes[-1]
    for seen in (inline, added):
        assert (value_of(seen.destination), seen.target, seen.link.target) == ("0.0.0.0/0", expected, target)
    assert (inline.address, added.address) == ("aws_route_table.t", "aws_route.r")


def test_routes_written_as_a_list_of_objects_leave_empty_targets_out() -> None:
    row = {"cidr_block": "", "ipv6_cidr_block": "::/0", "gateway_id": "", "nat_gateway_id": None, "egress_only_gateway_id": "eigw-1"}
    (route,) = made(RouteTable, block("aws_route_table.t", route=nested(**row))).routes
    assert (value_of(route.destination), route.target) == ("::/0", Target.EGRESS_ONLY_GATEWAY)


def test_a_table_names_what_may_add_routes() -> None:
    table = block("aws_route_table.t", route=dynamic("var.routes", cidr_block="0.0.0.0/0"))
    perhaps = block("aws_route.r", route_table_id=undecided("var.which ? … : …", ref(table, "id")), gateway_id="igw-1")
    seen = made(RouteTable, table, perhaps)
    assert ([u.expression for u in seen.unseen], seen.routes) == (["var.routes", "var.which ? … : …"], ())


def test_a_vpn_announces_routes_nobody_can_see() -> None:
    gateway = block("aws_vpn_gateway.v", vpc_id=ref(VPC, "id"))
    table = block("aws_route_table.t", vpc_id=ref(VPC, "id"), propagating_vgws=[ref(gateway, "id")])
    (route,) = made(RouteTable, table, gateway).routes
    assert (value_of(route.destination), route.target, route.link.target) == (
        "<routes announced by aws_vpn_gateway.v.id>",
        Target.VPN_GATEWAY,
        "aws_vpn_gateway.v",
    )


def test_a_vpcs_own_table_is_the_adopted_one_or_stays_with_the_vpc() -> None:
    route = block(
        "aws_route.r", route_table_id=ref(VPC, "main_route_table_id"), destination_cidr_block="0.0.0.0/0", gateway_id=ref(IGW, "id")
    )
    joined = block("aws_route_table_association.a", route_table_id=ref(VPC, "default_route_table_id"), subnet_id=ref(SUBNET, "id"))
    alone = [VPC, SUBNET, IGW, route, joined]
    assert [r.address for r in made(Vpc, VPC, *alone[1:]).main_routes] == ["aws_route.r"]
    table = made(Association, joined, *alone[:-1]).table
    assert table is not None
    assert table.target == "aws_vpc.main"

    adopted = block("aws_default_route_table.d", default_route_table_id=ref(VPC, "default_route_table_id"))
    seen = made(RouteTable, adopted, *alone)
    assert ([r.address for r in seen.routes], seen.is_main) == (["aws_route.r"], True)
    assert seen.vpc is not None
    assert seen.vpc.target == "aws_vpc.main"
    assert made(Vpc, VPC, *alone[1:], adopted).main_routes == ()
    table = made(Association, joined, *alone[:-1], adopted).table
    assert table is not None
    assert table.target == "aws_default_route_table.d"


def test_associations_join_tables_to_subnets_or_to_vpcs() -> None:
    table = block("aws_route_table.t", vpc_id=ref(VPC, "id"))
    joined = made(Association, block("aws_route_table_association.a", route_table_id=ref(table, "id"), subnet_id=ref(SUBNET, "id")), table)
    main = made(Association, block("aws_main_route_table_association.m", route_table_id=ref(table, "id"), vpc_id=ref(VPC, "id")), table)
    edge = made(Association, block("aws_route_table_association.e", route_table_id=ref(table, "id"), gateway_id=ref(IGW, "id")), table)
    seen = [(link and link.target for link in (a.table, a.subnet, a.vpc)) for a in (joined, main, edge)]
    assert [tuple(links) for links in seen] == [
        ("aws_route_table.t", "aws_subnet.a", None),
        ("aws_route_table.t", None, "aws_vpc.main"),
        ("aws_route_table.t", None, None),
    ]


def test_nat_gateways_name_their_addresses_in_every_form() -> None:
    eips = [block(f"aws_eip.e[{i}]") for i in range(3)]
    zonal = block("aws_nat_gateway.z", allocation_id=ref(eips[0], "id"), secondary_allocation_ids=[ref(eips[1], "id")])
    joined = block("aws_nat_gateway_eip_association.j", nat_gateway_id=ref(zonal, "id"), allocation_id=ref(eips[2], "allocation_id"))
    seen = made(NatGateway, zonal, *eips, joined)
    assert targets(seen.addresses) == ["aws_eip.e[0]", "aws_eip.e[1]", "aws_eip.e[2]"]
    assert (value_of(seen.connectivity), value_of(seen.availability)) == ("public", "zonal")
    rows = [nested(availability_zone="a", allocation_ids=[ref(eips[0], "id")]), dynamic("var.zones")]
    regional = block("aws_nat_gateway.r", availability_mode="regional", vpc_id=ref(VPC, "id"), availability_zone_address=rows)
    seen = made(NatGateway, regional, *eips)
    assert seen.vpc is not None
    assert (value_of(seen.availability), seen.vpc.target, seen.subnet) == ("regional", "aws_vpc.main", None)
    assert (targets(seen.addresses), [u.expression for u in seen.addresses.unknown]) == (["aws_eip.e[0]"], ["var.zones"])


def test_an_address_knows_its_holder() -> None:
    instance = block("aws_instance.i")
    eip = block("aws_eip.e")
    joined = block("aws_eip_association.j", allocation_id=ref(eip, "id"), instance_id=ref(instance, "id"))
    holder = made(Address, eip, instance, joined).holder
    assert holder is not None
    assert holder.target == "aws_instance.i"
    assert made(Address, eip, instance).holder is None


def test_gateways_know_what_they_are_and_their_vpc() -> None:
    detached = block("aws_internet_gateway.d")
    joined = block("aws_internet_gateway_attachment.j", internet_gateway_id=ref(detached, "id"), vpc_id=ref(VPC, "id"))
    for gateway in (IGW, detached):
        seen = made(Gateway, gateway, VPC, joined)
        assert seen.vpc is not None
        assert (seen.target, seen.vpc.target) == (Target.INTERNET_GATEWAY, "aws_vpc.main")
    assert made(Gateway, block("aws_ec2_transit_gateway.t")).target is Target.TRANSIT_GATEWAY


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("com.amazonaws.eu-central-1.s3", "s3"),
        ("com.amazonaws.eu-central-1.ecr.dkr", "ecr.dkr"),
        ("com.amazonaws.vpce.eu-central-1.vpce-svc-1", "vpce-svc-1"),
        (text("com.amazonaws.", undecided("data.aws_region.x.name"), ".dynamodb"), "dynamodb"),
        (text("com.amazonaws.eu-central-1.", undecided("each.key")), "<com.amazonaws.eu-central-1.${each.key}>"),
        (undecided("var.service"), "<var.service>"),
        (ref(block("data.aws_vpc_endpoint_service.s", service="execute-api"), "service_name"), "execute-api"),
    ],
)
def test_an_endpoint_names_its_service(name: object, service: str) -> None:
    assert value_of(made(Endpoint, block("aws_vpc_endpoint.e", service_name=name)).service) == service


def test_an_endpoint_gathers_its_associations() -> None:
    endpoint = block("aws_vpc_endpoint.e", service_name="com.amazonaws.eu-central-1.s3", vpc_id=ref(VPC, "id"))
    table = block("aws_route_table.t")
    joined = block("aws_vpc_endpoint_route_table_association.j", vpc_endpoint_id=ref(endpoint, "id"), route_table_id=ref(table, "id"))
    seen = made(Endpoint, endpoint, table, joined)
    assert (targets(seen.route_tables), value_of(seen.kind)) == (["aws_route_table.t"], "Gateway")


# --- security groups --------------------------------------------------------------------------------------------------------------

DB_GROUP = block("aws_security_group.db", vpc_id=ref(VPC, "id"))
GENERATIONS: list[tuple[HandBlock, list[HandBlock]]] = [
    (
        block(
            "aws_security_group.db",
            ingress=nested(from_port=5432, to_port="5432", protocol="tcp", security_groups=[ref(GROUP, "id")], cidr_blocks=["10.0.0.0/8"]),
        ),
        [],
    ),
    (
        DB_GROUP,
        [
            block(
                "aws_security_group_rule.r",
                type="ingress",
                from_port=5432,
                to_port=5432,
                protocol="6",
                cidr_blocks=["10.0.0.0/8"],
                source_security_group_id=ref(GROUP, "id"),
                security_group_id=ref(DB_GROUP, "id"),
            )
        ],
    ),
    (
        DB_GROUP,
        [
            block(
                "aws_vpc_security_group_ingress_rule.r",
                from_port=5432,
                to_port=5432,
                ip_protocol="TCP",
                cidr_ipv4="10.0.0.0/8",
                referenced_security_group_id=ref(GROUP, "id"),
                security_group_id=ref(DB_GROUP, "id"),
            )
        ],
    ),
]


@pytest.mark.parametrize(("group", "rules"), GENERATIONS)
def test_rules_of_every_generation_read_alike(group: HandBlock, rules: Sequence[HandBlock]) -> None:
    (rule,) = made(SecurityGroup, group, GROUP, VPC, *rules).rules
    assert [value_of(v) for v in (rule.protocol, rule.from_port, rule.to_port, rule.is_self)] == ["tcp", 5432, 5432, False]
    assert (rule.direction, targets(rule.peers), list(rule.cidrs)) == ("ingress", ["aws_security_group.fn"], ["10.0.0.0/8"])
    assert rule.cidrs.is_complete


@pytest.mark.parametrize("protocol", ["-1", -1, "all"])
def test_all_protocols_mean_all_ports(protocol: object) -> None:
    group = block("aws_security_group.g", egress=nested(from_port=0, to_port=0, protocol=protocol, cidr_blocks=["0.0.0.0/0"]))
    (rule,) = made(SecurityGroup, group).rules
    assert [value_of(v) for v in (rule.protocol, rule.from_port, rule.to_port)] == ["-1", None, None]


def test_a_rule_that_names_its_own_group_is_self_referencing() -> None:
    group = block("aws_security_group.g")
    rule = block(
        "aws_vpc_security_group_ingress_rule.r",
        security_group_id=ref(group, "id"),
        referenced_security_group_id=ref(group, "id"),
        ip_protocol="-1",
    )
    (seen,) = made(SecurityGroup, group, rule).rules
    assert value_of(seen.is_self) is True


def test_ranges_taken_from_a_vpc_or_subnet_are_links_and_computed_ones_are_not() -> None:
    cidrs = [ref(VPC, "cidr_block"), undecided("cidrsubnet(…)", ref(SUBNET, "cidr_block"))]
    (rule,) = made(SecurityGroup, block("aws_security_group.g", ingress=nested(protocol="tcp", cidr_blocks=cidrs)), VPC, SUBNET).rules
    assert [(link.target, link.attribute) for link in rule.cidr_links] == [("aws_vpc.main", "cidr_block")]
    assert (list(rule.cidrs), [u.expression for u in rule.cidrs.unknown]) == (["10.0.0.0/16"], ["cidrsubnet(…)"])


def test_a_group_names_what_may_add_rules() -> None:
    group = block("aws_security_group.g", ingress=dynamic("var.rules"))
    maybe = Unknown("var.create ? 1 : 0", group.place)
    rules = [
        block("aws_vpc_security_group_egress_rule.a", security_group_id=ref(group, "id"), exists=maybe),
        block("aws_vpc_security_group_egress_rule.b", security_group_id=undecided("local.groups[each.key]", ref(group, "id"))),
        block("aws_security_group_rule.c", type=undecided("each.value.type"), security_group_id=ref(group, "id")),
        block("aws_security_group_rule.d", type="egress", security_group_id="sg-elsewhere"),
    ]
    seen = made(SecurityGroup, group, *rules)
    assert {u.expression for u in seen.unseen} == {"var.rules", "var.create ? 1 : 0", "local.groups[each.key]", "each.value.type"}
    assert [rule.address for rule in seen.rules] == ["aws_vpc_security_group_egress_rule.a"]


def test_the_default_group_is_stripped_when_adopted_and_open_to_its_members_when_not() -> None:
    subject = block(
        "aws_lambda_function.fn", vpc_config=nested(subnet_ids=SUBNETS, security_group_ids=[ref(VPC, "default_security_group_id")])
    )
    everything = things([VPC, SUBNET, subject])
    implied = everything["aws_vpc.main.default_security_group_id"]
    assert isinstance(implied, SecurityGroup)
    assert [(rule.direction, value_of(rule.is_self), list(rule.cidrs)) for rule in implied.rules] == [
        ("ingress", True, []),
        ("egress", False, ["0.0.0.0/0"]),
    ]
    adopted = block("aws_default_security_group.d", vpc_id=ref(VPC, "id"))
    everything = things([VPC, SUBNET, subject, adopted])
    assert "aws_vpc.main.default_security_group_id" not in everything
    stripped, function_ = everything["aws_default_security_group.d"], everything["aws_lambda_function.fn"]
    assert isinstance(stripped, SecurityGroup)
    assert isinstance(function_, Function)
    assert (stripped.is_default, stripped.rules) == (True, ())
    attachment = value_of(function_.attachment)
    assert isinstance(attachment, Attachment)
    assert targets(attachment.security_groups) == ["aws_default_security_group.d"]


# --- stores -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "given", "ports"),
    [
        ("aws_db_instance", {"engine": "postgres"}, (5432,)),
        ("aws_db_instance", {"engine": "mysql", "port": 3307}, (3307,)),
        ("aws_db_instance", {"engine": "sqlserver-ex"}, (1433,)),
        ("aws_db_instance", {"engine": "custom-oracle-ee"}, (1521,)),
        ("aws_db_instance", {"engine": "postgres", "port": undecided("var.port")}, ()),
        ("aws_db_instance", {"engine": undecided("var.engine")}, ()),
        ("aws_rds_cluster", {"engine": "aurora-postgresql"}, (5432,)),
        ("aws_rds_cluster", {"engine": "aurora-mysql"}, (3306,)),
        ("aws_db_proxy", {"engine_family": "POSTGRESQL"}, (5432,)),
        ("aws_elasticache_cluster", {"engine": "memcached"}, (11211,)),
        ("aws_elasticache_serverless_cache", {"engine": "valkey"}, (6379, 6380)),
        ("aws_elasticache_serverless_cache", {"engine": "memcached"}, (11211,)),
        ("aws_mq_broker", {"engine_type": "RabbitMQ"}, (5671,)),
        ("aws_redshift_cluster", {}, (5439,)),
        ("aws_efs_mount_target", {}, (2049,)),
    ],
)
def test_ports_are_stated_or_the_engines_own(type_: str, given: dict[str, object], ports: tuple[int, ...]) -> None:
    assert made(Store, block(f"{type_}.s", **given)).ports == ports


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("aws_db_instance", {}, True),
        ("aws_db_instance", {"publicly_accessible": True}, False),
        ("aws_db_instance", {"publicly_accessible": undecided("var.public")}, "<var.public>"),
        ("aws_mq_broker", {"publicly_accessible": True}, False),
        ("aws_opensearch_domain", {}, False),
        ("aws_opensearch_domain", {"vpc_options": nested(subnet_ids=["subnet-1"])}, True),
        ("aws_opensearch_domain", {"vpc_options": dynamic("var.vpc_options")}, "<var.vpc_options>"),
        ("aws_lb", {}, False),
        ("aws_lb", {"internal": False}, False),
        ("aws_lb", {"internal": True}, True),
        ("aws_elasticache_cluster", {}, True),
        (
            "aws_msk_cluster",
            {"broker_node_group_info": nested(connectivity_info=nested(public_access=nested(type="SERVICE_PROVIDED_EIPS")))},
            False,
        ),
        ("aws_msk_cluster", {"broker_node_group_info": nested(client_subnets=["subnet-1"])}, True),
    ],
)
def test_what_is_public_is_not_in_a_vpc(type_: str, given: dict[str, object], expected: object) -> None:
    assert value_of(made(Store, block(f"{type_}.s", **given)).is_in_vpc) == expected


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("aws_db_instance", {"vpc_security_group_ids": GROUPS}),
        ("aws_elasticache_replication_group", {"security_group_ids": GROUPS}),
        ("aws_efs_mount_target", {"security_groups": GROUPS}),
        ("aws_msk_cluster", {"broker_node_group_info": nested(security_groups=GROUPS)}),
        ("aws_opensearch_domain", {"vpc_options": nested(security_group_ids=GROUPS)}),
        ("aws_ecs_service", {"network_configuration": nested(security_groups=GROUPS)}),
        ("aws_launch_template", {"network_interfaces": nested(security_groups=GROUPS)}),
        ("aws_instance", {"vpc_security_group_ids": GROUPS}),
        ("aws_mq_broker", {"security_groups": GROUPS}),
        ("aws_docdb_cluster", {"vpc_security_group_ids": GROUPS}),
    ],
)
def test_groups_stand_where_the_type_has_them(type_: str, given: dict[str, object]) -> None:
    store = made(Store, block(f"{type_}.s", **given), GROUP, VPC)
    assert (targets(store.security_groups), store.security_groups.is_complete) == (["aws_security_group.fn"], True)


def test_subnets_come_through_the_subnet_group_by_reference_or_name() -> None:
    group = block("aws_db_subnet_group.g", name="private", subnet_ids=[ref(SUBNET, "id")])
    for written in (ref(group, "name"), ref(group, "id"), "private"):
        store = made(Store, block("aws_db_instance.s", engine="mysql", db_subnet_group_name=written), group, SUBNET)
        assert targets(store.subnets) == ["aws_subnet.a"], written
    elsewhere = made(Store, block("aws_db_instance.s", engine="mysql", db_subnet_group_name=ref(MODULE, "database_subnet_group")), MODULE)
    assert [(u.expression, u.mentions) for u in elsewhere.subnets.unknown] == [("module.vpc.database_subnet_group", ("module.vpc",))]


def test_parts_lead_to_their_whole() -> None:
    cluster = block("aws_rds_cluster.c", cluster_identifier="orders", engine="aurora-mysql")
    system = block("aws_efs_file_system.f")
    proxy = block("aws_db_proxy.p", name="proxy", engine_family="MYSQL")
    parts = {
        block("aws_rds_cluster_instance.i", cluster_identifier=ref(cluster, "id")): "aws_rds_cluster.c",
        block("aws_rds_cluster_instance.j", cluster_identifier="orders"): "aws_rds_cluster.c",
        block("aws_efs_mount_target.m", file_system_id=ref(system, "id")): "aws_efs_file_system.f",
        block("aws_efs_access_point.a", file_system_id=ref(system, "id")): "aws_efs_file_system.f",
        block("aws_db_proxy_target.t", db_proxy_name=ref(proxy, "name"), db_cluster_identifier=ref(cluster, "id")): "aws_rds_cluster.c",
        block("aws_db_proxy_endpoint.e", db_proxy_name=ref(proxy, "name")): "aws_db_proxy.p",
        proxy: "aws_rds_cluster.c",
    }
    everything = things([cluster, system, *parts])
    seen = {part.address: getattr(everything[part.address], "parent", None) for part in parts}
    assert {address: link and link.target for address, link in seen.items()} == {part.address: whole for part, whole in parts.items()}


def test_a_cluster_is_public_when_all_its_instances_are() -> None:
    cluster = block("aws_rds_cluster.c", engine="aurora-mysql")
    public = block("aws_rds_cluster_instance.p", cluster_identifier=ref(cluster, "id"), publicly_accessible=True)
    private = block("aws_rds_cluster_instance.q", cluster_identifier=ref(cluster, "id"))
    open_ = block("aws_rds_cluster_instance.r", cluster_identifier=ref(cluster, "id"), publicly_accessible=undecided("var.public"))
    assert value_of(made(Store, cluster).is_in_vpc) is True
    assert value_of(made(Store, cluster, public).is_in_vpc) is False
    assert value_of(made(Store, cluster, public, private).is_in_vpc) is True
    assert value_of(made(Store, cluster, public, open_).is_in_vpc) == "<var.public>"


def test_a_balancers_ports_are_its_listeners() -> None:
    balancer = block("aws_lb.b", internal=True)
    listeners = [block(f"aws_lb_listener.l[{port}]", load_balancer_arn=ref(balancer, "arn"), port=port) for port in (80, 443)]
    assert made(Store, balancer, *listeners).ports == (80, 443)


def test_only_a_private_zone_is_a_store_and_it_names_its_records() -> None:
    private = block("aws_route53_zone.z", name="corp.internal", vpc=nested(vpc_id=ref(VPC, "id")))
    records = [
        block("aws_route53_record.a", zone_id=ref(private, "zone_id"), name="db"),
        block("aws_route53_record.b", zone_id=ref(private, "zone_id"), name="cache.corp.internal"),
    ]
    zone = made(Store, private, VPC, *records)
    assert zone.vpc is not None
    assert (zone.vpc.target, zone.names) == ("aws_vpc.main", ("corp.internal", "db.corp.internal", "cache.corp.internal"))
    public = block("aws_route53_zone.p", name="example.org")
    made(Other, public)
    joined = block("aws_route53_zone_association.j", zone_id=ref(public, "zone_id"), vpc_id=ref(VPC, "id"))
    assert value_of(made(Store, public, VPC, joined).is_in_vpc) is True


# --- secrets ----------------------------------------------------------------------------------------------------------------------


def test_a_secret_holds_what_its_versions_refer_to() -> None:
    database = block("aws_db_instance.db", engine="mysql")
    secret = block("aws_secretsmanager_secret.s", name="login")
    version = block(
        "aws_secretsmanager_secret_version.v", secret_id=ref(secret, "id"), secret_string=encoded({"host": ref(database, "address")})
    )
    assert targets(made(Secret, secret, database, version).holds) == ["aws_db_instance.db"]
    assert targets(made(Secret, version, database, secret).holds) == ["aws_db_instance.db"]
    parameter = block("aws_ssm_parameter.p", value=ref(database, "endpoint"))
    assert targets(made(Secret, parameter, database).holds) == ["aws_db_instance.db"]


def test_a_generated_password_ties_a_secret_to_its_database() -> None:
    password = block("random_password.p")
    database = block("aws_db_instance.db", engine="mysql", password=ref(password, "result"))
    secret = block("aws_secretsmanager_secret.s")
    version = block("aws_secretsmanager_secret_version.v", secret_id=ref(secret, "id"), secret_string=ref(password, "result"))
    assert "aws_db_instance.db" in targets(made(Secret, secret, password, database, version).holds)


def test_a_database_knows_the_secrets_of_its_login() -> None:
    secret = block("aws_secretsmanager_secret.s")
    version = block("data.aws_secretsmanager_secret_version.v", secret_id=ref(secret, "id"))
    taken = undecided("jsondecode(…)", ref(version, "secret_string"))
    assert targets(made(Store, block("aws_db_instance.a", password=taken), secret, version).secrets) == ["aws_secretsmanager_secret.s"]
    proxy = block("aws_db_proxy.p", auth=nested(secret_arn=ref(secret, "arn")))
    assert targets(made(Store, proxy, secret).secrets) == ["aws_secretsmanager_secret.s"]
    (own,) = made(Store, block("aws_db_instance.b", manage_master_user_password=True)).secrets
    assert (own.target, own.attribute) == ("aws_db_instance.b", "master_user_secret")


# --- identity ---------------------------------------------------------------------------------------------------------------------

ROLE = block("aws_iam_role.r", name="orders-role")
AWS_POLICY = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def document(action: str) -> object:
    return encoded({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def actions(role: Role) -> list[str]:
    return [action for each in role.documents for statement in each.statements for action in statement.actions]


def test_a_role_gathers_policies_of_every_kind() -> None:
    policy = block("aws_iam_policy.p", name="orders-policy", policy=document("sqs:*"))
    role = block(
        "aws_iam_role.r", name="orders-role", inline_policy=nested(name="i", policy=document("s3:*")), managed_policy_arns=[AWS_POLICY]
    )
    attached = [
        block("aws_iam_role_policy.a", role=ref(role, "id"), policy=document("rds-db:connect")),
        block("aws_iam_role_policy.b", role="orders-role", policy=document("kms:*")),
        block("aws_iam_role_policy_attachment.c", role=ref(role, "name"), policy_arn=ref(policy, "arn")),
        block(
            "aws_iam_policy_attachment.d", name="d", roles=[ref(role, "name")], policy_arn="arn:aws:iam::123456789012:policy/orders-policy"
        ),
        block("aws_iam_role_policy_attachments_exclusive.e", role_name=ref(role, "name"), policy_arns=[ref(policy, "arn")]),
        block("aws_iam_role_policy.other", role="another-role", policy=document("iam:*")),
    ]
    seen = made(Role, role, policy, *attached)
    assert sorted(actions(seen)) == ["kms:*", "rds-db:connect", "s3:*", "sqs:*", "sqs:*", "sqs:*"]
    assert ([p.name for p in seen.managed], seen.unknown) == (["AWSLambdaVPCAccessExecutionRole"], ())


def test_a_policy_that_copies_one_of_aws_is_known_by_its_name() -> None:
    looked_up = block("data.aws_iam_policy.vpc", arn=AWS_POLICY)
    policy = block("aws_iam_policy.p", policy=ref(looked_up, "policy"))
    attached = [
        block("aws_iam_role_policy_attachment.a", role=ref(ROLE, "name"), policy_arn=ref(policy, "arn")),
        block("aws_iam_role_policy.b", role=ref(ROLE, "name"), policy=ref(looked_up, "policy")),
    ]
    seen = made(Role, ROLE, looked_up, policy, *attached)
    assert ({p.name for p in seen.managed}, seen.unknown, seen.documents) == ({"AWSLambdaVPCAccessExecutionRole"}, (), ())


@pytest.mark.parametrize(
    ("written", "managed"),
    [
        (AWS_POLICY, "AWSLambdaVPCAccessExecutionRole"),
        (text("arn:", undecided("data.aws_partition.p.partition"), ":iam::aws:policy/AmazonSQSFullAccess"), "AmazonSQSFullAccess"),
        (ref(block("data.aws_iam_policy.x", name="AWSXRayDaemonWriteAccess"), "arn"), "AWSXRayDaemonWriteAccess"),
        (ref(block("data.aws_iam_policy.x", arn=AWS_POLICY), "arn"), "AWSLambdaVPCAccessExecutionRole"),
    ],
)
def test_policies_of_aws_are_known_by_name(written: object, managed: str) -> None:
    seen = made(Role, ROLE, block("aws_iam_role_policy_attachment.a", role=ref(ROLE, "name"), policy_arn=written))
    assert ([p.name for p in seen.managed], seen.unknown, seen.documents) == ([managed], (), ())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (undecided("var.policy_arn"), "var.policy_arn"),
        ("arn:aws:iam::123456789012:policy/elsewhere", "arn:aws:iam::123456789012:policy/elsewhere"),
        (ref(block("data.aws_iam_policy.x", name="team-policy"), "arn"), "data.aws_iam_policy.x.arn"),
        (ref(MODULE, "policy_arn"), "module.vpc.policy_arn"),
        (text("arn:aws:iam::aws:policy/", undecided("var.name")), "arn:aws:iam::aws:policy/${var.name}"),
    ],
)
def test_policies_from_outside_are_unknown_by_name(written: object, name: str) -> None:
    seen = made(Role, ROLE, MODULE, block("aws_iam_role_policy_attachment.a", role=ref(ROLE, "name"), policy_arn=written))
    assert ([u.expression for u in seen.unknown], seen.managed, seen.documents) == ([name], (), ())


def test_a_policy_of_unknown_count_is_that_policy() -> None:
    policy = block("aws_iam_policy.p", policy=document("s3:*"))
    each = Every(ref(policy, "arn"), undecided("var.create ? 1 : 0"))
    seen = made(Role, ROLE, policy, block("aws_iam_role_policy_attachment.a", role=ref(ROLE, "name"), policy_arn=each))
    assert (actions(seen), seen.unknown) == (["s3:*"], ())


def test_a_policy_that_may_be_this_roles_is_unknown() -> None:
    perhaps = block("aws_iam_role_policy.p", role=undecided("local.roles[each.key]", ref(ROLE, "name")), policy=document("s3:*"))
    seen = made(Role, ROLE, perhaps)
    assert ([u.expression for u in seen.unknown], seen.documents) == (["local.roles[each.key]"], ())


def test_a_policy_that_speaks_of_a_functions_network_is_a_guardrail() -> None:
    demand = {"Effect": "Deny", "Action": "lambda:CreateFunction", "Resource": "*", "Condition": {"Null": {"lambda:VpcIds": "true"}}}
    organisation = block("aws_organizations_policy.o", content=encoded({"Statement": demand}))
    assert [c.key for s in made(Guardrail, organisation).document.statements for c in s.conditions] == ["lambda:VpcIds"]
    made(Guardrail, block("aws_iam_policy.p", policy=encoded({"Statement": [demand]})))
    made(Other, block("aws_iam_policy.p", policy=document("s3:*")))
    made(Other, block("aws_organizations_policy.o", content=document("s3:*")))


# --- the whole --------------------------------------------------------------------------------------------------------------------


def test_a_module_call_tells_source_inputs_and_what_it_is_given() -> None:
    call = block(
        "module.vpc", source="terraform-aws-modules/vpc/aws", version="6.0.0", subnet=ref(SUBNET, "id"), tags={"a": "b"}, comments=["why"]
    )
    seen = made(ModuleCall, call, SUBNET)
    assert (seen.source, seen.inputs, targets(seen.links)) == ("terraform-aws-modules/vpc/aws", ("subnet", "tags"), ["aws_subnet.a"])
    assert (value_of(seen.tags.known["a"]), [c.text for c in seen.comments]) == ("b", ["why"])


# --- what data sources were asked with ----------------------------------------------------------------------------------------------


def asked(name: str, *values: object) -> object:
    return nested(name=name, values=list(values))


def test_a_query_for_subnets_tells_what_was_asked_for() -> None:
    plain = made(SubnetQuery, block("data.aws_subnets.q"))
    assert (plain.vpc, plain.narrowed_by, plain.unknown, plain.is_one, value_of(plain.default_only)) == (None, (), (), False, False)
    by_vpc = made(SubnetQuery, block("data.aws_subnets.q", filter=asked("vpc-id", ref(VPC, "id"))), VPC)
    assert (by_vpc.vpc.target if by_vpc.vpc else None, by_vpc.narrowed_by) == ("aws_vpc.main", ())
    older = made(SubnetQuery, block("data.aws_subnet_ids.q", vpc_id=undecided("var.vpc_id")))
    assert (older.vpc.expression if older.vpc else None, older.narrowed_by) == ("var.vpc_id", ())
    by_tag = made(SubnetQuery, block("data.aws_subnets.q", filter=[asked("vpc-id", "vpc-1"), asked("tag:tier", "app")], tags={"a": "b"}))
    assert by_tag.narrowed_by == ("tag:a", "tag:tier")


def test_default_subnets_are_asked_for_or_left_out() -> None:
    wanted = made(SubnetQuery, block("data.aws_subnets.q", filter=asked("default-for-az", "true")))
    assert (value_of(wanted.default_only), wanted.narrowed_by) == (True, ())
    unwanted = made(SubnetQuery, block("data.aws_subnets.q", filter=asked("default-for-az", "false")))
    assert (value_of(unwanted.default_only), unwanted.narrowed_by) == (False, ("default-for-az",))
    open_ = made(SubnetQuery, block("data.aws_subnets.q", filter=asked("default-for-az", undecided("var.default"))))
    assert isinstance(open_.default_only, Unknown)


def test_conditions_that_are_decided_elsewhere_are_named() -> None:
    query = made(
        SubnetQuery, block("data.aws_subnets.q", filter=[dynamic("var.filters"), asked("vpc-id", "vpc-1")], tags=undecided("var.tags"))
    )
    assert [part.expression for part in query.unknown] == ["var.tags", "var.filters"]


def test_a_query_for_one_subnet_knows_its_zone() -> None:
    by_name = made(SubnetQuery, block("data.aws_subnet.q", availability_zone="eu-central-1a", vpc_id="vpc-1"))
    assert (by_name.is_one, value_of(by_name.zone), by_name.zone_is_id) == (True, "eu-central-1a", False)
    by_id = made(SubnetQuery, block("data.aws_subnets.q", filter=asked("availability-zone-id", "euc1-az1")))
    assert (by_id.is_one, value_of(by_id.zone), by_id.zone_is_id) == (False, "euc1-az1", True)


def test_queries_for_a_vpc_and_for_a_group() -> None:
    assert value_of(made(VpcQuery, block("data.aws_vpc.v", default=True)).is_default) is True
    assert value_of(made(VpcQuery, block("data.aws_vpc.v", filter=asked("is-default", "true"))).is_default) is True
    assert value_of(made(VpcQuery, block("data.aws_vpc.v", default=undecided("var.d"))).is_default) == "<var.d>"
    assert value_of(made(VpcQuery, block("data.aws_vpc.v", id="vpc-1")).is_default) is False
    assert value_of(made(GroupQuery, block("data.aws_security_group.g", name="default")).name) == "default"
    assert value_of(made(GroupQuery, block("data.aws_security_group.g", filter=asked("group-name", "default"))).name) == "default"
    assert value_of(made(GroupQuery, block("data.aws_security_group.g", tags={"Name": "x"})).name) is None


def test_a_subnets_zone_is_a_name_or_an_id() -> None:
    zones = block("data.aws_availability_zones.z", state="available")
    named = made(Subnet, block("aws_subnet.s", availability_zone="eu-central-1a"))
    assert (value_of(named.zone), named.zone_is_id) == ("eu-central-1a", False)
    by_id = made(Subnet, block("aws_subnet.s", availability_zone_id="euc1-az1"))
    assert (value_of(by_id.zone), by_id.zone_is_id) == ("euc1-az1", True)

    def picked(number: int, of: HandBlock) -> object:
        pick = undecided(f"element({of.address}.names, {number})", ref(of, "names"), Literal(number))
        return value_of(made(Subnet, block("aws_subnet.s", availability_zone=pick), of).zone)

    assert picked(1, zones) == "<data.aws_availability_zones.z.names[1]>"
    assert picked(2, zones) == "<element(data.aws_availability_zones.z.names, 2)>"  # it may begin again
    narrowed = block("data.aws_availability_zones.z", filter=asked("zone-name", "eu-central-1a"))
    assert picked(1, narrowed) == "<element(data.aws_availability_zones.z.names, 1)>"


# --- who wears a group ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("aws_codebuild_project", {"vpc_config": nested(security_group_ids=GROUPS)}),
        ("aws_apigatewayv2_vpc_link", {"security_group_ids": GROUPS}),
        ("aws_batch_compute_environment", {"compute_resources": nested(security_group_ids=GROUPS)}),
        ("aws_glue_connection", {"physical_connection_requirements": nested(security_group_id_list=GROUPS)}),
        ("aws_transfer_server", {"endpoint_details": nested(security_group_ids=GROUPS)}),
        ("aws_something_new", {"security_groups": GROUPS}),
    ],
)
def test_any_resource_may_wear_a_group(type_: str, given: dict[str, object]) -> None:
    assert targets(made(Other, block(f"{type_}.x", **given), GROUP).security_groups) == ["aws_security_group.fn"]


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("aws_codebuild_project", {"vpc_config": nested(subnets=[ref(SUBNET, "id")])}),
        ("aws_glue_connection", {"physical_connection_requirements": nested(subnet_id=ref(SUBNET, "id"))}),
        ("aws_apprunner_vpc_connector", {"subnets": [ref(SUBNET, "id")]}),
    ],
)
def test_any_resource_may_stand_in_subnets(type_: str, given: dict[str, object]) -> None:
    assert targets(made(Other, block(f"{type_}.x", **given), SUBNET).subnets) == [SUBNET.address]


def test_a_rule_added_to_the_group_of_a_data_source_lies_outside() -> None:
    found = block("data.aws_security_group.theirs", name="theirs")
    added = block("aws_vpc_security_group_ingress_rule.r", security_group_id=ref(found, "id"), ip_protocol="-1", cidr_ipv4="10.0.0.0/8")
    assert made(OutsideRule, added, found).group.target == "data.aws_security_group.theirs"


def test_data_sources_and_unknown_types_are_others() -> None:
    for address, type_ in (("data.aws_ami.a", "aws_ami"), ("aws_s3_bucket.b", "aws_s3_bucket"), ("module.m.random_pet.p[0]", "random_pet")):
        assert made(Other, block(address)).type == type_
    assert made(Other, block("data.aws_ami.a", tags={"Name": "a filter"})).tags.known == {}


def test_what_does_not_exist_is_not_there() -> None:
    assert things([block("aws_vpc.v", exists=Known(False, VPC.place))]) == {}


def test_addresses_stand_in_natural_order() -> None:
    addresses = [f"aws_subnet.a[{number}]" for number in (10, 2, 1)] + ["aws_eip.e", "module.m[10].aws_eip.e", "module.m[9].aws_eip.e"]
    assert list(things(block(address) for address in addresses)) == [
        "aws_eip.e",
        "aws_subnet.a[1]",
        "aws_subnet.a[2]",
        "aws_subnet.a[10]",
        "module.m[9].aws_eip.e",
        "module.m[10].aws_eip.e",
    ]
    assert natural(f'a["{"9" * 5000}"]') > natural('a["1"]')


ODD = [
    None,
    "",
    "x",
    -1,
    1e999,
    True,
    [],
    {},
    [[None]],
    {"a": [{}]},
    undecided("var.x"),
    ref(VPC),
    ref(VPC, "id", 0),
    text("a", OUTSIDE),
    encoded([]),
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_nothing_odd_in_a_block_raises(odd: object) -> None:
    names = sorted({name for shape in SHAPES.values() for name in _names(shape)} | ARGUMENTS)
    for type_ in [*BUILDERS, *GATHERED]:
        subject = block(f"{type_}.odd", arguments=dict.fromkeys(names, odd), tags=odd)
        nested_odd = block(f"{type_}.nested", arguments={name: nested(**dict.fromkeys(names, odd)) for name in names})
        seen = things([VPC, ROLE, subject, nested_odd])
        assert {f"{type_}.odd", f"{type_}.nested"} <= seen.keys()
    for type_ in DATA_BUILDERS:
        subject = block(f"data.{type_}.odd", arguments=dict.fromkeys(names, odd))
        nested_odd = block(f"data.{type_}.nested", arguments={name: nested(**dict.fromkeys(names, odd)) for name in names})
        assert {subject.address, nested_odd.address} <= things([VPC, ROLE, subject, nested_odd]).keys()


def _names(shape: object) -> list[str]:
    values = [
        getattr(shape, name) for name in ("groups", "subnets", "vpc", "port", "engine", "outside", "inside", "inside_block", "secrets")
    ]
    words = [word for value in values for word in ([value] if isinstance(value, str) else value)]
    return [piece for word in words for piece in word.split(".") if piece]


GATHERED = ["aws_route", "aws_security_group_rule", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_eip_association"]
ARGUMENTS = {
    *(
        "function_name",
        "role",
        "layers",
        "vpc_config",
        "subnet_ids",
        "security_group_ids",
        "environment",
        "variables",
        "file_system_config",
        "arn",
        "ephemeral_storage",
        "snap_start",
        "size",
        "apply_on",
    ),
    *("route", "cidr_block", "gateway_id", "nat_gateway_id", "route_table_id", "subnet_id", "vpc_id", "allocation_id", "ingress", "egress"),
    *(
        "protocol",
        "from_port",
        "cidr_blocks",
        "self",
        "policy",
        "policy_arn",
        "content",
        "inline_policy",
        "secret_id",
        "secret_string",
        "value",
    ),
    *("resource_id", "scalable_dimension", "min_capacity", "max_capacity", "scalable_target_action", "qualifier"),
    *("provisioned_concurrent_executions", "provisioned_poller_config", "service_name", "name", "security_group_id"),
    *("instance", "network_interface", "network_interface_id", "instance_id", "attachment", "source_dest_check", "subnet_mapping"),
    *("public_ipv4_pool", "endpoint_details", "filter", "values", "id"),
}


def test_a_cycle_of_references_ends() -> None:
    one, other_ = block("aws_subnet.a"), block("aws_subnet.b")
    one._given["vpc_id"], other_._given["vpc_id"] = ref(other_, "vpc_id"), ref(one, "vpc_id")
    assert len(things([one, other_])) == 2


def test_each_type_is_asked_once_however_many_functions_there_are() -> None:
    """5,000 functions with their roles, policies and groups: each block's arguments are read a bounded number of times."""

    def blocks(count: int) -> list[Counted]:
        made_blocks: list[Counted] = []
        for i in range(count):
            role = counted(f"aws_iam_role.r[{i}]", name=f"r{i}")
            group = counted(f"aws_security_group.g[{i}]", name=f"g{i}")
            rule = counted(f"aws_vpc_security_group_egress_rule.e[{i}]", security_group_id=ref(group, "id"), ip_protocol="-1")
            policy = counted(f"aws_iam_role_policy.p[{i}]", role=ref(role, "id"), policy=document("s3:*"))
            fn = counted(f"aws_lambda_function.f[{i}]", role=ref(role, "arn"), vpc_config=nested(security_group_ids=[ref(group, "id")]))
            made_blocks += [role, group, rule, policy, fn]
        return made_blocks

    costs = []
    for count in (10, 100):
        asked = blocks(count)
        things(asked)
        costs.append(sum(block.reads for block in asked) / count)
    assert costs[1] <= costs[0] * 1.01


def test_places_are_those_of_the_arguments() -> None:
    subject = block("aws_lambda_function.fn", function_name="a", runtime="python3.13", line=10)
    given = made(Function, subject)
    assert isinstance(given.runtime, Known)
    assert (given.runtime.place, given.place.line) == (Place(".", "aws_lambda_function.fn", "main.tf", 12, 12), 10)


def test_a_role_says_who_may_take_it_and_which_policy_may_not_be_there() -> None:
    trust = encoded({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]})
    subject = block("aws_iam_role.r", name="r", assume_role_policy=trust)
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    sure = block("aws_iam_role_policy_attachment.sure", role=ref(subject, "name"), policy_arn=arn)
    perhaps = block(
        "aws_iam_role_policy_attachment.perhaps", exists=Unknown("var.is_on", subject.place), role=ref(subject, "name"), policy_arn=arn
    )
    for attached, expected in ((sure, None), (perhaps, "var.is_on")):
        given = made(Role, subject, attached)
        assert [policy.exists.expression if policy.exists else None for policy in given.managed] == [expected]
        assert [principal.link.expression for principal in given.trust.statements[0].principals] == ["lambda.amazonaws.com"]

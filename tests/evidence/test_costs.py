"""What it costs a month: the sum, its arithmetic, and what is left out of it because it is not certain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from estates_by_hand import (
    access_point,
    alias,
    association,
    attachment,
    capacity_provider,
    eip,
    estate,
    file_system,
    function,
    inside,
    link,
    nat_gateway,
    on,
    provisioned,
    route,
    route_table,
    scaling,
    store,
    subnet,
    unknown,
)
from serverful.estate.model import Means, Target, Thing
from serverful.evidence import reference
from serverful.evidence.costs.cost import Cost
from serverful.evidence.costs.endpoints import cost_of_detour
from serverful.evidence.costs.executions import cost_of_executions
from serverful.evidence.costs.file_systems import cost_of_files
from serverful.evidence.costs.gateways import cost_of_fixed_address, cost_of_way_out
from serverful.evidence.costs.prices import price_list
from serverful.evidence.costs.proxies import cost_of_proxy
from serverful.scan import scan

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
A = "aws_lambda_function.a"
LIVE = on(f"{A}.arn", "live", alias="aws_lambda_alias.live")


def sums(cost: Cost | None) -> list[str]:
    assert cost is not None
    return [charge.arithmetic for charge in cost.charges]


# --- the way out -------------------------------------------------------------------------------------------------------------------


def behind(nat: Thing, *users: str) -> list[Thing]:
    """Functions whose default route leads to a gateway."""
    to = route("0.0.0.0/0", f"{nat.address}.id", Target.NAT_GATEWAY)
    attached = [function(user, attachment=attachment(subnets=inside("aws_subnet.a.id"))) for user in users]
    table = route_table("aws_route_table.a", to)
    joined = association("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id")
    return [*attached, subnet("aws_subnet.a"), table, joined, nat]


def way_out(nat: Thing, *users: str) -> Cost | None:
    things = behind(nat, *(users or (A,)))
    return cost_of_way_out(things[0], estate(*things))  # type: ignore[arg-type]


def test_a_gateway_is_paid_by_the_hour_with_its_address_and_by_what_passes_it() -> None:
    cost = way_out(nat_gateway("aws_nat_gateway.out", addresses=inside("aws_eip.out.id")))
    assert sums(cost) == ["1 gateway × 730 h × 0.045 USD = 32.85 USD", "1 address × 730 h × 0.005 USD = 3.65 USD"]
    assert cost is not None
    assert cost.usd_a_month == Decimal("36.50")
    assert str(cost) == (
        "at least 36.50 USD a month at list price in us-east-1 (as of 2026-02-01): 32.85 for the NAT gateway aws_nat_gateway.out and 3.65 "
        "for its public address, and 0.045 USD per GB through a NAT gateway on top."
    )


def test_a_gateway_that_many_share_is_paid_once_and_says_so() -> None:
    cost = way_out(nat_gateway("aws_nat_gateway.out"), A, "aws_lambda_function.b", "aws_lambda_function.c")
    assert cost is not None
    assert (cost.usd_a_month, cost.sharing) == (Decimal("36.50"), 3)
    assert str(cost).endswith("on top. It is paid once, by all 3 that share it.")


def test_a_regional_gateway_counts_with_one_zone_and_one_with_more_addresses_with_all_of_them() -> None:
    assert sums(way_out(nat_gateway("aws_nat_gateway.out", availability="regional"))) == [
        "1 gateway × 730 h × 0.045 USD = 32.85 USD",
        "1 address × 730 h × 0.005 USD = 3.65 USD",
    ]
    two = nat_gateway("aws_nat_gateway.out", addresses=inside("aws_eip.a.id", "aws_eip.b.id"))
    assert sums(way_out(two))[1] == "2 addresses × 730 h × 0.005 USD = 7.30 USD"


def test_a_gateway_that_may_not_exist_is_not_counted() -> None:
    assert way_out(nat_gateway("aws_nat_gateway.out", exists=unknown("var.nat"))) is None


def test_who_is_not_attached_pays_for_no_way_out() -> None:
    alone = function(A)
    assert cost_of_way_out(alone, estate(alone)) is None
    provider = capacity_provider("aws_lambda_capacity_provider.a", attachment=attachment(subnets=inside("aws_subnet.b.id")))
    assert cost_of_way_out(provider, estate(provider, subnet("aws_subnet.b"))) is None


def test_a_fixed_address_is_paid_with_its_gateway_once() -> None:
    things = behind(nat_gateway("aws_nat_gateway.out", addresses=inside("aws_eip.out.id")), A)
    address = eip("aws_eip.out")
    cost = cost_of_fixed_address(address, estate(address, *things))
    assert sums(cost) == ["1 gateway × 730 h × 0.045 USD = 32.85 USD", "1 address × 730 h × 0.005 USD = 3.65 USD"]


# --- executions kept ready -----------------------------------------------------------------------------------------------------------


def config(executions: Any = 10, **given: Any) -> Thing:
    return provisioned("aws_lambda_provisioned_concurrency_config.a", callee=LIVE, executions=executions, **given)


def target(low: Any) -> Thing:
    address = "aws_appautoscaling_target.a"
    if low == 0:
        return scaling(address, None, callee=LIVE, means=Means.TARGET, minimum=0, maximum=20)
    return provisioned(address, callee=LIVE, means=Means.TARGET, executions=low, maximum=20)


def schedule(name: str, low: int) -> Thing:
    address = f"aws_appautoscaling_scheduled_action.{name}"
    if low == 0:
        return scaling(address, None, callee=LIVE, means=Means.SCHEDULE, minimum=0, maximum=0)
    return provisioned(address, callee=LIVE, means=Means.SCHEDULE, executions=low, maximum=20)


def kept_ready(*things: Thing, **given: Any) -> Cost | None:
    asked = function(A, **given)
    return cost_of_executions(asked, estate(asked, alias("aws_lambda_alias.live", A), *things))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"memory_mb": 1024}, "10 executions × 1 GB × 730 h × 0.015 USD = 109.50 USD"),
        ({"memory_mb": 1769}, "10 executions × 1.7275390625 GB × 730 h × 0.015 USD = 189.17 USD"),
        ({"memory_mb": 1024, "architecture": "arm64"}, "10 executions × 1 GB × 730 h × 0.012 USD = 87.60 USD"),
        ({}, "10 executions × 0.125 GB × 730 h × 0.015 USD = 13.69 USD"),
        ({"memory_mb": unknown("var.memory")}, "10 executions × 0.125 GB × 730 h × 0.015 USD = 13.69 USD"),
        ({"memory_mb": 1024, "architecture": unknown("var.arch")}, "10 executions × 1 GB × 730 h × 0.012 USD = 87.60 USD"),
    ],
)
def test_executions_are_paid_by_memory_and_architecture_unknown_ones_by_the_least(given: dict[str, Any], expected: str) -> None:
    assert sums(kept_ready(config(), **given)) == [expected]


def test_what_is_scaled_costs_the_least_that_is_always_kept() -> None:
    assert sums(kept_ready(config(10), target(2), memory_mb=1024)) == ["2 executions × 1 GB × 730 h × 0.015 USD = 21.90 USD"]
    assert kept_ready(config(10), target(0)) is None
    assert kept_ready(target(5), schedule("night", 0), schedule("morning", 5)) is None
    assert sums(kept_ready(target(5), schedule("noon", 9), memory_mb=1024)) == ["5 executions × 1 GB × 730 h × 0.015 USD = 54.75 USD"]


@pytest.mark.parametrize(
    "thing",
    [config(unknown("var.executions")), config(exists=unknown("var.warm")), config(is_left_alone=True), config(is_left_alone=unknown("?"))],
    ids=["how many", "whether", "left to somebody", "perhaps left to somebody"],
)
def test_what_is_decided_elsewhere_costs_nothing_for_certain(thing: Thing) -> None:
    assert kept_ready(thing) is None


# --- file systems ----------------------------------------------------------------------------------------------------------------------


def mounted(system: Thing) -> Cost | None:
    asked = function(A, file_system=link("aws_efs_access_point.a.arn"))
    return cost_of_files(asked, estate(asked, access_point("aws_efs_access_point.a", of=system.address), system))


def test_what_is_stored_is_paid_by_use_and_provisioned_throughput_always() -> None:
    assert str(mounted(file_system("aws_efs_file_system.a"))) == "0.30 USD per GB and month at list price in us-east-1 (as of 2026-08-21)."
    cost = mounted(file_system("aws_efs_file_system.a", zone="us-east-1a", provisioned_mibps=20))
    assert sums(cost) == ["20 MiB/s × 6.00 USD = 120.00 USD"]
    assert cost is not None
    assert [part.price.name for part in cost.by_use] == ["efs_one_zone_gb_month"]


def test_a_file_system_of_another_root_costs_the_cheapest_storage_and_s3_files_an_unknown_price() -> None:
    asked = function(A, file_system=link("data.aws_efs_access_point.a.arn", origin="data"))
    assert str(cost_of_files(asked, estate(asked))).startswith("0.16 USD per GB and month, or more, at list price")
    other = file_system("aws_s3files_file_system.a", type="aws_s3files_file_system")
    assert cost_of_files(other, estate(other)) is None  # type: ignore[arg-type]


# --- proxies and endpoints -------------------------------------------------------------------------------------------------------------


def test_a_proxy_is_paid_for_two_vcpus_at_least_and_no_other_store_is_priced() -> None:
    proxy = store("aws_db_proxy.orders")
    assert sums(cost_of_proxy(proxy, estate(proxy))) == ["2 vCPUs × 730 h × 0.015 USD = 21.90 USD"]
    database, perhaps = store("aws_db_instance.orders"), store("aws_db_proxy.orders", exists=unknown("var.proxy"))
    assert cost_of_proxy(database, estate(database)) is None
    assert cost_of_proxy(perhaps, estate(perhaps)) is None


def test_what_passes_a_gateway_is_paid_by_the_gigabyte() -> None:
    table = route_table("aws_route_table.a")
    assert str(cost_of_detour(table, estate(table))).startswith("0.045 USD per GB through the NAT gateway at list price")


def test_a_row_of_interface_endpoints_is_paid_by_the_hour_in_each_zone() -> None:
    run = scan([FIXTURES / "aws_traffic_avoids_nat" / "bad_row_of_endpoints"], today=date(2026, 11, 23), check=["SLS_IP_4"])
    (cost,) = [finding.cost for finding in run.findings if finding.is_failed]
    assert sums(cost) == ["2 zones × 730 h × 0.01 USD = 14.60 USD"] * 3


# --- prices ----------------------------------------------------------------------------------------------------------------------------


def test_every_price_has_a_date_and_a_source_and_the_list_is_as_old_as_its_oldest() -> None:
    prices = price_list().prices.values()
    assert all(isinstance(price.as_of, date) and price.source and price.usd > 0 for price in prices)
    assert reference.read("prices.yaml")["as_of"] == min(price.as_of for price in prices)

"""What the paid ways to AWS APIs cost: interface endpoints by the hour in each zone, NAT gateways by what passes them.

Gateway endpoints are free. A subnet is a zone: an interface endpoint may not have two subnets in one (provider documentation of
aws_vpc_endpoint, 6.55, `subnet_ids`); an unknown list counts as one.
"""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.model import Endpoint, RouteTable
from serverful.evidence.costs.cost import Cost, by_use, cost, hourly
from serverful.evidence.endpoint_row import row_of
from serverful.wording import counted


def cost_of_detour(subject: RouteTable | Endpoint, estate: Estate) -> Cost | None:
    """A row of interface endpoints, by the hour; or what passes a NAT gateway from a route table, which stands there anyway."""
    if isinstance(subject, RouteTable):
        return cost([], [by_use(subject.address, "per GB through the NAT gateway", "nat_gateway_gb")])
    row = row_of(subject, estate)
    if row is None:
        return None
    zones = [(endpoint, max(1, len(endpoint.subnets.items))) for endpoint in row.endpoints]
    charges = [
        hourly(one.address, f"{one.address} in {counted(number, 'zone')}", "interface_endpoint_zone_hour", (number, _zones(number)))
        for one, number in zones
    ]
    used = [by_use(one.address, "per GB through an interface endpoint", "interface_endpoint_gb") for one, _ in zones]
    return cost(charges, used, sharing=len(row.functions))


def _zones(number: int) -> str:
    return "zone" if number == 1 else "zones"

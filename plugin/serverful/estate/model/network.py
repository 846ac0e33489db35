"""VPCs, subnets, routes, and the gateways, addresses and endpoints that they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from serverful.estate.model.thing import Link, Thing
from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc(Thing):
    """`aws_vpc` or `aws_default_vpc` (`is_default`).

    `main_routes` are those that an `aws_route` adds to the VPC's own main table (`route_table_id = aws_vpc.a.main_route_table_id`).
    """

    cidr: Value[str]
    is_default: bool = False
    main_routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet(Thing):
    """`aws_subnet` or `aws_default_subnet` (`is_default`). `cidr` may be Unknown (computed by a function we do not know).

    `zone` is the availability zone's name, or its id (`zone_is_id`): names of one account cannot be compared with ids.
    `ipv6_cidr` is its IPv6 range, stated or taken from the VPC's (then Unknown, named), and None where the subnet states none.
    """

    vpc: Link | None
    zone: Value[str]
    cidr: Value[str]
    is_default: bool = False
    ipv6_cidr: Value[str] | None = None
    zone_is_id: bool = False


class Target(Enum):
    """What a route leads to."""

    NAT_GATEWAY = "NAT gateway"
    INTERNET_GATEWAY = "internet gateway"
    EGRESS_ONLY_GATEWAY = "egress-only internet gateway"
    TRANSIT_GATEWAY = "transit gateway"
    PEERING = "VPC peering connection"
    VPN_GATEWAY = "virtual private gateway"
    NETWORK_INTERFACE = "network interface"  # a NAT instance, or an appliance
    INSTANCE = "instance"
    ENDPOINT = "VPC endpoint"  # gateway load balancer, Network Firewall
    CARRIER_GATEWAY = "carrier gateway"
    LOCAL_GATEWAY = "local gateway"
    CORE_NETWORK = "Cloud WAN core network"
    LOCAL = "local"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Route:
    """One route, inline or `aws_route`. `target` is decided by what the link refers to: `gateway_id` may hold a NAT gateway."""

    place: Place
    address: str  # of the block it stands in: the table, or the aws_route
    destination: Value[str]  # a CIDR (IPv4 or IPv6) or a prefix list's id
    target: Target
    link: Link

    exists: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable(Thing):
    """`aws_route_table` or `aws_default_route_table` (`is_main`). `routes` hold the inline ones and every `aws_route` of it.

    `unseen` names what may add routes we cannot see: an undecided `dynamic "route"`.
    """

    vpc: Link | None
    routes: tuple[Route, ...]
    unseen: tuple[Unknown, ...] = ()
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(Thing):
    """`aws_route_table_association` (`subnet`), or `aws_main_route_table_association` (`vpc`)."""

    table: Link | None
    subnet: Link | None = None
    vpc: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway(Thing):
    """`aws_nat_gateway`, zonal or regional. `addresses` are its elastic IPs (`allocation_id`, secondary ones, zone addresses)."""

    connectivity: Value[str]  # "public", "private"
    availability: Value[str]  # "zonal", "regional"
    subnet: Link | None
    vpc: Link | None
    addresses: Listing[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Thing):
    """`aws_eip`.

    `holder` is what it is put on, by argument or `aws_eip_association`: an instance, a network interface (also one that a data source
    finds), a load balancer. A NAT gateway names its addresses itself. `pool` is where it is taken from, when that is a range of the
    owner's own: an address pool, an IPAM pool, one certain address.
    """

    holder: Link | None = None
    pool: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressAssociation(Thing):
    """`aws_eip_association`. Where `allocation` leads to an `aws_eip` of this root, that one knows its holder as well."""

    allocation: Link | None
    holder: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(Thing):
    """Any other way out that routes point to: internet, egress-only, transit, VPN, carrier gateways, peerings."""

    target: Target
    vpc: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Thing):
    """`aws_vpc_endpoint`. `service` is the last part of the name where known (`s3`, `dynamodb`, `execute-api`)."""

    service: Value[str]
    kind: Value[str]  # "Gateway", "Interface", ...
    vpc: Link | None
    route_tables: Listing[Link]
    subnets: Listing[Link]
    security_groups: Listing[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatticeAssociation(Thing):
    """`aws_vpclattice_service_network_vpc_association`: lets what stands in a VPC call the services of a VPC Lattice service network."""

    vpc: Link | None
    security_groups: Listing[Link]

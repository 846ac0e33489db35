"""The things of an estate: plain frozen data, no Terraform syntax, no Checkov.

Every thing knows its address and place. Arguments are `Value`s (known or unknown, with a name), lists are `Listing`s, and what
refers to another thing is a `Link`. Policies and questions see these and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value


@dataclass(frozen=True, slots=True)
class Link:
    """Something that names another thing.

    `target` is the address of a block in this root (`module.net.aws_subnet.a[0]`), or None for something outside it: a variable without
    a value, a data source, a literal id. `attribute` is what is taken of the target (`id`, `arn`, `endpoint`), `expression` how it is
    written, `origin` one of "resource", "data", "module" (a call that is not loaded), "literal".
    A data source has its own address as target and origin "data".
    """

    target: str | None
    expression: str
    place: Place
    attribute: str = ""
    origin: str = "resource"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as written, without its marker (`#`, `//`, `/* */`)."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of one block. `unknown` names what may add more: `var.tags`. Provider `default_tags` are not among them."""

    known: dict[str, Value[str]] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What every block of interest has.

    `exists` is Known(True), or Unknown where `count`/`for_each` is decided outside (what is known not to exist is not in the estate).
    `comments` are those inside the block, directly above it, and of the module calls it is made through; `calls` are these calls'
    places, innermost first.
    """

    address: str
    type: str
    place: Place
    exists: Value[bool]
    tags: Tags = field(default_factory=Tags)
    comments: tuple[Comment, ...] = ()
    calls: tuple[Place, ...] = ()


# --- the function -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attachment:
    """A `vpc_config` that is in force. `subnets` and `security_groups` are never both known to be empty (that is no attachment)."""

    place: Place
    subnets: Listing[Link]
    security_groups: Listing[Link]
    ipv6_allowed: Value[bool]


@dataclass(frozen=True, slots=True)
class EnvironmentVariable:
    """One entry of `environment.variables`.

    `text` is the value where all of it is known; `links` are the blocks of this root that it refers to (also inside templates, also when
    `text` is unknown), with the attribute that is taken.
    """

    name: str
    text: Value[str]
    links: tuple[Link, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Environment:
    """`environment.variables`. `unknown` names whole maps or entries whose keys cannot be seen."""

    variables: tuple[EnvironmentVariable, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Thing):
    """`aws_lambda_function`. `attachment` is Known(None) without VPC, Known(Attachment), or Unknown: a `dynamic` block decided outside.

    `snap_start` says whether its published versions start from snapshots.
    """

    name: Value[str]
    package_type: Value[str]
    runtime: Value[str | None]
    handler: Value[str | None]
    attachment: Value[Attachment | None]
    environment: Environment
    role: Link | None
    layers: Listing[Link]
    file_system: Value[Link | None]
    capacity_provider: Value[Link | None]
    ephemeral_storage_mb: Value[int]
    snap_start: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityProvider(Thing):
    """`aws_lambda_capacity_provider`: instances in the customer's VPC that functions run on. The network is the provider's, not theirs."""

    attachment: Value[Attachment | None]


Attached = Function | CapacityProvider
"""What may stand in subnets, with security groups of its own."""


# --- who calls --------------------------------------------------------------------------------------------------------------------


class Qualified(Enum):
    """Which of a function's versions is meant."""

    LATEST = "$LATEST"  # the function without a qualifier
    ALIAS = "alias"
    VERSION = "version"
    UNKNOWN = "unknown"  # the qualifier is decided elsewhere, so it may be any


@dataclass(frozen=True, slots=True)
class Callee:
    """A function as somebody names it: by name, ARN, qualified ARN, `invoke_arn`, reference or a string built of these.

    `function` leads to the function where it is in this root; `expression` is how it is written. `qualified` says which version is meant,
    and `qualifier` its name where that is known: `live`, `3`; "" for the version a function publishes (`aws_lambda_function.a.version`).
    `alias` is the address of the `aws_lambda_alias` meant, where that is in this root, else "".
    `unknown` names what decides which function is meant: with `function`, it may be that one; without, any (its `mentions` are those that
    it speaks of). Without either, it certainly is a function outside this root.
    """

    function: Link | None
    expression: str
    qualified: Qualified = Qualified.LATEST
    qualifier: str = ""
    alias: str = ""
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Thing):
    """`aws_lambda_alias`. `version` is the version it points to: a number, or "" for the one its function publishes."""

    name: Value[str]
    callee: Callee
    version: Value[str]


class Style(Enum):
    """How a caller calls (AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services")."""

    SYNCHRONOUS = "synchronous"  # somebody waits for the answer
    ASYNCHRONOUS = "asynchronous"  # an event is handed over, nobody waits
    POLLED = "polled"  # an event source mapping reads a queue or stream, nobody waits
    EITHER = "either"  # the caller chooses with each call (the Invoke API, EventBridge Pipes), and cannot be seen choosing


@dataclass(frozen=True, slots=True)
class Invocation:
    """One way in which something calls a function.

    `by` is the address of the block that says so, `service` what people call the caller ("API Gateway", "SQS"). `source` is what the event
    comes from, where it is named: the queue, cluster, bucket, load balancer. `is_permission` says that the caller is only permitted
    (`aws_lambda_permission`) and stands elsewhere. `subnets` and `security_groups` are those of an event source mapping that brings its own
    (self-managed Kafka).
    """

    by: str
    service: str
    style: Style
    callee: Callee
    place: Place
    exists: Value[bool]
    source: Link | None = None
    is_permission: bool = False
    subnets: Listing[Link] = field(default_factory=Listing)
    security_groups: Listing[Link] = field(default_factory=Listing)


# --- capacity ---------------------------------------------------------------------------------------------------------------------


class Means(Enum):
    """Which kind of block provisions concurrency, or changes how much of it there is."""

    CONFIG = "configuration"  # aws_lambda_provisioned_concurrency_config
    TARGET = "scaling target"  # aws_appautoscaling_target
    SCHEDULE = "schedule"  # aws_appautoscaling_scheduled_action
    POLICY = "scaling policy"  # aws_appautoscaling_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned(Thing):
    """Provisioned concurrency on an alias or version: by a configuration, a scaling target or a schedule with a minimum above 0.

    `executions` is how many it keeps ready at least: of a configuration always some, of a target or schedule perhaps none where that is
    Unknown. `maximum` is how many scaling may make of them, Known(None) where the block states none. `is_left_alone` says that Terraform
    ignores changes of these numbers (`lifecycle`): somebody else makes them.
    """

    means: Means
    callee: Callee
    executions: Value[int]
    maximum: Value[int | None]
    is_left_alone: bool = False

    @property
    def function(self) -> Link | None:
        return self.callee.function


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling(Thing):
    """What changes provisioned concurrency and keeps none ready by itself: a policy, a target from 0, a schedule that does not raise it.

    `minimum` and `maximum` are the bounds that it sets, Known(None) where it sets none; a policy sets none.
    """

    means: Means
    callee: Callee
    minimum: Value[int | None]
    maximum: Value[int | None]

    @property
    def function(self) -> Link | None:
        return self.callee.function


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller(Thing):
    """An event source mapping with `provisioned_poller_config`."""

    function: Link | None
    minimum: Value[int]


# --- the network ------------------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetQuery(Thing):
    """`data.aws_subnets`, `data.aws_subnet_ids` or, `is_one`, `data.aws_subnet`: subnets from outside this root, and what was asked for.

    `vpc` is the VPC they were asked of, `zone` the availability zone where one is asked for (`zone_is_id` as for a subnet). `narrowed_by`
    names whatever else leaves subnets out: filters, tags, an id. `default_only` says that default subnets were asked for. `unknown` names
    conditions that are decided elsewhere.
    """

    vpc: Link | None
    zone: Value[str] | None = None
    zone_is_id: bool = False
    narrowed_by: tuple[str, ...] = ()
    default_only: Value[bool]
    unknown: tuple[Unknown, ...] = ()
    is_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcQuery(Thing):
    """`data.aws_vpc`: a VPC from outside this root. `is_default` says whether the default VPC was asked for."""

    is_default: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuery(Thing):
    """`data.aws_security_group`: a group from outside this root. `name` is the name that was asked for; None where none was."""

    name: Value[str | None]


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


@dataclass(frozen=True, slots=True)
class Filter:
    """One `filter` of a data source. `links` are the blocks of this root that its values refer to."""

    name: Value[str]
    values: Listing[str]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceLookup(Thing):
    """`data.aws_network_interface`, `data.aws_network_interfaces`: interfaces that somebody else has made.

    `found_by` is the lookup that its `id` is taken from.
    """

    filters: tuple[Filter, ...] = ()
    found_by: Link | None = None


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


@dataclass(frozen=True, slots=True)
class Rule:
    """One security group rule of any generation. Ports are None when all (`protocol` "-1").

    `peers` are groups named as source (ingress) or destination (egress); `is_self` says the group itself is one.
    """

    place: Place
    address: str
    direction: str  # "ingress" or "egress"
    protocol: Value[str]
    from_port: Value[int | None]
    to_port: Value[int | None]
    cidrs: Listing[str]
    cidr_links: tuple[Link, ...]  # `aws_subnet.a.cidr_block`, `aws_vpc.main.cidr_block` behind the cidrs
    prefix_lists: Listing[Link]
    peers: Listing[Link]
    is_self: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup(Thing):
    """`aws_security_group` or `aws_default_security_group` (`is_default`), with the rules of all generations.

    `unseen` names what may add rules we cannot see.
    """

    name: Value[str]
    vpc: Link | None
    rules: tuple[Rule, ...]
    unseen: tuple[Unknown, ...] = ()
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRule(Thing):
    """A rule that a block of this root adds to a security group outside it: `security_group_id = data.aws_security_group.rds.id`.

    Outside is also a group that a service makes for its own resource, an EKS cluster's: then `group` leads to that resource.
    """

    group: Link
    rule: Rule


# --- private things a function may reach ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Store(Thing):
    """Anything that is reached through a network: a database, cache, broker, file system, proxy, internal load balancer, instance.

    `kind` is a plain noun ("relational database", "cache", "file system", "broker", "search domain", "warehouse", "load balancer",
    "instance", "container service", "private zone"). `ports` are its listeners where known or defaulted. `secrets` are the secrets that
    belong to it. `parent` links a part to its whole (mount target -> file system, cluster instance -> cluster, proxy target -> ...).
    `is_in_vpc` is Known(False) for a search domain without `vpc_options`, an internet-facing load balancer, a public database.
    `names` are the DNS names stated for it: those of a private zone and of the records in it. `is_forwarding` tells of an instance or
    interface whether it passes on what is not addressed to it, as a NAT instance does; `interfaces` are those of an instance.
    """

    kind: str
    security_groups: Listing[Link]
    subnets: Listing[Link]
    vpc: Link | None
    ports: tuple[int, ...]
    is_in_vpc: Value[bool]
    parent: Link | None = None
    secrets: tuple[Link, ...] = ()
    names: tuple[str, ...] = ()
    is_forwarding: Value[bool] | None = None
    interfaces: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(Thing):
    """A secret or parameter that holds an address or a login: `holds` are the things of this root its value refers to."""

    holds: tuple[Link, ...]


# --- identity ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a statement; operator and key as written."""

    operator: str
    key: str
    values: Listing[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document. `resources` hold links for references and literal ARNs (origin "literal")."""

    place: Place
    effect: Value[str]
    actions: Listing[str]
    not_actions: Listing[str]
    resources: Listing[Link]
    conditions: tuple[Condition, ...] = ()
    conditions_unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """An AWS managed policy attached to a role, by its name: `AWSLambdaVPCAccessExecutionRole`."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document: the statements we can read and the parts we cannot. `managed` are policies of AWS's that it copies."""

    statements: tuple[Statement, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    managed: tuple[ManagedPolicy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Thing):
    """`aws_iam_role` with everything attached to it in this root: inline, attached, managed.

    `unknown` names policies that come from outside and whose actions cannot be seen.
    """

    name: Value[str]
    documents: tuple[Document, ...]
    managed: tuple[ManagedPolicy, ...]
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail(Thing):
    """An organisation policy or permission boundary whose conditions demand a VPC for functions (E4)."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCall(Thing):
    """A `module` block whose source is not here: what it makes is unknown. `inputs` are the argument names.

    `links` are the things that its arguments refer to: a module that is given a security group may add rules to it. `lists` are its
    arguments that are lists of known length, item by item. `switches` are its arguments that are certainly true or false.
    """

    source: str
    inputs: tuple[str, ...]
    links: tuple[Link, ...] = ()
    lists: Mapping[str, tuple[Value[str], ...]] = field(default_factory=dict)
    switches: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Output:
    """An output of the root module: what it tells people and other roots. Outputs of modules are none: they are means of passing on.

    `links` are the blocks of this root that its value refers to, wherever in it.
    """

    name: str
    description: str
    links: tuple[Link, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Thing):
    """A block of this root that is none of the above, kept so that links to it have a type and a place.

    `security_groups` are those that it wears, by an argument of one of the usual names.
    """

    security_groups: Listing[Link] = field(default_factory=Listing)

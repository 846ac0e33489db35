"""Private things a function may reach: databases, caches, brokers, file systems, balancers, instances, private zones.

One builder for all of them; what differs stands in `shapes.py`, and what does not fit a table in the few functions below.
"""

from __future__ import annotations

from dataclasses import replace

from serverful.estate.model import AccessPoint, DataStore, FilePolicy, FileSystem, Link, SearchDomain, Store, Thing
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, references
from serverful.estate.read.things import databases
from serverful.estate.read.things.heading import heading, other
from serverful.estate.read.things.implied import VPCS
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.logins import LOGINS, login
from serverful.estate.read.things.parts import parts_of
from serverful.estate.read.things.secret_links import secrets_behind
from serverful.estate.read.things.security_groups import GROUPS
from serverful.estate.read.things.shapes import ACCESS_POINTS, PORTS_BY_ENGINE, SHAPES, Shape
from serverful.estate.read.things.vpc import SUBNETS
from serverful.estate.value import Basis, Known, Listing, Unknown, Value


def store(block: Block, index: Index) -> Thing:
    """The store that a block makes. A public zone is none."""
    shape = SHAPES[block.type]
    made = Store(
        **heading(block),
        kind=shape.kind,
        security_groups=_links(block, shape.groups, GROUPS, index),
        subnets=_subnets(block, shape, index),
        vpc=_vpc(block, shape, index),
        ports=_ports(block, shape),
        is_in_vpc=_is_in_vpc(block, shape),
        parent=_parent(block, shape, index),
        secrets=_secrets(block, shape),
    )
    special = _SPECIAL.get(block.type)
    whole = special(made, block, index) if special else made
    if block.type in LOGINS and isinstance(whole, Store) and not isinstance(whole, DataStore):
        return DataStore(**parts_of(whole), login=login(whole, block, index))
    return whole


def _at(block: Block, dotted: str) -> tuple[list[tuple[Block, str]], list[Unknown]]:
    """Where an argument stands: the blocks that hold it, and names for those that may."""
    head, _, rest = dotted.partition(".")
    if not rest:
        return [(block, dotted)], []
    nested = block.blocks(head)
    found: list[tuple[Block, str]] = []
    missing = [convert.unknown(part, block.at(head)) for part in nested.undecided]
    for inner in nested.blocks:
        holders, unknown = _at(inner, rest)
        found += holders
        missing += unknown
    return found, missing


def _links(block: Block, names: tuple[str, ...], types: tuple[str, ...], index: Index) -> Listing[Link]:
    found: list[Link] = []
    missing: list[Unknown] = []
    for name in names:
        holders, unknown = _at(block, name)
        missing += unknown
        for holder, argument in holders:
            listing = index.links(holder, argument, *types)
            found += listing.items
            missing += listing.unknown
    return Listing(tuple(found), tuple(missing))


def _subnets(block: Block, shape: Shape, index: Index) -> Listing[Link]:
    own = _links(block, shape.subnets, SUBNETS, index)
    if shape.subnet_group is None:
        return own
    argument, type_ = shape.subnet_group
    link = index.link(block, argument, type_)
    if link is None:
        return own
    group = index.blocks.get(link.target or "")
    if group is None and link.origin == "literal":
        named = index.named(type_, link.expression)
        group = named[0] if len(named) == 1 else None
    if group is None or group.mode != "managed" or not group.has("subnet_ids"):
        missing = Unknown(link.expression, link.place, (link.target,) if link.target else ())
        return Listing(own.items, (*own.unknown, missing))
    of_group = index.links(group, "subnet_ids", *SUBNETS)
    return Listing((*own.items, *of_group.items), (*own.unknown, *of_group.unknown))


def _vpc(block: Block, shape: Shape, index: Index) -> Link | None:
    if not shape.vpc:
        return None
    holders, _ = _at(block, shape.vpc)
    links = (index.link(holder, argument, *VPCS) for holder, argument in holders)
    return next((link for link in links if link is not None), None)


def _ports(block: Block, shape: Shape) -> tuple[int, ...]:
    if block.term(shape.port) != NULL:
        port = convert.number(block, shape.port)
        return (port.value,) if isinstance(port, Known) else ()
    if not shape.engine:
        return shape.ports
    engine = convert.optional_text(block, shape.engine)
    name = (engine.value or "").lower() if isinstance(engine, Known) else ""
    if name and block.type == "aws_elasticache_serverless_cache" and "memcached" not in name:
        return (6379, 6380)  # its reader endpoint has a port of its own (Amazon ElastiCache User Guide)
    return next((ports for word, ports in PORTS_BY_ENGINE if word in name), ())


def _is_in_vpc(block: Block, shape: Shape) -> Value[bool]:
    if shape.outside:
        return _not(convert.flag(block, shape.outside, False))
    if shape.inside:
        return convert.flag(block, shape.inside, False)
    if shape.inside_block:
        nested = block.blocks(shape.inside_block)
        if nested.undecided and not nested.blocks:
            return convert.unknown(nested.undecided[0], block.at(shape.inside_block))
        return Known(bool(nested.blocks), block.at(shape.inside_block), Basis.STATED if nested.blocks else Basis.DEFAULTED)
    return Known(True, block.place, Basis.DEFAULTED)


def _not(value: Value[bool]) -> Value[bool]:
    return replace(value, value=not value.value) if isinstance(value, Known) else value


def _parent(block: Block, shape: Shape, index: Index) -> Link | None:
    if shape.parent is None:
        return None
    argument, type_, naming = shape.parent
    return named_link(block, argument, type_, naming, index)


def named_link(block: Block, argument: str, type_: str, naming: str, index: Index) -> Link | None:
    """A link to a block of a type: by reference first, by its literal name second."""
    link = index.link(block, argument, type_)
    if link is None or link.origin != "literal" or link.target is not None or not naming:
        return link
    own = index.named(type_, link.expression, naming)
    return replace(link, target=own[0].address, origin="resource") if len(own) == 1 else link


def _secrets(block: Block, shape: Shape) -> tuple[Link, ...]:
    """The secrets its login is taken from, and the one that the service keeps for it."""
    found: dict[str | None, Link] = {}
    for name in shape.secrets:
        for holder, argument in _at(block, name)[0]:
            for link in secrets_behind(holder.term(argument), holder.at(argument)):
                found.setdefault(link.target, link)
    if block.has("manage_master_user_password"):
        managed = convert.flag(block, "manage_master_user_password", False)
        if isinstance(managed, Known) and managed.value:
            expression = f"{block.address}.master_user_secret"
            found[expression] = Link(block.address, expression, managed.place, "master_user_secret")
    return tuple(found.values())


# --- what does not fit the table --------------------------------------------------------------------------------------------------


def _cluster(made: Store, block: Block, index: Index) -> Store:
    """A cluster is public when all its instances are: `publicly_accessible` stands on them."""
    instances = index.children(block.address, (block.type,), f"{block.type}_instance", "cluster_identifier").sure
    public = [convert.flag(instance, "publicly_accessible", False) for instance in instances]
    if not public or any(isinstance(flag, Known) and not flag.value for flag in public):
        return made
    return replace(made, is_in_vpc=next((flag for flag in public if isinstance(flag, Unknown)), _not(public[0])))


def _database_cluster(made: Store, block: Block, index: Index) -> Store:
    return databases.cluster(_cluster(made, block, index), block, index)


def _database_instance(made: Store, block: Block, index: Index) -> Store:
    return databases.instance(made, block, index)


def _msk(made: Store, block: Block, index: Index) -> Store:  # noqa: ARG001
    holders, _ = _at(block, "broker_node_group_info.connectivity_info.public_access.type")
    for holder, argument in holders:
        access = convert.text(holder, argument, "DISABLED")
        if isinstance(access, Unknown):
            return replace(made, is_in_vpc=access)
        if access.value == "SERVICE_PROVIDED_EIPS":
            return replace(made, is_in_vpc=Known(False, access.place))
    return made


_DATABASES = (
    ("db_cluster_identifier", "aws_rds_cluster", "cluster_identifier"),
    ("db_instance_identifier", "aws_db_instance", "identifier"),
)


def _target_database(target: Block, index: Index) -> Link | None:
    links = (named_link(target, argument, type_, naming, index) for argument, type_, naming in _DATABASES)
    return next((link for link in links if link is not None), None)


def _proxy_target(made: Store, block: Block, index: Index) -> Store:
    return replace(made, parent=_target_database(block, index))


def _proxy(made: Store, block: Block, index: Index) -> Store:
    """A proxy's whole is the database behind it, which its target names."""
    name = convert.text(block, "name")
    known_name = name.value if isinstance(name, Known) else None
    targets = index.children(block.address, (block.type,), "aws_db_proxy_target", "db_proxy_name", known_name).sure
    links = (_target_database(target, index) for target in targets)
    return replace(made, parent=next((link for link in links if link is not None), None))


def _load_balancer(made: Store, block: Block, index: Index) -> Store:
    """The ports of a balancer are those of its listeners."""
    types = ("aws_lb", "aws_alb")
    listeners = [
        listener
        for type_ in ("aws_lb_listener", "aws_alb_listener")
        for listener in index.children(block.address, types, type_, "load_balancer_arn").sure
    ]
    ports = [convert.optional_number(listener, "port") for listener in listeners]
    return replace(made, ports=_distinct(ports))


def _classic_load_balancer(made: Store, block: Block, index: Index) -> Store:  # noqa: ARG001
    return replace(made, ports=_distinct([convert.optional_number(listener, "lb_port") for listener in block.blocks("listener").blocks]))


def _distinct(ports: list[Value[int | None]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(port.value for port in ports if isinstance(port, Known) and port.value is not None))


_INSTANCES = ("aws_instance", "aws_spot_instance_request")
_INTERFACE = ("aws_network_interface",)


def _instance(made: Store, block: Block, index: Index) -> Store:
    """Its interfaces: those it names, and those that name it."""
    links = [
        index.link(nested, "network_interface_id", *_INTERFACE)
        for name in ("network_interface", "primary_network_interface")
        for nested in block.blocks(name).blocks
    ]
    attached = index.children(block.address, _INSTANCES, "aws_network_interface_attachment", "instance_id").sure
    links += [index.link(child, "network_interface_id", *_INTERFACE) for child in attached]
    links += index.remembered("interfaces attached to instances", lambda: _attached_interfaces(index)).get(block.address, ())
    return replace(made, is_forwarding=_is_forwarding(block), interfaces=tuple(link for link in links if link is not None))


def _network_interface(made: Store, block: Block, index: Index) -> Store:  # noqa: ARG001
    return replace(made, is_forwarding=_is_forwarding(block))


def _is_forwarding(block: Block) -> Value[bool]:
    """Unless told, EC2 drops what is not addressed to an instance (provider docs of aws_instance: `source_dest_check` defaults to true)."""
    return _not(convert.flag(block, "source_dest_check", True))


def _attached_interfaces(index: Index) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for interface in index.of_type(*_INTERFACE):
        for nested in interface.blocks("attachment").blocks:
            link = index.link(nested, "instance", *_INSTANCES)
            if link is not None and link.target is not None:
                found.setdefault(link.target, []).append(Link(interface.address, interface.address, nested.at("instance"), "id"))
    return found


def _autoscaling_group(made: Store, block: Block, index: Index) -> Store:
    """Its instances come from a launch template or configuration, which holds their groups."""
    holders = [*_at(block, "launch_template.id")[0], *_at(block, "launch_template.name")[0], (block, "launch_configuration")]
    links = (index.link(holder, argument, "aws_launch_template", "aws_launch_configuration") for holder, argument in holders)
    return replace(made, parent=next((link for link in links if link is not None), None))


def _zone(made: Store, block: Block, index: Index) -> Thing:
    """A private zone is one with a VPC, in its block or by an association; its names are those of the zone and of its records."""
    associations = index.children(block.address, (block.type,), "aws_route53_zone_association", "zone_id").sure
    if associations:
        vpc = made.vpc or next((link for link in (index.link(a, "vpc_id", *VPCS) for a in associations) if link), None)
        made = replace(made, vpc=vpc, is_in_vpc=Known(True, associations[0].place))
    if isinstance(made.is_in_vpc, Known) and not made.is_in_vpc.value:
        return other(block)
    zone = _name_of(block)
    names = [zone] if zone else []
    for record in index.children(block.address, (block.type,), "aws_route53_record", "zone_id").sure:
        name = _name_of(record)
        if name:
            names.append(name if not zone or name == zone or name.endswith(f".{zone}") else f"{name}.{zone}")
    return replace(made, names=tuple(dict.fromkeys(names)))


def _namespace(made: Store, block: Block, index: Index) -> Store:
    """The names of a namespace are those of its services."""
    zone = _name_of(block)
    services = index.remembered("services of namespaces", lambda: _services(index)).get(block.address, ())
    names = [zone, *(f"{name}.{zone}" for service in services if (name := _name_of(service)))] if zone else []
    return replace(made, names=tuple(dict.fromkeys(names)))


def _services(index: Index) -> dict[str, list[Block]]:
    services: dict[str, list[Block]] = {}
    for service in index.of_type("aws_service_discovery_service"):
        terms = [service.term("namespace_id"), *(nested.term("namespace_id") for nested in service.blocks("dns_config").blocks)]
        for address in dict.fromkeys(ref.block.address for term in terms for ref in references(term)):
            services.setdefault(address, []).append(service)
    return services


def _name_of(block: Block) -> str:
    name = convert.optional_text(block, "name")
    return (name.value or "").rstrip(".").lower() if isinstance(name, Known) else ""


def _file_system(made: Store, block: Block, index: Index) -> Store:
    """With the policies that name it, by its id or ARN."""
    children = index.children(block.address, (block.type,), f"{block.type}_policy", "file_system_id")
    policies = [FilePolicy(child.address, child.place, index.documents.of(child, "policy"), child.exists) for child in children.sure]
    return FileSystem(
        **parts_of(made),
        zone=convert.optional_text(block, "availability_zone_name"),
        provisioned_mibps=convert.optional_number(block, "provisioned_throughput_in_mibps"),
        policies=tuple(policies),
        unknown=tuple(why for _, why in children.possible),
    )


def _access_point(made: Store, block: Block, index: Index) -> Store:  # noqa: ARG001
    """The root of a file system unless told (provider documentation: `root_directory.path`)."""
    directory: Value[str] = Known("/", block.place, Basis.DEFAULTED)
    nested = block.blocks("root_directory")
    if nested.blocks:
        directory = convert.text(nested.blocks[0], "path", "/")
    elif nested.undecided:
        directory = convert.unknown(nested.undecided[0], block.at("root_directory"))
    return AccessPoint(**parts_of(made), directory=directory)


def _search_domain(made: Store, block: Block, index: Index) -> Store:  # noqa: ARG001
    """A domain that may hold its own policy (`resource_policies.py`), and may ask for a user whatever that says."""
    name = "advanced_security_options"
    nested = block.blocks(name)
    asks: Value[bool] = Known(False, block.place, Basis.DEFAULTED)
    if nested.blocks:
        asks = convert.flag(nested.blocks[0], "enabled", False)
    elif nested.undecided:
        asks = convert.unknown(nested.undecided[0], block.at(name))
    return SearchDomain(**parts_of(made), asks_users=asks)


_SPECIAL = {
    "aws_db_instance": _database_instance,
    "aws_rds_cluster": _database_cluster,
    "aws_neptune_cluster": _cluster,
    "aws_msk_cluster": _msk,
    "aws_db_proxy": _proxy,
    "aws_db_proxy_target": _proxy_target,
    "aws_lb": _load_balancer,
    "aws_alb": _load_balancer,
    "aws_elb": _classic_load_balancer,
    "aws_instance": _instance,
    "aws_spot_instance_request": _instance,
    "aws_network_interface": _network_interface,
    **dict.fromkeys(("aws_efs_file_system", "aws_s3files_file_system"), _file_system),
    **dict.fromkeys(ACCESS_POINTS, _access_point),
    **dict.fromkeys(("aws_opensearch_domain", "aws_elasticsearch_domain"), _search_domain),
    "aws_autoscaling_group": _autoscaling_group,
    "aws_route53_zone": _zone,
    "aws_service_discovery_private_dns_namespace": _namespace,
}

"""Small builders for unit tests: the things of an estate with defaults that are true of a plain configuration.

Every builder takes an address and, by name, whatever differs from the default; plain values are wrapped as `Known` and plain lists as
complete `Listing`s where the model wants them, so a test says only what it is about:

    vpc_function = function("aws_lambda_function.a", attachment=attachment(subnets=inside("aws_subnet.a.id")))
    estate(vpc_function, subnet("aws_subnet.a"), today=date(2026, 1, 15))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from serverful.estate.estate import Estate
from serverful.estate.model import (
    AccessPoint,
    Address,
    AddressAssociation,
    Alias,
    Association,
    Attachment,
    Build,
    Callee,
    CapacityProvider,
    Comment,
    Document,
    Endpoint,
    Environment,
    EnvironmentVariable,
    EventInvokeConfig,
    FileSystem,
    FileUse,
    FileUser,
    Filter,
    Function,
    Gateway,
    GroupQuery,
    Image,
    ImageRepository,
    InterfaceLookup,
    Invocation,
    LayerQuery,
    LayerVersion,
    Link,
    Means,
    ModuleCall,
    NatGateway,
    Other,
    Output,
    Poller,
    Provisioned,
    Qualified,
    Queue,
    Role,
    Route,
    RouteTable,
    Rule,
    RuntimeUpdates,
    Scaling,
    Secret,
    SecurityGroup,
    Source,
    Statement,
    Store,
    Style,
    Subnet,
    SubnetQuery,
    Tags,
    Target,
    Thing,
    Vpc,
    VpcQuery,
)
from serverful.estate.place import Place
from serverful.estate.settings import Settings
from serverful.estate.value import Basis, Known, Listing, Unknown, Value

TODAY = date(2026, 1, 15)
HERE = Place(root=".", address="", file="main.tf", line=1, end_line=1)

T = TypeVar("T")


# --- words ------------------------------------------------------------------------------------------------------------------------


def place(address: str, file: str = "main.tf", line: int = 1, *, end_line: int | None = None, root: str = ".") -> Place:
    """Where a block stands; ten lines long unless told."""
    return Place(root=root, address=address, file=file, line=line, end_line=end_line if end_line is not None else line + 9)


def known(value: T, at: Place = HERE, basis: Basis = Basis.STATED) -> Known[T]:
    return Known(value, at, basis)


def unknown(expression: str, at: Place = HERE, mentions: Sequence[str] = (), names: Sequence[str] = ()) -> Unknown:
    return Unknown(expression, at, tuple(mentions), tuple(names))


def link(expression: str, at: Place = HERE, *, target: str | None = None, attribute: str | None = None, origin: str | None = None) -> Link:
    """`aws_subnet.a.id` -> a link to the block `aws_subnet.a`, attribute `id`.

    What begins with `var.` leads outside; `data.…` to the data source; what is no reference (an ARN, an id) is a literal.
    """
    if origin is None:
        if expression.startswith(("arn:", "subnet-", "sg-", "vpc-")) or "." not in expression:
            origin = "literal"
        elif expression.startswith("data."):
            origin = "data"
        else:
            origin = "resource"
    is_outside = origin == "literal" or expression.startswith(("var.", "local."))
    if target is None and not is_outside:
        target = expression.rpartition(".")[0]
    if attribute is None:
        attribute = "" if is_outside else expression.rpartition(".")[2]
    return Link(target=target, expression=expression, place=at, attribute=attribute, origin=origin)


def inside(*expressions: str, at: Place = HERE) -> Listing[Link]:
    """A complete listing of links: `inside("aws_subnet.a.id", "aws_subnet.b.id")`."""
    return Listing(tuple(link(expression, at) for expression in expressions))


def outside(*expressions: str, at: Place = HERE) -> Listing[Link]:
    """A listing of which nothing is known but its names: `outside("var.subnet_ids")`."""
    return Listing((), tuple(unknown(expression, at) for expression in expressions))


def listing(*items: T, unknown: Iterable[Unknown] = ()) -> Listing[T]:
    return Listing(tuple(items), tuple(unknown))


def tags(entries: dict[str, str | Value[str]] | None = None, *, unknown: Iterable[Unknown] = (), at: Place = HERE) -> Tags:
    return Tags({key: _value(value, at) for key, value in (entries or {}).items()}, tuple(unknown))


def comment(text: str, at: Place = HERE) -> Comment:
    return Comment(text, at)


def estate(
    *things: Thing,
    today: date = TODAY,
    root: str = ".",
    is_child: bool = False,
    evaluated: bool = True,
    invocations: Iterable[Invocation] = (),
    outputs: Iterable[Output] = (),
    settings: Settings | None = None,
    **given: Any,
) -> Estate:
    """The estate of these things, in the order of their addresses as the reader gives them."""
    ordered = sorted(things, key=lambda thing: thing.address)
    return Estate(
        root=root,
        things={thing.address: thing for thing in ordered},
        today=today,
        is_child=is_child,
        evaluated=evaluated,
        invocations=tuple(invocations),
        outputs=tuple(outputs),
        settings=settings or Settings(),
        **given,
    )


def output(name: str, *of: str, description: str = "") -> Output:
    """`output("egress_ip", "aws_eip.nat.public_ip")`."""
    at = place(f"output.{name}")
    return Output(name, description, tuple(link(expression, at) for expression in of), at)


def _value(value: Any, at: Place) -> Any:
    return value if isinstance(value, Known | Unknown) else Known(value, at)


def _thing(address: str, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments that every thing has; `file`, `line` and `root` may be given instead of a place."""
    at = given.pop("place", None) or place(address, given.pop("file", "main.tf"), given.pop("line", 1), root=given.pop("root", "."))
    words = re.sub(r"\[[^\]]*\]", "", address).split(".")
    given_tags = given.pop("tags", Tags())
    return {
        "address": address,
        "type": given.pop("type", words[-2] if len(words) > 1 else "module"),
        "place": at,
        "exists": _value(given.pop("exists", True), at),
        "tags": given_tags if isinstance(given_tags, Tags) else tags(given_tags, at=at),
        "comments": tuple(c if isinstance(c, Comment) else Comment(c, at) for c in given.pop("comments", ())),
        "calls": tuple(given.pop("calls", ())),
    }


def _make(thing: type[T], address: str, given: dict[str, Any], /, *, values: Sequence[str] = (), **defaults: Any) -> T:
    common = _thing(address, given)
    arguments = {**defaults, **given}
    for name in values:
        arguments[name] = _value(arguments[name], common["place"])
    return thing(**common, **arguments)


# --- the function -----------------------------------------------------------------------------------------------------------------


def function(address: str, **given: Any) -> Function:
    """A zip function on a managed runtime, without VPC, layers or file system."""
    return _make(
        Function,
        address,
        given,
        values=(
            *("name", "package_type", "runtime", "handler", "attachment"),
            *("file_system", "capacity_provider", "ephemeral_storage_mb", "snap_start"),
            *("timeout_seconds", "durable_seconds", "dead_letters", "memory_mb", "architecture"),
        ),
        name=address.rpartition(".")[2],
        package_type="Zip",
        runtime="python3.13",
        handler="app.handler",
        attachment=None,
        environment=Environment(),
        role=None,
        layers=Listing(),
        file_system=None,
        capacity_provider=None,
        ephemeral_storage_mb=512,
        snap_start=False,
        sources=Listing(),
        image=None,
        timeout_seconds=3,
        memory_mb=128,
        architecture="x86_64",
        durable_seconds=None,
        dead_letters=None,
    )


def build(address: str, *commands: str, unknown: Iterable[Unknown] = (), **given: Any) -> Build:
    """`build("null_resource.go", "go build")`: what runs these commands where Terraform is applied."""
    return _make(Build, address, given, commands=Listing(tuple(Known(command, HERE) for command in commands), tuple(unknown)))


def image(
    uri: str, tag: Any, *, repository: Link | None = None, shared_with: Iterable[Link] = (), is_left_alone: Any = False, usual: str = ""
) -> Image:
    """`image_uri`; `tag` is None for a digest."""
    return Image(uri, _value(tag, HERE), repository, tuple(shared_with), _value(is_left_alone, HERE), usual, HERE)


def runtime_updates(address: str, names: str, **given: Any) -> RuntimeUpdates:
    """`runtime_updates("aws_lambda_runtime_management_config.a", "aws_lambda_function.a.function_name", when="Manual")`."""
    return _make(RuntimeUpdates, address, given, values=("when",), callee=Callee(link(names), names), when="Auto")


def layer_version(address: str, **given: Any) -> LayerVersion:
    """A layer that is built here, with no extension in it."""
    return _make(LayerVersion, address, given, values=("name", "extensions"), name=address.rpartition(".")[2], extensions=None)


def layer_query(address: str, asked: str, **given: Any) -> LayerQuery:
    """`data.aws_lambda_layer_version`, of the latest version unless told."""
    return _make(LayerQuery, address, given, values=("version",), asked=asked, version=None)


def image_repository(address: str, **given: Any) -> ImageRepository:
    """`aws_ecr_repository`, which lets tags be moved unless told."""
    return _make(ImageRepository, address, given, values=("mutability",), mutability="MUTABLE")


def attachment(
    *, subnets: Listing[Link] | None = None, security_groups: Listing[Link] | None = None, ipv6_allowed: Any = False, at: Place = HERE
) -> Attachment:
    """A `vpc_config` whose subnets and groups come from variables unless given."""
    return Attachment(
        place=at,
        subnets=subnets if subnets is not None else outside("var.subnet_ids", at=at),
        security_groups=security_groups if security_groups is not None else outside("var.security_group_ids", at=at),
        ipv6_allowed=_value(ipv6_allowed, at),
    )


def environment(*, unknown: Iterable[Unknown] = (), at: Place = HERE, **variables: Any) -> Environment:
    """`environment(TABLE="orders", DB_HOST=link("aws_db_instance.a.address"))`; a link's text is not known before apply."""
    entries = []
    for name, value in variables.items():
        if isinstance(value, Link):
            text: Value[str] = Unknown(value.expression, at, (value.target,) if value.target else ())
            entries.append(EnvironmentVariable(name, text, (value,), at))
        else:
            entries.append(EnvironmentVariable(name, _value(value, at), (), at))
    return Environment(tuple(entries), tuple(unknown))


def callee(expression: str, at: Place = HERE, **given: Any) -> Callee:
    """The function that a reference leads to: `callee("aws_lambda_function.a.arn")`, which means `$LATEST` unless told.

    What begins with `var.` cannot be followed, what is no reference is a function outside.
    """
    if expression.startswith(("var.", "local.")):
        return Callee(None, expression, Qualified.UNKNOWN, unknown=given.pop("unknown", unknown(expression, at)), **given)
    to = link(expression, at)
    return Callee(to if to.target else None, expression, **given)


def alias(address: str, function: str = "aws_lambda_function.a", **given: Any) -> Alias:
    """An alias of `function`, on the version that this publishes."""
    name = address.rpartition(".")[2]
    return _make(Alias, address, given, values=("name", "version"), name=name, version="", callee=callee(f"{function}.function_name"))


def invocation(by: str, calls: str | Callee, style: Style = Style.SYNCHRONOUS, **given: Any) -> Invocation:
    """`invocation("aws_lambda_function_url.u", "aws_lambda_function.a.arn")`; the service is the type of the calling block unless given."""
    at = given.pop("place", None) or place(by)
    if given.get("schedule") is not None:
        given["schedule"] = _value(given["schedule"], at)
    words = re.sub(r"\[[^\]]*\]", "", by).split(".")
    return Invocation(
        by=by,
        service=given.pop("service", words[-2] if len(words) > 1 else by),
        style=style,
        callee=calls if isinstance(calls, Callee) else callee(calls, at),
        place=at,
        exists=_value(given.pop("exists", True), at),
        **given,
    )


def on(function: Link | str | None, qualifier: str | None = None, *, alias: str = "", qualified: Qualified | None = None) -> Callee:
    """A callee with its qualifier: `on("aws_lambda_function.a.arn", "live")`.

    That is an alias's name, a version's number, or "" for the version that the function publishes.
    """
    if qualified is None:
        is_version = qualifier is not None and not alias and (not qualifier or qualifier.isdigit())
        is_alias = qualifier is not None or bool(alias)
        qualified = Qualified.VERSION if is_version else Qualified.ALIAS if is_alias else Qualified.LATEST
    to = link(function) if isinstance(function, str) else function
    return Callee(to, to.expression if to else "", qualified, qualifier or "", alias)


def provisioned(address: str, function: Link | str | None = None, qualifier: str = "live", **given: Any) -> Provisioned:
    """Provisioned concurrency on the alias `live` of a function, unless a qualifier or a whole `callee` is given."""
    return _make(
        Provisioned,
        address,
        given,
        values=("executions", "maximum", "is_left_alone"),
        means=Means.CONFIG,
        callee=on(function, qualifier),
        executions=1,
        maximum=None,
        is_left_alone=False,
    )


def scaling(address: str, function: Link | str | None, qualifier: str = "live", **given: Any) -> Scaling:
    """A scaling policy for the alias `live` of a function, unless another means is given."""
    return _make(
        Scaling,
        address,
        given,
        values=("minimum", "maximum"),
        means=Means.POLICY,
        callee=on(function, qualifier),
        minimum=None,
        maximum=None,
    )


def capacity_provider(address: str, **given: Any) -> CapacityProvider:
    """Managed instances whose network comes from variables unless given."""
    return _make(CapacityProvider, address, given, values=("attachment",), attachment=attachment())


def poller(address: str, **given: Any) -> Poller:
    return _make(Poller, address, given, values=("minimum",), function=None, minimum=2)


def queue(address: str, dead_letters: Any = None, **given: Any) -> Queue:
    """A queue without a redrive policy unless one is given."""
    own = {"name": address.rpartition(".")[2], "dead_letters": dead_letters, "what": "queue", "announces": False}
    return _make(Queue, address, given, values=("name", "dead_letters", "announces"), **own)


def event_invoke_config(address: str, of: Callee, on_failure: Any = None, **given: Any) -> EventInvokeConfig:
    return _make(EventInvokeConfig, address, given, values=("on_failure",), callee=of, on_failure=on_failure)


# --- the network ------------------------------------------------------------------------------------------------------------------


def vpc(address: str, **given: Any) -> Vpc:
    return _make(Vpc, address, given, values=("cidr",), cidr="10.0.0.0/16")


def subnet(address: str, **given: Any) -> Subnet:
    return _make(Subnet, address, given, values=("zone", "cidr"), vpc=link("aws_vpc.main.id"), zone="eu-central-1a", cidr="10.0.1.0/24")


def subnet_query(address: str, **given: Any) -> SubnetQuery:
    """`data.aws_subnets`, asked for a VPC from a variable and nothing else."""
    return _make(SubnetQuery, address, given, values=("default_only",), vpc=link("var.vpc_id"), default_only=False)


def vpc_query(address: str, **given: Any) -> VpcQuery:
    return _make(VpcQuery, address, given, values=("is_default",), is_default=False)


def group_query(address: str, **given: Any) -> GroupQuery:
    return _make(GroupQuery, address, given, values=("name",), name=None)


def route(
    destination: str | Value[str], to: str | Link, target: Target, *, address: str = "", at: Place = HERE, exists: Any = True
) -> Route:
    """`route("0.0.0.0/0", "aws_nat_gateway.a.id", Target.NAT_GATEWAY)`."""
    return Route(
        place=at,
        address=address,
        destination=_value(destination, at),
        target=target,
        link=to if isinstance(to, Link) else link(to, at),
        exists=_value(exists, at),
    )


def route_table(address: str, *routes: Route, **given: Any) -> RouteTable:
    return _make(RouteTable, address, given, vpc=link("aws_vpc.main.id"), routes=tuple(routes))


def association(address: str, table: str, *, subnet: str | None = None, vpc: str | None = None, **given: Any) -> Association:
    return _make(Association, address, given, table=link(table), subnet=link(subnet) if subnet else None, vpc=link(vpc) if vpc else None)


def nat_gateway(address: str, **given: Any) -> NatGateway:
    return _make(
        NatGateway,
        address,
        given,
        values=("connectivity", "availability"),
        connectivity="public",
        availability="zonal",
        subnet=link("aws_subnet.public.id"),
        vpc=None,
        addresses=Listing(),
    )


def eip(address: str, **given: Any) -> Address:
    return _make(Address, address, given)


def eip_association(address: str, allocation: str, holder: str, **given: Any) -> AddressAssociation:
    """`eip_association("aws_eip_association.a", "var.allocation_id", "aws_instance.nat.id")`."""
    return _make(AddressAssociation, address, given, allocation=link(allocation), holder=link(holder))


def interface_lookup(address: str, *, found_by: str | None = None, of: Sequence[str] = (), **filters: str) -> InterfaceLookup:
    """A data source with filters: `interface_lookup("data.aws_network_interfaces.l", description="AWS Lambda VPC ENI-*")`.

    The names of filters are written with underscores; `of` are the blocks that each of their values refers to.
    """
    links = tuple(link(expression) for expression in of)
    made = tuple(Filter(known(name.replace("_", "-")), listing(value), links) for name, value in filters.items())
    return _make(InterfaceLookup, address, {}, filters=made, found_by=link(found_by) if found_by else None)


def gateway(address: str, target: Target = Target.INTERNET_GATEWAY, **given: Any) -> Gateway:
    return _make(Gateway, address, given, target=target, vpc=link("aws_vpc.main.id"))


def endpoint(address: str, **given: Any) -> Endpoint:
    return _make(
        Endpoint,
        address,
        given,
        values=("service", "kind"),
        service="s3",
        kind="Gateway",
        vpc=link("aws_vpc.main.id"),
        route_tables=Listing(),
        subnets=Listing(),
        security_groups=Listing(),
    )


def rule(
    direction: str,
    *,
    protocol: Any = "tcp",
    ports: tuple[int | None, int | None] = (443, 443),
    cidrs: Listing[str] | None = None,
    cidr_links: Sequence[Link] = (),
    prefix_lists: Listing[Link] | None = None,
    peers: Listing[Link] | None = None,
    is_self: Any = False,
    address: str = "",
    at: Place = HERE,
) -> Rule:
    return Rule(
        place=at,
        address=address,
        direction=direction,
        protocol=_value(protocol, at),
        from_port=_value(ports[0], at),
        to_port=_value(ports[1], at),
        cidrs=cidrs if cidrs is not None else Listing(),
        cidr_links=tuple(cidr_links),
        prefix_lists=prefix_lists if prefix_lists is not None else Listing(),
        peers=peers if peers is not None else Listing(),
        is_self=_value(is_self, at),
    )


def security_group(address: str, *rules: Rule, **given: Any) -> SecurityGroup:
    return _make(
        SecurityGroup, address, given, values=("name",), name=address.rpartition(".")[2], vpc=link("aws_vpc.main.id"), rules=tuple(rules)
    )


# --- what a function may reach, and who it is -------------------------------------------------------------------------------------


def store(address: str, kind: str = "relational database", of: type[Store] = Store, **given: Any) -> Store:
    return _make(
        of,
        address,
        given,
        values=("is_in_vpc",),
        kind=kind,
        security_groups=Listing(),
        subnets=Listing(),
        vpc=None,
        ports=(5432,),
        is_in_vpc=True,
    )


def file_system(address: str, **given: Any) -> Store:
    """`aws_efs_file_system` without a policy, in all zones, with throughput that bursts, unless told."""
    paid = {name: _value(given.pop(name, None), HERE) for name in ("zone", "provisioned_mibps")}
    return store(address, "file system", FileSystem, ports=(2049,), **paid, **given)


def access_point(address: str, of: str, directory: Any = "/", **given: Any) -> Store:
    """An access point of the file system `of`."""
    return store(address, "file system", AccessPoint, ports=(2049,), parent=link(f"{of}.id"), directory=_value(directory, HERE), **given)


def file_user(address: str, what: str, system: str, directory: Any = "/", **given: Any) -> FileUser:
    """What uses the file system `system` and is no function."""
    use = FileUse(link(system), None, _value(directory, HERE), place(address))
    return _make(FileUser, address, given, what=what, uses=(use,))


def source(address: str, what: str, announces: Any = False, **given: Any) -> Source:
    """A bucket, table or queue that tells nobody of what arrives unless told."""
    return _make(Source, address, given, values=("announces",), what=what, announces=announces)


def secret(address: str, *holds: str, **given: Any) -> Secret:
    return _make(Secret, address, given, holds=tuple(link(expression) for expression in holds))


def statement(
    *actions: str,
    resources: Sequence[str] = ("*",),
    effect: Any = "Allow",
    actions_unknown: Iterable[Unknown] = (),
    at: Place = HERE,
    **given: Any,
) -> Statement:
    """`statement("s3:GetObject", resources=["aws_s3_bucket.a.arn"])`; what is no reference is a literal ARN."""
    return Statement(
        place=at,
        effect=_value(effect, at),
        actions=Listing(tuple(actions), tuple(actions_unknown)),
        not_actions=Listing(),
        resources=Listing(tuple(link(r, at) for r in resources)),
        **given,
    )


def document(*statements: Statement, unknown: Iterable[Unknown] = ()) -> Document:
    return Document(tuple(statements), tuple(unknown))


def role(address: str, *documents: Document, **given: Any) -> Role:
    return _make(Role, address, given, values=("name",), name=address.rpartition(".")[2], documents=tuple(documents), managed=())


def module_call(address: str, source: str, *inputs: str, **given: Any) -> ModuleCall:
    """A module that is not loaded: `module_call("module.net", "terraform-aws-modules/vpc/aws", "cidr")`."""
    return _make(ModuleCall, address, given, source=source, inputs=tuple(inputs))


def other(address: str, **given: Any) -> Other:
    return _make(Other, address, given)

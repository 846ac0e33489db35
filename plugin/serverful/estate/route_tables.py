"""Which route table a subnet takes: the one it is associated with, else the main table of its VPC.

The main table counts only where the VPC and everything that could associate the subnet are visible; otherwise the answer is an Unknown
that names what stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Association, Link, Route, RouteTable, Subnet, Vpc
from serverful.estate.unread_modules import may_associate
from serverful.estate.value import Basis, Unknown, Value
from serverful.evidence.evidence import Evidence


@dataclass(frozen=True, slots=True)
class TableChoice:
    """The routes that count for one subnet, and how they were found.

    `table` is None where it is not a block of this root: the own main table of `vpc`, or an unknown one. `unseen` names what may hold more
    routes. `unknown` names what keeps us from telling the table; then there are no routes. `is_public_by_default` says that it is the main
    table of a default VPC as AWS makes it.
    """

    table: RouteTable | None = None
    routes: tuple[Route, ...] = ()
    unseen: tuple[Unknown, ...] = ()
    path: tuple[Evidence, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    is_public_by_default: bool = False
    vpc: Vpc | None = None


def is_same(one: Link | None, other: Link | None) -> bool:
    """Whether two links certainly name the same single thing: a block of this root, one data source, or one literal id."""
    if one is None or other is None:
        return False
    if one.target is None or other.target is None:
        return one.target is other.target and one.origin == other.origin == "literal" and one.expression == other.expression
    if one.origin == "resource":
        return one.target == other.target
    # `data.aws_subnets.all.ids` and `module.vpc.private_subnets` are lists, and two links to one may mean different members; the `id` of a
    # data source and `private_subnets[0]` are one subnet.
    is_single = one.attribute == "id" or one.is_item
    return one.target == other.target and one.attribute == other.attribute and is_single


@once_per_estate
def _associations_by_subnet(estate: Estate) -> dict[str, list[Association]]:
    found: dict[str, list[Association]] = {}
    for association in estate.all(Association):
        if association.subnet is not None:
            found.setdefault(_key(association.subnet), []).append(association)
    return found


def _key(link: Link) -> str:
    return link.target or link.expression


def table_of(link: Link, estate: Estate) -> TableChoice:
    """The table of the subnet behind `link`, which may lie outside this root as long as an association names it."""
    own = [a for a in _associations_by_subnet(estate).get(_key(link), ()) if is_same(a.subnet, link)]
    subnet = estate.find(link, Subnet)
    given = subnet.exists if subnet else None
    certain = [a for a in own if doubt(a.exists, given) is None]
    if certain:
        choices = [_associated(a, link.target or link.expression, given, estate) for a in certain]
        if len({id(choice.table) for choice in choices}) == 1:
            return choices[0]
        # Terraform can write this, AWS refuses it: a subnet has one association. Which one wins is not ours to guess.
        return TableChoice(unknown=tuple(Unknown(a.address, a.place) for a in certain))
    if own:
        return TableChoice(unknown=tuple(a.exists for a in own if isinstance(a.exists, Unknown)))
    if subnet is None:
        return TableChoice(unknown=(Unknown(link.expression, link.place),))
    return _main_table(subnet, estate)


def _associated(association: Association, subnet: str, given: Value[bool] | None, estate: Estate) -> TableChoice:
    if association.table is None:
        return TableChoice(unknown=(Unknown(f"route_table_id of {association.address}", association.place),))
    table = estate.find(association.table, RouteTable)
    if table is not None:
        return _chosen(table, Evidence(f"gives {subnet} the route table {table.address}", association.place), given)
    return TableChoice(unknown=(Unknown(association.table.expression, association.place),))


def _main_table(subnet: Subnet, estate: Estate) -> TableChoice:
    """A subnet without an association takes the main table of its VPC (Amazon VPC User Guide, "Subnet route tables")."""
    hidden = [*_unfollowed_associations(subnet, estate), *may_associate(subnet.address, estate)]
    if not estate.evaluated:
        # Associations made by `count` or `for_each` may not have been told apart, so none can be said to be missing.
        hidden.append(Unknown(f"the associations of {subnet.address}", subnet.place))
    if hidden:
        return TableChoice(unknown=tuple(hidden))
    vpc = estate.find(subnet.vpc, Vpc)
    if vpc is not None:
        return _main_table_of(vpc, estate)
    if subnet.is_default:
        return _main_table_of_default_subnet(subnet, estate)
    expression = subnet.vpc.expression if subnet.vpc else f"vpc_id of {subnet.address}"
    return TableChoice(unknown=(Unknown(f"the main route table of {expression}", subnet.place),))


def _unfollowed_associations(subnet: Subnet, estate: Estate) -> list[Unknown]:
    """Associations whose subnet cannot be followed, so it may be this one; those of another visible VPC are not."""
    open_, by_target = _loose_associations(estate)
    # `aws_subnet.a` beside `aws_subnet.a[0]`: an association with some instance that could not be told.
    blocks = [subnet.address[:position] for position, letter in enumerate(subnet.address) if letter == "["]
    candidates = [*open_, *(association for block in blocks for association in by_target.get(block, ()))]
    unfollowed = []
    for association in candidates:
        table = estate.find(association.table, RouteTable)
        if table and subnet.vpc and table.vpc and table.vpc.target and subnet.vpc.target and table.vpc.target != subnet.vpc.target:
            continue
        named = association.subnet
        unfollowed.append(Unknown(named.expression if named else association.address, association.place))
    return unfollowed


@once_per_estate
def _loose_associations(estate: Estate) -> tuple[list[Association], dict[str, list[Association]]]:
    """Those of which nothing tells the subnet; and those that name one, by what they name."""
    open_: list[Association] = []
    by_target: dict[str, list[Association]] = {}
    for association in estate.all(Association):
        named = association.subnet
        if named is None or named.origin == "literal":
            continue
        if named.target is None or named.origin == "data":
            open_.append(association)
        else:
            by_target.setdefault(named.target, []).append(association)
    return open_, by_target


@once_per_estate
def _main_associations(estate: Estate) -> dict[str, Association]:
    """What replaces the main table of a VPC, by the VPC."""
    found: dict[str, Association] = {}
    for association in estate.all(Association):
        vpc = estate.find(association.vpc, Vpc) if association.subnet is None else None
        if vpc is not None:
            found.setdefault(vpc.address, association)
    return found


@once_per_estate
def _main_tables(estate: Estate) -> dict[str, RouteTable]:
    """The main tables that this root has adopted, by their VPC."""
    found: dict[str, RouteTable] = {}
    for table in estate.all(RouteTable):
        vpc = estate.find(table.vpc, Vpc) if table.is_main else None
        if vpc is not None:
            found.setdefault(vpc.address, table)
    return found


def _main_table_of(vpc: Vpc, estate: Estate) -> TableChoice:
    says = f"is the main route table of {vpc.address}, which counts for subnets without an association"
    association = _main_associations(estate).get(vpc.address)
    if association is not None:  # it replaces the table that the VPC came with, adopted or not
        if isinstance(association.exists, Unknown):
            return TableChoice(unknown=(association.exists,))
        table = estate.find(association.table, RouteTable)
        if table is None:
            expression = association.table.expression if association.table else f"route_table_id of {association.address}"
            return TableChoice(unknown=(Unknown(expression, association.place),))
        return _chosen(table, Evidence(f"makes {table.address} the main route table of {vpc.address}", association.place))
    table = _main_tables(estate).get(vpc.address)
    if vpc.is_default and (table is None or table.type not in _ADOPTING):
        return _public_by_default(Evidence(_DEFAULT_VPC, vpc.place, Basis.DERIVED))
    if table is not None:
        return _chosen(table, Evidence(says, table.place, Basis.DERIVED))
    # Nobody adopts it, so it holds the local route and what `aws_route` adds to it.
    says = "its own main route table counts for subnets without an association"
    return TableChoice(routes=vpc.main_routes, path=(Evidence(says, vpc.place, Basis.DERIVED),), vpc=vpc)


# A block that adopts the main table takes its routes away first (provider docs of aws_default_route_table). Routes that `aws_route` adds to
# a table nobody adopted come on top of those it had.
_ADOPTING = {"aws_default_route_table", "aws_route_table"}


# Amazon VPC User Guide, "Default VPCs" (components): the main route table of a default VPC sends 0.0.0.0/0 to its internet gateway, and
# a default subnet is a public one because it takes that table.
_DEFAULT_VPC = "default VPC: its main route table sends 0.0.0.0/0 to an internet gateway"
_DEFAULT_SUBNET = "default subnet without an association: the default VPC's main route table sends 0.0.0.0/0 to an internet gateway"


def _main_table_of_default_subnet(subnet: Subnet, estate: Estate) -> TableChoice:
    """`aws_default_subnet` names no VPC. Its table is the default VPC's, unless something here adopts a table that may be that one."""
    default_vpcs = [vpc for vpc in estate.all(Vpc) if vpc.is_default]
    if len(default_vpcs) == 1:
        return _main_table_of(default_vpcs[0], estate)
    adopted = [Unknown(t.address, t.place) for t in estate.all(RouteTable) if t.is_main and estate.find(t.vpc, Vpc) is None]
    replaced = [Unknown(a.address, a.place) for a in estate.all(Association) if a.vpc is not None and estate.find(a.vpc, Vpc) is None]
    several = [Unknown(vpc.address, vpc.place) for vpc in default_vpcs]
    if adopted or replaced or several:
        return TableChoice(unknown=(*adopted, *replaced, *several))
    return _public_by_default(Evidence(_DEFAULT_SUBNET, subnet.place, Basis.DERIVED))


def _public_by_default(seen: Evidence) -> TableChoice:
    return TableChoice(path=(seen,), is_public_by_default=True)


def _chosen(table: RouteTable, seen: Evidence, given: Value[bool] | None = None) -> TableChoice:
    missing = doubt(table.exists, given)
    if missing is not None:
        return TableChoice(unknown=(missing,))
    return TableChoice(table=table, routes=table.routes, unseen=table.unseen, path=(seen,))

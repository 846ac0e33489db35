"""E2, reference: the environment, the role or the mounted file system names something private.

Named is a thing of this root by a reference, its secret, an AWS host name written out, or an action that logs in to it
(`rds-db:connect`). What the RDS and Redshift Data APIs need, an ARN and a secret, is no evidence: they are AWS APIs behind IAM. Neither is,
for a function that a broker or database calls, what its event source mapping needs: mappings log in by the role of their function (AWS
Lambda Developer Guide, "Configuring Lambda permissions for Amazon MSK event source mappings" and its like for Amazon MQ and DocumentDB).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.databases import database_at
from serverful.estate.estate import Estate
from serverful.estate.identity import Allowed, allowed, covers, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Endpoint, EnvironmentVariable, Function, Link, Role, Secret, Statement, Store
from serverful.estate.value import Basis, Known
from serverful.evidence.edges import graded
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.groups import Private, described, is_private, is_private_endpoint, whole_of
from serverful.evidence.services import Access, managed_policies, private_names, services
from serverful.evidence.words import speaks_of_address_or_login, word_set

# Attributes that lead to a thing through the network, or log in to it. Any other (`id`, `arn_suffix`, `name`) may serve a management API.
_CONNECTING = word_set(
    """
    address bootstrap_brokers bootstrap_brokers_sasl_iam bootstrap_brokers_sasl_scram bootstrap_brokers_tls cache_nodes cluster_address
    cluster_endpoint configuration_endpoint configuration_endpoint_address database_name db_name dns_name endpoint endpoints fqdn
    hostname instances ip_address master_password master_user_secret master_username mount_target_dns_name password port private_dns
    private_ip primary_endpoint_address primary_web_endpoint reader_endpoint reader_endpoint_address username writer_endpoint
    zookeeper_connect_string zookeeper_connect_string_tls
    """
)
_LOGIN_SECRETS = word_set("master_user_secret password master_password")
# Blocks that are reached from within a VPC only and are no store (Amazon VPC Lattice User Guide: a client stands in an associated VPC).
_PRIVATE_SERVICES = {"aws_vpclattice_service": "VPC Lattice service", "aws_vpclattice_resource_configuration": "VPC Lattice resource"}
# Data sources that find a store which is reached through a VPC: the store lies outside this root, but it is no guess what it is. Search
# domains and load balancers may be public, so they are left out.
_FOUND_STORES = {
    "aws_db_instance": "relational database",
    "aws_rds_cluster": "relational database",
    "aws_db_proxy": "database proxy",
    "aws_elasticache_cluster": "cache",
    "aws_elasticache_replication_group": "cache",
    "aws_elasticache_serverless_cache": "cache",
    "aws_memorydb_cluster": "in-memory database",
    "aws_redshift_cluster": "data warehouse",
    "aws_redshiftserverless_workgroup": "data warehouse",
    "aws_msk_cluster": "Kafka cluster",
    "aws_msk_bootstrap_brokers": "Kafka cluster",
    "aws_mq_broker": "message broker",
    "aws_efs_file_system": "file system",
    "aws_efs_mount_target": "file system",
}
_DATA_TYPE = re.compile(r"(?:^|\.)data\.(\w+)\.")
# Kinds of things that functions often manage (start, stop, scale, measure) without connecting to them: there an ARN is no reference.
_MANAGED_FROM_OUTSIDE = frozenset({"instance", "load balancer", "container service"})


def references(function: Function, estate: Estate) -> Iterator[Evidence]:
    """References from the function to something private (E2), private addresses (E3) and what may be such (E6)."""
    yield from _file_system(function)
    for variable in function.environment.variables:
        yield from _variable(variable, function, estate)
    role = role_of(function, estate)
    if role is not None:
        yield from _role(estate, role.address)


def _file_system(function: Function) -> Iterator[Evidence]:
    """A function that mounts a file system needs its network, wherever that file system is described."""
    if isinstance(function.file_system, Known) and function.file_system.value is not None:
        link = function.file_system.value
        yield Evidence(f"it mounts the file system behind {link.expression}", link.place, grade=Grade.E2)


# --- environment ------------------------------------------------------------------------------------------------------------------


def _variable(variable: EnvironmentVariable, function: Function, estate: Estate) -> Iterator[Evidence]:
    for link in variable.links:
        yield from _linked(variable, link, function, estate)
    is_known = isinstance(variable.text, Known)
    text = variable.text.value if isinstance(variable.text, Known) else variable.text.expression
    # `app.internal` may be many things; beside a name that speaks of an address, or in a URL, it is a host. An expression is no host.
    is_address = "://" in text or (is_known and speaks_of_address_or_login(variable.name))
    database = database_at(text, estate) if is_known else None
    if database is not None and is_private(database, estate):
        says = f"environment variable {variable.name} holds the address of {described(database, estate)}"
        yield graded(Grade.E2, says, database, variable.place)
        return
    for found in private_names(text):
        says = f"environment variable {variable.name} holds {found.text}, {_article(found.what)}"
        if found.is_store:
            yield Evidence(says, variable.place, grade=Grade.E2)
        elif is_address or found.what == "private address":
            yield Evidence(says, variable.place, grade=Grade.E3)


def _linked(variable: EnvironmentVariable, link: Link, function: Function, estate: Estate) -> Iterator[Evidence]:
    thing = estate.thing(link.target)
    name = f"environment variable {variable.name}"
    if link.origin == "data":
        yield from _found(name, link, variable, function, estate)
    elif isinstance(thing, Store) and is_private(thing, estate):
        grade = _grade_of(thing, link, function, estate)
        if grade is not None:
            taken = f" ({link.attribute})" if link.attribute else ""
            yield graded(grade, f"{name} refers to {described(thing, estate)}{taken}", thing, variable.place)
    elif isinstance(thing, Endpoint) and is_private_endpoint(thing):
        yield graded(Grade.E2, f"{name} refers to {described(thing, estate)}", thing, variable.place)
    elif thing is not None and thing.type in _PRIVATE_SERVICES:
        says = f"{name} refers to the {_PRIVATE_SERVICES[thing.type]} {thing.address}"
        yield graded(Grade.E2, says, thing, variable.place)
    elif thing is not None and not uses_data_api(function, estate):
        for store in stores_behind_secret(estate).get(thing.address, ()):
            yield graded(Grade.E2, f"{name} refers to {thing.address}, the login to {described(store, estate)}", store, variable.place)


def _found(name: str, link: Link, variable: EnvironmentVariable, function: Function, estate: Estate) -> Iterator[Evidence]:
    """`data.aws_rds_cluster.main.endpoint`: the endpoint of a store of another root."""
    kind = _DATA_TYPE.search(f"{link.target}.")
    what = _FOUND_STORES.get(kind.group(1)) if kind else None
    attribute = link.attribute.split(".", 1)[0].split("[", 1)[0]
    if what is None or attribute not in _CONNECTING or (attribute in _LOGIN_SECRETS and uses_data_api(function, estate)):
        return
    yield Evidence(f"{name} refers to the {what} {link.target} ({link.attribute})", variable.place, grade=Grade.E2, of=link.target or "")


def _grade_of(store: Store, link: Link, function: Function, estate: Estate) -> Grade | None:
    """How strongly a reference to a store's attribute speaks for a connection."""
    whole = whole_of(store, estate)
    if isinstance(whole, Store) and whole.kind == "private zone":
        return Grade.E3
    attribute = link.attribute.split(".", 1)[0].split("[", 1)[0]
    if uses_data_api(function, estate) and (attribute == "arn" or attribute in _LOGIN_SECRETS):
        return None
    if attribute in _CONNECTING:
        return Grade.E2
    if store.kind in _MANAGED_FROM_OUTSIDE:
        return Grade.E6
    return Grade.E2 if attribute in ("", "arn") else Grade.E6


@once_per_estate
def stores_behind_secret(estate: Estate) -> dict[str, tuple[Private, ...]]:
    """The private stores that each secret or parameter holds an address of or a login to."""
    found: dict[str, dict[str, Private]] = {}
    for secret in estate.all(Secret):
        for link in secret.holds:
            store = estate.thing(link.target)
            if isinstance(store, Store) and is_private(store, estate):
                found.setdefault(secret.address, {})[store.address] = store
    for store in estate.all(Store):
        for link in store.secrets:
            if link.target is not None and is_private(store, estate):
                found.setdefault(link.target, {})[store.address] = store
    return {secret: tuple(stores.values()) for secret, stores in found.items()}


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


# --- role -------------------------------------------------------------------------------------------------------------------------


def uses_data_api(function: Function, estate: Estate) -> bool:
    """Whether the function's role may call the RDS or Redshift Data API."""
    role = role_of(function, estate)
    return role is not None and calls_data_api(estate, role.address)


@once_per_estate
def calls_data_api(estate: Estate, address: str) -> bool:
    """The same of a role, by its address."""
    role = estate.thing(address)
    if not isinstance(role, Role):
        return False
    prefixes = {item.service for item in allowed(role)}
    prefixes.update(prefix for policy in role.managed for prefix in managed_policies().prefixes.get(policy.name, ()))
    return bool(prefixes & services().data_apis)


@once_per_estate
def _role(estate: Estate, address: str) -> tuple[Evidence, ...]:
    role = estate.thing(address)
    return tuple(_of_role(role, estate)) if isinstance(role, Role) else ()


def _of_role(role: Role, estate: Estate) -> Iterator[Evidence]:
    by_statement: dict[int, tuple[Statement, list[Allowed]]] = {}
    for item in allowed(role):
        by_statement.setdefault(id(item.statement), (item.statement, []))[1].append(item)
    for statement, items in by_statement.values():
        yield from _statement(role, statement, [item.action for item in items], estate)
    known = managed_policies()
    for policy in role.managed:
        for action in known.logins.get(policy.name, ())[:1]:
            what = next((login.what for login in services().logins if login.allowed_by(action)), "private service")
            says = f"{policy.name} lets {role.address} log in to {_article(what)} ({action})"
            yield Evidence(says, policy.place, Basis.STATED, Grade.E2, known.as_of, of=what)


def _statement(role: Role, statement: Statement, patterns: list[str], estate: Estate) -> Iterator[Evidence]:
    stores = [thing for thing in (estate.thing(link.target) for link in statement.resources) if isinstance(thing, Store)]
    private = [store for store in stores if is_private(store, estate)]
    doubt = "" if isinstance(statement.effect, Known) else ", if the statement allows it"
    for access, is_login in [*((a, True) for a in services().logins), *((a, False) for a in services().data_access)]:
        action = next((found for found in map(access.allowed_by, patterns) if found), None)
        if action is not None:
            yield from _access(role, statement, action, access, is_login, stores, private, doubt, estate)
        elif any(access.hinted_by(pattern) for pattern in patterns):
            yield from _wide_access(role, statement, access, private, estate)
    yield from _secrets(role, statement, patterns, estate)


def _access(
    role: Role,
    statement: Statement,
    action: str,
    access: Access,
    is_login: bool,
    stores: list[Store],
    private: list[Store],
    doubt: str,
    estate: Estate,
) -> Iterator[Evidence]:
    grade = Grade.E6 if doubt else Grade.E2
    poller = _poller_of(access, role)
    for store in private:
        says, owner = f"{role.address} may {action} on {described(store, estate)}{doubt}", whole_of(store, estate).address
        yield graded(grade, says, store, statement.place, unless_called_by=(owner,) if poller else ())
    if private or (stores and statement.resources.is_complete and len(stores) == len(statement.resources.items)):
        return  # named above, or everything it names is public
    says = f"{role.address} may log in to {_article(access.what)} ({action}){doubt}"
    if is_login:
        yield Evidence(says, statement.place, grade=grade, unless_called_by=(poller,) if poller else (), of=access.what)
    elif not calls_data_api(estate, role.address):
        yield Evidence(f"{says}, which may stand in a VPC", statement.place, grade=Grade.E6)


def _poller_of(access: Access, role: Role) -> str:
    """The service whose pollers log in by the function's role, where the role allows no more than they need; "" for none.

    Reading is theirs alone; who may write, or make topics, does it by a connection of its own.
    """
    if not access.poller or any(covers(item.action, beyond) for item in allowed(role) for beyond in access.beyond if item.service != "*"):
        return ""
    return access.poller


def _wide_access(role: Role, statement: Statement, access: Access, private: list[Store], estate: Estate) -> Iterator[Evidence]:
    """`elasticache:*`: on the cache itself it is meant for it; elsewhere it is a hint."""
    for store in private:
        yield graded(Grade.E2, f"{role.address} may do everything with {described(store, estate)}", store, statement.place)
    if not private:
        service = access.actions[0].partition(":")[0]
        yield Evidence(f"{role.address} allows {service}:*, which holds {access.actions[0]}", statement.place, grade=Grade.E6)


def _secrets(role: Role, statement: Statement, patterns: list[str], estate: Estate) -> Iterator[Evidence]:
    """The role reads the secret that belongs to a private store. The pollers of an event source do that by the function's role, too."""
    read = Access(services().secret_reads, "secret")
    is_read = any(read.allowed_by(pattern) or read.hinted_by(pattern) for pattern in patterns)
    if not is_read or calls_data_api(estate, role.address):
        return
    for link in statement.resources:
        for store in stores_behind_secret(estate).get(link.target or "", ()):
            says, owner = f"{role.address} may read {link.target}, the login to {described(store, estate)}", whole_of(store, estate).address
            yield graded(Grade.E2, says, store, statement.place, unless_called_by=(owner,))
        thing = estate.thing(link.target)
        if isinstance(thing, Store) and link.attribute.startswith("master_user_secret") and is_private(thing, estate):
            says, owner = f"{role.address} may read the login to {described(thing, estate)}", whole_of(thing, estate).address
            yield graded(Grade.E2, says, thing, statement.place, unless_called_by=(owner,))

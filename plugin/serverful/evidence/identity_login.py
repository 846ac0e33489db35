"""Do functions log in to a store as who they are? What SLS_ID_6 asks, by dated data (`reference/identity_login.yaml`).

Decisions:
- The store is asked, once, and its finding names the functions: the switch is the store's. A function is asked about a store of another
  root only, and the answer lies there.
- Asked are stores that certainly some attached function reaches, by a rule between groups or by what its environment and role speak of. A
  range that the store admits is not enough. A store behind RDS Proxy is reached through the proxy, and the proxy is asked.
- Where IAM login is off, nobody can use it. Where it is on, each function's role says whether it does; one that is known by a shared group
  alone may reach something else in there.
- An engine without IAM login passes where AWS keeps and changes the password, and is not asked otherwise. So is one whose people come from
  a directory.
- Who changes passwords needs one (a rotation function), and who calls the Data API shows who it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.estate.attached import attachment_of
from serverful.estate.callers import callers_of
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.identity import allow_statements, covers, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Database, DataStore, Function, Role, Store
from serverful.estate.value import Known, Unknown
from serverful.evidence import reference
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.groups import key_of, whole_of
from serverful.evidence.private import reach
from serverful.evidence.references import uses_data_api
from serverful.evidence.services import managed_policies

_ROTATION = "Secrets Manager"
_EDGES = (Grade.E1, Grade.E2)  # a range that a store admits may hold many who never come
_SERVERLESS_V1 = "serverless"  # ended on 2025-03-31 (Amazon Aurora User Guide, "Using Amazon Aurora Serverless v1")


@dataclass(frozen=True, slots=True)
class IdentityLogin:
    """`engines` hold, by Terraform type and engine, the first version with IAM login (() for every one)."""

    engines: Mapping[str, Mapping[str, tuple[int, ...]]]
    actions: Mapping[str, tuple[str, ...]]
    as_of: date


@cache
def identity_login() -> IdentityLogin:
    """`reference/identity_login.yaml`."""
    data = reference.read("identity_login.yaml")
    engines = {type_: {engine: _numbers(first) for engine, first in listed.items()} for type_, listed in data["engines"].items()}
    return IdentityLogin(engines, {service: tuple(actions) for service, actions in data["actions"].items()}, data["as_of"])


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def offers(store: DataStore) -> bool | Unknown:
    """Whether a store's engine has IAM login."""
    engine, version = store.login.engine, store.login.version
    known = identity_login().engines.get(store.type, {})
    if isinstance(engine, Unknown):
        return engine
    if engine.value is None:
        return Unknown(f"the engine of {store.address}", store.place)  # taken from a snapshot or a source
    if isinstance(store, Database) and isinstance(store.mode, Known) and store.mode.value == _SERVERLESS_V1:
        return False
    first = known.get(engine.value)
    if first is None or not first:
        return first is not None
    if isinstance(version, Unknown):
        return version
    numbers = _numbers(version.value or "")
    return not numbers or numbers >= first[: len(numbers)]


# --- who reaches it -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class User:
    """A function that reaches a store, and what shows it, strongest first."""

    function: Function
    path: tuple[Evidence, ...]

    @property
    def is_named(self) -> bool:
        """Whether more than a group that the two are in shows it: its environment or role speaks of the store."""
        return any(seen.grade is Grade.E2 for seen in self.path)


def users_of(store: DataStore, estate: Estate) -> tuple[User, ...]:
    """The attached functions that certainly reach a store and have to log in to it."""
    return _users(estate).get(store.address, ())


@once_per_estate
def _users(estate: Estate) -> dict[str, tuple[User, ...]]:
    found: dict[str, list[User]] = {}
    for function in estate.all(Function):
        if attachment_of(function) is None or _needs_no_login(function, estate):
            continue
        seen: dict[str, list[Evidence]] = {}
        for evidence in reach(function, estate).evidence:
            store = _asked(evidence.of, estate)
            if store is not None and evidence.grade in _EDGES and doubt(function.exists, store.exists) is None:
                seen.setdefault(store.address, []).append(evidence)
        for address, path in seen.items():
            found.setdefault(address, []).append(User(function, tuple(path)))
    return {address: tuple(users) for address, users in found.items()}


@once_per_estate
def perhaps_using(estate: Estate) -> tuple[Unknown, ...]:
    """What decides whether a function reaches a store of this root, where its groups cannot be followed. A group from outside is none."""
    found: dict[Unknown, None] = {}
    for function in estate.all(Function):
        if isinstance(function.attachment, Unknown):
            found[function.attachment] = None
            continue
        attachment = attachment_of(function)
        groups = attachment.security_groups.unknown if attachment else ()
        found.update(dict.fromkeys(part for part in groups if key_of(part) is None))
    return tuple(found)


def _needs_no_login(function: Function, estate: Estate) -> bool:
    return uses_data_api(function, estate) or any(call.service == _ROTATION for call in callers_of(function, estate))


def _asked(address: str, estate: Estate) -> DataStore | None:
    """Where one logs in to a thing: itself, the cluster that it is an instance of, the proxy that it is an endpoint of."""
    thing = estate.thing(address)
    if not isinstance(thing, Store):
        return None
    if thing.type == "aws_db_proxy_endpoint":
        return estate.find(thing.parent, DataStore)
    whole = thing if thing.type == "aws_db_proxy" else whole_of(thing, estate)
    return whole if isinstance(whole, DataStore) else None


def found_elsewhere(function: Function, estate: Estate) -> Evidence | None:
    """Evidence of a store of another root that has IAM login for some engine, where a function reaches one."""
    if attachment_of(function) is None or _needs_no_login(function, estate):
        return None
    known = identity_login().engines
    seen = (one for one in reach(function, estate).evidence if ".aws_" in f".{one.of}" and "data." in one.of)
    return next((one for one in seen if any(f"data.{type_}." in f"{one.of}." for type_ in known)), None)


# --- what their roles say ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Roles:
    """Whose role lets them log in by IAM (`by_identity` says where), whose does not, and what is not known of the others."""

    by_identity: tuple[Evidence, ...] = ()
    without: tuple[User, ...] = ()
    unknown: tuple[Unknown, ...] = ()


def roles_of(users: tuple[User, ...], service: str, estate: Estate) -> Roles:
    """What the roles of a store's users say of logging in to it."""
    allows: list[Evidence] = []
    without: list[User] = []
    unknown: list[Unknown] = []
    for user in users:
        role = role_of(user.function, estate)
        if role is None:
            expression = user.function.role.expression if user.function.role else f"the role of {user.function.address}"
            unknown.append(Unknown(expression, user.function.place))
            continue
        found = _login_of(estate, role.address, service)
        if isinstance(found, Evidence):
            allows.append(found)
        elif found is not None:
            unknown.append(found)
        elif user.is_named:
            without.append(user)
        else:
            unknown.append(Unknown(f"whether {user.function.address} logs in", user.path[0].place))
    return Roles(tuple(dict.fromkeys(allows)), tuple(without), tuple(dict.fromkeys(unknown)))


@once_per_estate
def _login_of(estate: Estate, address: str, service: str) -> Evidence | Unknown | None:
    """Where a role allows the login, what may allow it, or None where it certainly does not."""
    role = estate.thing(address)
    if not isinstance(role, Role):
        return Unknown(address, next(iter(estate.things.values())).place)
    actions = identity_login().actions.get(service, ())
    unknown = [*role.unknown, *(part for document in role.documents for part in document.unknown)]
    for statement in allow_statements(role):
        for pattern in statement.actions:
            if any(covers(pattern.strip(), action) for action in actions):
                if isinstance(statement.effect, Known):
                    return Evidence(f"{role.address} allows {pattern.strip()}", statement.place)
                unknown.append(statement.effect)
        unknown += statement.actions.unknown
        if statement.not_actions.items or statement.not_actions.unknown:
            unknown.append(Unknown(f"what {role.address} allows", statement.place))
    for policy in role.managed:
        known = managed_policies().prefixes.get(policy.name)
        if known is None or "*" in known or service in known:
            unknown.append(Unknown(f"what {policy.name} allows", policy.place))
    return unknown[0] if unknown else None

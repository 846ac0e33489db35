"""What SLS_ID_6 says of stores and of the functions that log in to them."""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.model import DataStore
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.identity_login import User, identity_login
from serverful.evidence.nat_account import named

_SHOWN = 3
_ON = {
    "rds-db": "iam_database_authentication_enabled = true",
    "elasticache": 'a user with authentication_mode { type = "iam" } in its user group (aws_elasticache_user, user_group_ids)',
    "memorydb": 'a user with authentication_mode { type = "iam" } in its ACL (aws_memorydb_user, acl_name)',
    "kafka-cluster": "client_authentication { sasl { iam = true } }",
    "neptune-db": "iam_database_authentication_enabled = true",
}


def functions(users: Sequence[User]) -> str:
    return named([user.function.address for user in users])


def path(users: Sequence[User]) -> tuple[Evidence, ...]:
    """Per function what shows best that it reaches the store."""
    return tuple(dict.fromkeys(user.path[0] for user in users[:_SHOWN]))


def off(store: DataStore, users: Sequence[User]) -> str:
    plural, who = len(users) > 1, functions(users)
    if not is_open(store):
        means = f"{who} {'log' if plural else 'logs'} in by a password"
    else:
        means = f"{who} {'come' if plural else 'comes'} in without being asked who {'they are' if plural else 'it is'}"
    if is_on(store):
        return f"{store.address} lets everybody in as well, beside those who log in by IAM: {means}."
    return f"{store.address} does not ask for IAM, though its engine offers it (as of {identity_login().as_of}): {means}."


def cited(store: DataStore) -> Evidence:
    """Where the store says how one logs in."""
    says = "lets everybody in" if is_open(store) else "IAM login" if is_on(store) else "no IAM login"
    return Evidence(says, (store.login.is_open if is_open(store) else store.login.by_identity).place)


def no_permission(store: DataStore, users: Sequence[User]) -> str:
    action = identity_login().actions[store.login.service][0]
    return (
        f"{store.address} offers IAM login, and nothing in the role of {functions(users)} allows {action}, so "
        f"{'they log' if len(users) > 1 else 'it logs'} in by a password."
    )


def by_identity(store: DataStore, users: Sequence[User]) -> str:
    return f"{functions(users)} may log in to {store.address} by IAM."


def managed(store: DataStore) -> str:
    return f"The engine of {store.address} has no IAM login (as of {identity_login().as_of}); AWS keeps its password and changes it."


def undecided_because(store: DataStore, users: Sequence[User], unknown: Sequence[Unknown]) -> str:
    reach, they = ("reach", "they log") if len(users) > 1 else ("reaches", "it logs")
    return f"{functions(users)} {reach} {store.address}. How {they} in hangs on {_names(unknown)}."


def _names(unknown: Sequence[Unknown]) -> str:
    return named([part.expression for part in unknown])


def instead(store: DataStore, users: Sequence[User]) -> str:
    service = store.login.service
    on = _ON[service]
    if store.type == "aws_db_proxy":
        on = 'auth { iam_auth = "REQUIRED" }'
    switch = f"Give {store.address} {on}, and let" if not is_on(store) else "Let"
    if is_on(store) and is_open(store):
        switch = f"Let {store.address} ask everybody (unauthenticated = false), and let"
    roles = named([user.function.role.target or user.function.role.expression for user in users if user.function.role])
    wide = (
        ' Where functions open many connections each second, put an aws_db_proxy with iam_auth = "REQUIRED" between.'
        if _is_sql(store)
        else ""
    )
    kept = "" if is_open(store) else " A password that stays for others is best kept and changed by AWS"
    managed_by = " (manage_master_user_password = true)." if kept and _is_sql(store) else "." if kept else ""
    return f"{switch} {roles or 'the functions'} allow {identity_login().actions[service][0]} on it.{wide}{kept}{managed_by}"


def is_on(store: DataStore) -> bool:
    """Whether IAM login is known to be on."""
    return isinstance(store.login.by_identity, Known) and store.login.by_identity.value


def _is_sql(store: DataStore) -> bool:
    return store.type in ("aws_db_instance", "aws_rds_cluster")


def is_open(store: DataStore) -> bool:
    """Whether it is known to let everybody in."""
    return isinstance(store.login.is_open, Known) and store.login.is_open.value

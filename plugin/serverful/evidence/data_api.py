"""Could a function reach its database by the RDS Data API instead of a VPC? What SLS_VPC_4 asks, by dated data (`reference/data_api.yaml`).

Decisions:
- Asked is a function whose attachment is explained by Aurora alone. Evidence that speaks of no certain thing (a port in an egress rule) may
  be about another, and then it passes. A login that names no database is to the only one of this root, or leaves it undecided.
- RDS Proxy before the cluster says that many connections are wanted, which the Data API has none of: whoever put it there has thought.
- A cluster that states no version takes the newest that AWS offers, and one that states a line (`15`) the newest of that line.
- An address that comes from outside, or a name that speaks of another kind of store, may be a reason of its own: undecided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Database, Function, Store
from serverful.estate.value import Known, Unknown
from serverful.evidence import reference
from serverful.evidence.evidence import Evidence
from serverful.evidence.groups import is_private, whole_of
from serverful.evidence.private import reach

_AURORA_MYSQL = re.compile(r"mysql_aurora\.(\d+(?:\.\d+)*)$")
_SOME_DATABASE = "relational database"  # a login (`rds-db:connect`) that names no database of this root
_SERVERLESS_V1 = "serverless"
_PROXIES = ("aws_db_proxy", "aws_db_proxy_endpoint", "aws_db_proxy_target")


@dataclass(frozen=True, slots=True)
class DataApi:
    """`engines` hold, by engine and line, the first version that offers it."""

    engines: Mapping[str, Mapping[int, tuple[int, ...]]]
    without_classes: tuple[str, ...]
    as_of: date


@cache
def data_api() -> DataApi:
    """`reference/data_api.yaml`."""
    data = reference.read("data_api.yaml")
    engines = {engine: {int(line): _numbers(first) for line, first in lines.items()} for engine, lines in data["engines"].items()}
    return DataApi(engines, tuple(data["without_classes"]), data["as_of"])


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a database has or could have a Data API: `is_on`, `is_offered`, what is not `known`, and why it cannot."""

    is_on: bool = False
    is_offered: bool = False
    unknown: tuple[Unknown, ...] = ()
    why_not: str = ""


def offer_of(database: Database) -> Offer:
    """What a database offers, by engine, version, mode and instance classes."""
    engine, known = database.engine, data_api()
    if not database.is_cluster:
        return Offer(why_not="it is no Aurora cluster")
    if isinstance(engine, Known) and engine.value not in known.engines and engine.value != "aurora":
        return Offer(why_not=f"{engine.value or 'its engine'} has no Data API")
    sizes = [size.value for size in database.classes if isinstance(size, Known) and size.value]
    small = next((size for size in sizes if size.startswith(known.without_classes)), None)
    if small:
        return Offer(why_not=f"{small} has no Data API")
    if isinstance(database.has_http_endpoint, Known) and database.has_http_endpoint.value:
        return Offer(is_on=True)
    open_parts = [part for part in (engine, database.version, database.mode, *database.classes) if isinstance(part, Unknown)]
    if open_parts:
        return Offer(unknown=tuple(open_parts))
    if isinstance(database.mode, Known) and database.mode.value == _SERVERLESS_V1:
        return Offer(why_not="Aurora serverless v1 has ended")
    return _by_version(database, known)


def _by_version(database: Database, known: DataApi) -> Offer:
    name = database.engine.value if isinstance(database.engine, Known) else None
    stated = database.version.value if isinstance(database.version, Known) else None
    lines = known.engines.get(name or "")
    if lines is None:
        return Offer(why_not="the first Aurora MySQL has no Data API")
    if not stated:
        return Offer(is_offered=True)
    if not stated[0].isdigit():
        return Offer(is_offered=True)  # no version begins so; a stand-in, where somebody tries a plan without AWS
    version = _version(stated)
    if not version:
        return Offer(unknown=(Unknown(f"what version {stated} offers", database.version.place),))
    first = lines.get(version[0])
    if first is None and version[0] > max(lines):
        return Offer(unknown=(Unknown(f"what version {stated} offers", database.version.place),))
    if first is None or (len(version) > 1 and version < first):
        return Offer(why_not=f"{name} {stated} has no Data API")
    return Offer(is_offered=True)


def _version(stated: str) -> tuple[int, ...]:
    """`15.4` and `8.0.mysql_aurora.3.07.1` as numbers; `8.0` is Aurora MySQL 3, and `5.7` is 2 (Aurora MySQL release notes)."""
    own = _AURORA_MYSQL.search(stated)
    if own:
        return _numbers(own.group(1))
    if stated in ("8.0", "5.7"):
        return (3,) if stated == "8.0" else (2,)
    return _numbers(stated) if re.fullmatch(r"\d+(\.\d+)*", stated) else ()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in str(text).split("."))


# --- what the function reaches ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reached:
    """What explains the attachment of a function. `clusters` are Aurora clusters that it reaches, `path` what says so.

    `others` is the evidence that speaks of anything else, `doubts` what may: hints (E6), a login to no certain database.
    """

    clusters: tuple[Database, ...]
    path: tuple[Evidence, ...]
    others: tuple[Evidence, ...]
    doubts: tuple[Evidence, ...]


def reached_by(function: Function, estate: Estate) -> Reached:
    """The Aurora clusters that a function reaches, and what else."""
    found = reach(function, estate)
    clusters: dict[str, Database] = {}
    path: list[Evidence] = []
    others: list[Evidence] = []
    doubts: list[Evidence] = []
    for seen in found.evidence:
        cluster = _aurora(seen, estate)
        if cluster is None:
            (doubts if seen.of == _SOME_DATABASE else others).append(seen)
        else:
            clusters[cluster.address] = cluster
            path.append(seen)
    if _private_databases(estate) <= clusters.keys():
        doubts.clear()  # a login that names no database of this root is to the only one there is
    doubts += [hint for hint in found.hints if _aurora(hint, estate) is None]
    return Reached(tuple(clusters.values()), tuple(path), tuple(others), tuple(doubts))


@once_per_estate
def _private_databases(estate: Estate) -> frozenset[str]:
    return frozenset(database.address for database in estate.all(Database) if is_private(database, estate))


def _aurora(seen: Evidence, estate: Estate) -> Database | None:
    """The Aurora cluster of which evidence speaks, directly or through one of its instances."""
    thing = estate.thing(seen.of)
    if not isinstance(thing, Store) or thing.type in _PROXIES:
        return None
    whole = whole_of(thing, estate)
    return whole if isinstance(whole, Database) and whole.is_cluster else None


def proxy_of(cluster: Database, estate: Estate) -> Store | None:
    """An RDS Proxy of this root before a cluster."""
    return _proxies(estate).get(cluster.address)


@once_per_estate
def _proxies(estate: Estate) -> dict[str, Store]:
    return {store.parent.target: store for store in estate.all(Store) if store.type in _PROXIES and store.parent and store.parent.target}

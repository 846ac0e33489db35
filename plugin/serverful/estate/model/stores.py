"""What is reached through a network, and the secrets that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.identity import Document
from serverful.estate.model.thing import Link, Other, Thing
from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value


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


@dataclass(frozen=True, slots=True)
class Login:
    """How one logs in to a store. `service` is the IAM prefix of the action that does (`rds-db`, `elasticache`).

    `engine` and `version` are the store's. `by_identity` says whether IAM login is on; Unknown as well where Terraform cannot say so, and
    Known(False) where a person has to be known to a directory (`by_directory`). `is_open` says that nobody is asked for anything.
    `is_managed` says that AWS keeps the password and changes it.
    """

    service: str
    engine: Value[str | None]
    version: Value[str | None]
    by_identity: Value[bool]
    is_open: Value[bool]
    is_managed: Value[bool]
    by_directory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStore(Store):
    """A store that asks for a login: a database, a proxy before one, a cache, a Kafka cluster."""

    login: Login


@dataclass(frozen=True, slots=True, kw_only=True)
class Database(DataStore):
    """`aws_rds_cluster` or `aws_db_instance`, with what tells which engine runs it and how.

    `mode` is a cluster's `engine_mode`. `has_http_endpoint` says whether the RDS Data API is on. `classes` are the instance classes it runs
    on: its own, or those of a cluster's instances in this root. `addresses` are its host names where they are known: in a plan over what
    stands.
    """

    engine: Value[str | None]
    version: Value[str | None]
    mode: Value[str]
    has_http_endpoint: Value[bool]
    classes: tuple[Value[str | None], ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def is_cluster(self) -> bool:
        return self.type == "aws_rds_cluster"


@dataclass(frozen=True, slots=True)
class FilePolicy:
    """A policy of a file system, by its own block: `aws_efs_file_system_policy`, `aws_s3files_file_system_policy`."""

    address: str
    place: Place
    document: Document
    exists: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSystem(Store):
    """`aws_efs_file_system` or `aws_s3files_file_system`, with the policies that say who may mount it.

    `unknown` names blocks that may be a policy of its own: which file system they are for is decided elsewhere. `zone` is the one it is
    kept in, Known(None) where it is kept in all; `provisioned_mibps` the throughput that is paid for, Known(None) without.
    """

    zone: Value[str | None]
    provisioned_mibps: Value[int | None]
    policies: tuple[FilePolicy, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPoint(Store):
    """`aws_efs_access_point` or `aws_s3files_access_point`. `directory` is what its clients see as `/`."""

    directory: Value[str]


@dataclass(frozen=True, slots=True)
class FileUse:
    """One use of a file system: through an access point, where that is named, or by itself; `directory` is what is seen of it as `/`."""

    file_system: Link | None
    access_point: Link | None
    directory: Value[str]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUser(Other):
    """What uses file systems and is no function. `what` is a noun: "container", "file transfer", "data sync"."""

    what: str
    uses: tuple[FileUse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Other):
    """A bucket, table or queue, and whether it tells of what arrives: by a notification to anybody, by a stream. `what` is the noun.

    A queue tells nobody by itself; an event source mapping asks it, and is a caller of its function. `arn` is its ARN where that is known:
    in a plan over what stands, and of a bucket by its name; else "".
    """

    what: str
    announces: Value[bool]
    arn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(Thing):
    """A secret or parameter that holds an address or a login: `holds` are the things of this root its value refers to."""

    holds: tuple[Link, ...]

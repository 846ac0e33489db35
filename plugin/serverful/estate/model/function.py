"""Functions, capacity providers, and how they stand in a VPC."""

from __future__ import annotations

from dataclasses import dataclass, field

from serverful.estate.model.images import Image
from serverful.estate.model.thing import Link, Thing
from serverful.estate.place import Place
from serverful.estate.value import Known, Listing, Unknown, Value


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

    `snap_start` says whether its published versions start from snapshots. `sources` are the paths, keys and commands that tell what its
    package is made of; in each, `*` stands for a part that is decided elsewhere. `image` is what it runs instead of a package.
    `dead_letters` is where events go that were handed over to it and failed (`dead_letter_config`), Known(None) without. `durable_seconds`
    is how long an execution of a durable function may take over all its steps, Known(None) of any other function. `memory_mb` and
    `architecture` ("x86_64", "arm64") are what an execution is paid by.
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
    timeout_seconds: Value[int]
    memory_mb: Value[int]
    architecture: Value[str]
    durable_seconds: Value[int | None]
    dead_letters: Value[Link | None]
    sources: Listing[Known[str]] = field(default_factory=Listing)
    image: Image | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityProvider(Thing):
    """`aws_lambda_capacity_provider`: instances in the customer's VPC that functions run on. The network is the provider's, not theirs."""

    attachment: Value[Attachment | None]


Attached = Function | CapacityProvider
"""What may stand in subnets, with security groups of its own."""

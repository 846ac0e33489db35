"""What the people who run serverful have decided for themselves: thresholds, rules of their organisation, reasons by address.

Plain data with defaults. `serverful/settings.py` reads it from `.serverful.yaml`; policies see it as `estate.settings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from serverful.estate.place import Place

FILE_NAME = ".serverful.yaml"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers at which something becomes worth a word. The defaults are those of the policies' rulings.

    `vpc_*` belong to SLS_VPC_10, `provisioned_*` to SLS_PC_4, `functions_per_role` to SLS_ID_3, `serverful_*` to SLS_RAD_1. A
    `provisioned_ceiling` of None means that there is none.
    """

    vpc_subnets: int = 6  # more subnets than this are too many
    vpc_subnets_per_zone: int = 2  # more subnets than this in one zone are too many
    vpc_functions_per_group: int = 3  # so many functions with different roles in one security group are too many
    provisioned_small: int = 1  # so many executions are small, whoever scales them
    provisioned_ceiling: int | None = None  # more executions than this are too many
    provisioned_functions: int = 3  # more functions than this with provisioned concurrency in one module are too many
    functions_per_role: int = 1  # more different functions than this with one role are too many
    serverful_share: float = 1 / 3  # a larger part of a root's functions than this should not be serverful
    serverful_functions: int = 4  # in a root with fewer functions than this a share says nothing


@dataclass(frozen=True, slots=True)
class VpcDemand:
    """The organisation demands a VPC of every function with this tag (evidence E4); `value` None means whatever its value."""

    tag: str
    value: str | None
    because: str
    place: Place


@dataclass(frozen=True, slots=True)
class Budget:
    """How large a part of their functions may be serverful in the roots that match the glob `root`, and why (SLS_RAD_1)."""

    root: str
    share: float
    because: str
    place: Place


@dataclass(frozen=True, slots=True)
class AllowedExtension:
    """The organisation wants extensions of this kind on its functions: `layer` is a glob over the names of layers."""

    layer: str
    because: str
    place: Place


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """Everybody may come in by this route (SLS_ID_1): `route` is a glob over methods and paths, `GET /health`."""

    route: str
    because: str
    place: Place


@dataclass(frozen=True, slots=True)
class StatedReason:
    """A recorded reason from the settings, for every block whose address matches the glob `address` in a root that matches `root`.

    `idle_at` is (root, address) of the first function that it matches when no function of any root has what it explains; else None.
    """

    address: str
    root: str
    key: str
    category: str
    until: date
    owner: str
    text: str
    place: Place
    idle_at: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it. `layer_publishers` are accounts whose layers are trusted, `extensions` those that are wanted on any function,
    `open_routes` the ways in that everybody may use.

    `var_files` are .tfvars files that count in every root. `file` is the settings file as reports name it, empty when there is none;
    `pages_url` where the policies' pages are hosted. `is_partial` says that not all was read that the settings may speak of: a part of the
    repository was scanned, or a root could not be read.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)
    vpc_required: tuple[VpcDemand, ...] = ()
    budgets: tuple[Budget, ...] = ()
    layer_publishers: tuple[str, ...] = ()
    extensions: tuple[AllowedExtension, ...] = ()
    open_routes: tuple[OpenRoute, ...] = ()
    reasons: tuple[StatedReason, ...] = ()
    var_files: tuple[str, ...] = ()
    pages_url: str | None = None
    file: str = ""
    is_partial: bool = False

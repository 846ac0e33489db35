"""Which file system a function mounts, and through which access point."""

from __future__ import annotations

import re
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import AccessPoint, FileSystem, Function, Link, Store
from serverful.estate.value import Known, Unknown

EFS, S3_FILES = "EFS", "S3 Files"
# The types of blocks and data sources of each, and the service in an ARN: `arn:aws:elasticfilesystem:…:access-point/fsap-…` and
# `arn:aws:s3files:…:file-system/fs-…/access-point/fsap-…` (AWS Lambda Developer Guide, "Configuring file system access", 2026-08).
_SIGNS = ((re.compile(r"\baws_efs_|:elasticfilesystem:"), EFS), (re.compile(r"\baws_s3files_|:s3files:"), S3_FILES))
_MANY = 20  # mounts that cannot be followed that one verdict names


@dataclass(frozen=True, slots=True)
class Mount:
    """What `file_system_config` of a function names: `link`, by its own words.

    `service` is "EFS", "S3 Files", or "" where nothing tells. `access_point` and `file_system` are blocks of this root, where they are.
    """

    link: Link
    service: str
    access_point: AccessPoint | None = None
    file_system: FileSystem | None = None

    @property
    def noun(self) -> str:
        """`EFS file system`, `S3 Files file system`, or `file system`."""
        return f"{self.service} file system".strip()

    @property
    def a_noun(self) -> str:
        """The same with its article."""
        return f"{'an' if self.service else 'a'} {self.noun}"


def mount_of(function: Function, estate: Estate) -> Mount | None:
    """What a function certainly mounts; None where it mounts nothing, or somebody outside decides."""
    mounted = function.file_system
    if not isinstance(mounted, Known) or mounted.value is None:
        return None
    link = mounted.value
    point = estate.find(link, AccessPoint)
    system = estate.find(point.parent if point is not None else link, FileSystem)
    return Mount(link, service_of(f"{link.target} {link.expression}"), point, system)


def service_of(signs: str) -> str:
    """The service that an address, a type or an ARN speaks of: "EFS", "S3 Files", or ""."""
    return next((service for sign, service in _SIGNS if sign.search(signs)), "")


def mounting(system: FileSystem, estate: Estate) -> tuple[Function, ...]:
    """The functions of this root that certainly mount a file system of it, in order of address."""
    return _mounting(estate).get(system.address, ())


@once_per_estate
def _mounting(estate: Estate) -> dict[str, tuple[Function, ...]]:
    found: dict[str, list[Function]] = {}
    for function in estate.all(Function):
        mount = mount_of(function, estate)
        if mount is not None and mount.file_system is not None:
            found.setdefault(mount.file_system.address, []).append(function)
    return {address: tuple(functions) for address, functions in found.items()}


@once_per_estate
def unfollowed_mounts(estate: Estate) -> tuple[Unknown, ...]:
    """What functions mount, or may mount, of which it cannot be told where it leads: any file system of this root may be meant.

    The first of them are enough to say that it is open.
    """
    found: list[Unknown] = []
    for function in estate.all(Function):
        mounted = function.file_system
        if isinstance(mounted, Unknown):
            found.append(mounted)
        elif mounted.value is not None and mounted.value.origin == "unknown":
            found.append(Unknown(mounted.value.expression, mounted.value.place))
    return tuple(dict.fromkeys(found))[:_MANY]


def parts_of(system: FileSystem, estate: Estate) -> tuple[Store, ...]:
    """The mount targets and access points of this root that belong to a file system."""
    return _parts(estate).get(system.address, ())


@once_per_estate
def _parts(estate: Estate) -> dict[str, tuple[Store, ...]]:
    found: dict[str, list[Store]] = {}
    for store in estate.all(Store):
        if store.parent is not None and store.parent.target is not None:
            found.setdefault(store.parent.target, []).append(store)
    return {address: tuple(stores) for address, stores in found.items()}

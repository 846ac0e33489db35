"""Which file system a function mounts, and through which access point."""

from __future__ import annotations

import re
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.model import Function, Link, Store
from serverful.estate.value import Known

EFS, S3_FILES = "EFS", "S3 Files"
# The types of blocks and data sources of each, and the service in an ARN: `arn:aws:elasticfilesystem:…:access-point/fsap-…` and
# `arn:aws:s3files:…:file-system/fs-…/access-point/fsap-…` (AWS Lambda Developer Guide, "Configuring file system access", 2026-08).
_SIGNS = ((re.compile(r"\baws_efs_|:elasticfilesystem:"), EFS), (re.compile(r"\baws_s3files_|:s3files:"), S3_FILES))


@dataclass(frozen=True, slots=True)
class Mount:
    """What `file_system_config` of a function names: `link`, by its own words.

    `service` is "EFS", "S3 Files", or "" where nothing tells. `access_point` and `file_system` are blocks of this root, where they are.
    """

    link: Link
    service: str
    access_point: Store | None = None
    file_system: Store | None = None

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
    point = estate.find(link, Store)
    whole = estate.find(point.parent, Store) if point is not None else None
    return Mount(link, _service(link), point, whole if whole is not None else point if point and point.parent is None else None)


def _service(link: Link) -> str:
    signs = f"{link.target} {link.expression}"
    return next((service for sign, service in _SIGNS if sign.search(signs)), "")

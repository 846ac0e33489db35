"""Why does this function mount a file system? The verdict before recorded reasons, which SLS_FS_1 and SLS_RAD_3 share.

Decisions:
- A mounted file system is a fact, whatever variable its ARN comes from.
- Terraform rarely shows a reason for it: that files have to be files is a matter of the program. One thing does: a function whose /tmp is
  already as large as it can be works with more than the disk that it has for itself.
- What the function may do to the files (`ClientWrite`, `ClientMount`) says how it uses them, not why they are files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.estate.estate import Estate
from serverful.estate.file_systems import S3_FILES, Mount, mount_of
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function
from serverful.estate.value import Basis, Unknown
from serverful.evidence import reference
from serverful.evidence.evidence import Evidence
from serverful.verdict import Verdict, failed, not_ours, passed, undecided


@dataclass(frozen=True, slots=True)
class Storage:
    """How much a function can hold without a file system, in MB."""

    ephemeral_storage_mb: int
    image_mb: int
    package_mb: int
    as_of: date
    source: str


@cache
def storage() -> Storage:
    """`reference/storage.yaml`."""
    data = reference.read("storage.yaml")
    return Storage(data["ephemeral_storage_mb"], data["image_mb"], data["package_mb"], data["as_of"], data["source"])


@once_per_subject  # SLS_FS_1 and SLS_RAD_3 both ask
def why_mounted(function: Function, estate: Estate) -> Verdict:
    """Not ours without a file system; passed where /tmp is used up; undecided where its size is; else failed (unexplained)."""
    if isinstance(function.file_system, Unknown):
        expression = function.file_system.expression
        return undecided(f"Whether the function mounts a file system is decided outside this root: {expression}.", function.file_system)
    mount = mount_of(function, estate)
    if mount is None:
        return not_ours("the function mounts no file system")
    path, size, limit = mounted_path(mount), function.ephemeral_storage_mb, storage()
    if isinstance(size, Unknown):
        says = f"The function mounts {mount.a_noun}, and whether its /tmp is used up is decided outside this root: {size.expression}."
        return undecided(says, size, path=path, missed=_missed(function), answerable=True)
    if size.value >= limit.ephemeral_storage_mb:
        full = Evidence(f"ephemeral_storage is {size.value} MB, as much as /tmp can have", size.place, as_of=limit.as_of)
        return passed("The function has the largest /tmp there is, and mounts a file system besides.", full, *path)
    return failed(
        f"The function mounts {mount.a_noun}, and nothing here says why its files have to be files.",
        *path,
        missed=_missed(function),
        instead=_instead(mount),
        argument="file_system_config",
    )


def mounted_path(mount: Mount) -> tuple[Evidence, ...]:
    """The mount, its access point and its file system, each where it stands."""
    path = [Evidence(f"file_system_config mounts {mount.link.expression}", mount.link.place)]
    if mount.access_point is not None:
        path.append(Evidence(f"access point of the {mount.noun}", mount.access_point.place))
    if mount.file_system is not None:
        path.append(Evidence(mount.noun, mount.file_system.place, Basis.DERIVED))
    return tuple(path)


def _missed(function: Function) -> tuple[str, ...]:
    size, limit = function.ephemeral_storage_mb, storage()
    said = size.expression if isinstance(size, Unknown) else f"{size.value} MB"
    return (f"ephemeral_storage: {said} of the {limit.ephemeral_storage_mb} MB that /tmp can have (as of {limit.as_of})",)


def _instead(mount: Mount) -> str:
    """The talk's order: object storage, queue, stream, and only then a file system."""
    limit = storage()
    direct = "The bucket behind S3 Files can be read and written through the S3 API, without a VPC. " if mount.service == S3_FILES else ""
    return (
        f"{direct}Ask three times whether it can be event-driven: an object in S3 whose notification starts a function, a message in a "
        "queue, a record in a stream. Scratch space is ephemeral_storage, up to "
        f"{limit.ephemeral_storage_mb} MB (as of {limit.as_of}); data that does not change comes in a container image or from S3. "
        "Without the file system, the VPC that it drags in may go as well."
    )

"""Does a file system check who mounts it? What SLS_FS_3 asks of the policies of a file system.

Amazon EFS User Guide, "Using IAM to control access to file systems": without a policy of its own, a file system gives full access to every
client that can connect to a mount target. With one, an NFS client without IAM identity is anonymous, and may do what is allowed to `*`.
AWS Lambda Developer Guide, "Configuring file system access": a function mounts with its execution role, which needs
`elasticfilesystem:ClientMount`, and `elasticfilesystem:ClientWrite` to write (both 2026-08).

Decisions:
- Whom a policy lets in is told as for every resource (`resource_policy.py`). The mount target counts as a condition that asks, since the
  catalogue takes it for one, though whoever reaches the network has it.
- How to mount is asked of EFS only. What S3 Files does without a policy is not documented well enough to claim it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.file_systems import mount_of, mounting, parts_of
from serverful.estate.model import Document, FilePolicy, FileSystem
from serverful.estate.registry import TERRAFORM_AWS_MODULES, registry_name
from serverful.estate.unread_modules import calls_given
from serverful.estate.unseen import unseen
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.resource_policy import let_in
from serverful.verdict import Kind, Verdict, failed, passed, undecided
from serverful.wording import joined, shortened

MOUNT = "elasticfilesystem:ClientMount"
_TLS, _ACCESS_POINT = "aws:securetransport", "elasticfilesystem:accesspointarn"
_SHOWN = 4
_LOOKED_FOR = "a policy of the file system (aws_efs_file_system_policy)"


def who_may_mount(system: FileSystem, estate: Estate) -> Verdict:
    """Failed (contradicted) where everybody who reaches the mount targets may mount, undecided where a policy may say otherwise."""
    path = tuple(_path(system, estate))
    policies = [policy for policy in system.policies if doubt(policy.exists, system.exists) is None]
    if policies:
        return _by_policy(policies[0], system, path, estate)
    unknown = tuple(_elsewhere(system, estate))
    if unknown:
        says = "Whether the EFS file system asks who mounts it is decided elsewhere: "
        return undecided(f"{says}{joined([part.expression for part in unknown[:_SHOWN]])}.", *unknown, path=path, missed=(_LOOKED_FOR,))
    return failed(
        "The EFS file system has no policy, so everybody who reaches one of its mount targets may read and write it: "
        "the network is the only permission.",
        *path,
        kind=Kind.CONTRADICTED,
        missed=(_LOOKED_FOR,),
        instead=_instead(system, f"Add an aws_efs_file_system_policy for {system.address} that allows", estate),
        argument="aws_efs_file_system_policy",
    )


def _by_policy(policy: FilePolicy, system: FileSystem, path: tuple[Evidence, ...], estate: Estate) -> Verdict:
    answer = let_in((policy.document,), MOUNT)
    if answer.unknown:
        says = "Whether the EFS file system's policy lets everybody mount it is decided outside this root: "
        return undecided(f"{says}{joined([part.expression for part in answer.unknown[:_SHOWN]])}.", *answer.unknown, path=path)
    if answer.open_at:
        lets = (Evidence("lets everybody mount it, whoever asks", statement.place) for statement in answer.open_at)
        return failed(
            "The EFS file system's policy allows the mount to everybody, and no condition asks who it is.",
            *lets,
            *path,
            kind=Kind.CONTRADICTED,
            instead=_instead(system, f"Let {policy.address} allow", estate),
            argument="aws_efs_file_system_policy",
        )
    if answer.conditions:
        says = f"The EFS file system's policy lets everybody in under conditions only ({joined(list(answer.conditions))})"
    elif answer.named:
        says = f"The EFS file system's policy names who may mount it ({shortened(answer.named, _SHOWN)})"
    else:
        says = "The EFS file system's policy lets nobody in by itself, so each role needs a permission of its own"
    return passed(f"{says}{_note(policy.document)}.", Evidence("policy of the file system", policy.place), *path)


def _note(document: Document) -> str:
    """What the policy could ask for as well."""
    keys = {condition.key.lower() for statement in document.statements for condition in statement.conditions}
    asked = (("TLS (aws:SecureTransport)", _TLS), ("an access point (elasticfilesystem:AccessPointArn)", _ACCESS_POINT))
    missing = [what for what, key in asked if key not in keys]
    return f"; it does not ask for {' or '.join(missing)}" if missing else ""


def _elsewhere(system: FileSystem, estate: Estate) -> Iterator[Unknown]:
    """What may give the file system a policy that is not seen."""
    yield from system.unknown
    for policy in system.policies:
        why = doubt(policy.exists, system.exists)
        if why is not None:
            yield why
    for call in calls_given(system.address, estate):
        if not re.match(TERRAFORM_AWS_MODULES, registry_name(call.source)):
            yield Unknown(call.address, call.place)
    yield from unseen(estate, system.place, "who calls this module")


def _path(system: FileSystem, estate: Estate) -> Iterator[Evidence]:
    """The file system, where it is mounted, and the mount targets through which others may."""
    yield Evidence("EFS file system", system.place)
    for function in mounting(system, estate)[:_SHOWN]:
        mount = mount_of(function, estate)
        if mount is not None:
            yield Evidence(f"mounted by {function.address}", mount.link.place)
    targets = [part for part in parts_of(system, estate) if part.type == "aws_efs_mount_target"]
    for target in targets[:_SHOWN]:
        yield Evidence("mount target", target.place)


def _instead(system: FileSystem, start: str, estate: Estate) -> str:
    functions = mounting(system, estate)
    roles = dict.fromkeys(function.role.target or function.role.expression for function in functions if function.role is not None)
    points = dict.fromkeys(mount.link.expression for mount in (mount_of(function, estate) for function in functions) if mount)
    who = joined([*list(roles)[:_SHOWN], *(["the other roles"] if len(roles) > _SHOWN else [])]) or "the functions' roles"
    return (
        f"{start} {MOUNT}, and elasticfilesystem:ClientWrite where it writes, to {who}, under the conditions "
        f"elasticfilesystem:AccessPointArn ({joined(list(points)[:_SHOWN])}) and aws:SecureTransport. "
        "Give the role the same actions on the file system's ARN; lambda:SourceFunctionArn there can hold them to this one function."
    )

"""Do files carry messages? Who uses one file system, which directories they have in common, and who writes what another one reads.

Decisions:
- A function reads only where its role allows `ClientMount` and certainly not `ClientWrite`; it writes where the role allows that. A role
  that speaks of neither decides nothing: without a policy of the file system, everybody may write.
- Directories are apart where neither holds the other; the whole file system holds all of them.
- Containers, file transfer and data sync are other systems: what they share with a function passes between them. What an instance mounts
  stands in its user data, which is not read.
- Models, caches, libraries and the like are filled by one and read by many, and are no messages. Names that speak of them leave it open.
- A schedule that starts a function with a file system may be how it looks for new files, which is a question of its own (LOW). Names that
  speak of reports, clean-ups and the like say that the clock is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.file_systems import S3_FILES, Mount, mount_of, mounting, unfollowed_mounts
from serverful.estate.identity import allowed, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import AccessPoint, FileSystem, FileUser, Function, Thing
from serverful.estate.place import Place
from serverful.estate.unread_modules import calls_given
from serverful.estate.value import Known, Unknown, Value
from serverful.evidence.clock import schedules_of, work_by_the_clock
from serverful.evidence.evidence import Evidence
from serverful.evidence.services import managed_policies
from serverful.evidence.words import word_set, words
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined, shortened

_MOVERS = ("file transfer", "data sync")  # they bring files, or take them away
_SHOWN = 5
_FILLED_ONCE = word_set(
    """
    ARTIFACT ARTIFACTS BINARIES BINARY CACHE CACHED CACHES CODE DEFINITIONS DEFS DEPENDENCIES DEPS LIB LIBRARIES LIBRARY LIBS MODEL
    MODELS MODULES PACKAGES PLUGINS REFERENCE RUNTIME TOOLS VENV WEIGHTS
    """
)


class Access(Enum):
    """What is known of how somebody uses files."""

    READS = "reads"
    WRITES = "writes"
    OPEN = "reads or writes"


@dataclass(frozen=True, slots=True)
class User:
    """Who uses a file system, as what, in which directory, and how. `exists` names what decides elsewhere whether it does."""

    thing: Thing
    what: str
    directory: Value[str]
    access: Access
    place: Place
    exists: Unknown | None = None

    @property
    def named(self) -> str:
        return f"the {self.what} {self.thing.address}" if self.what else self.thing.address

    @property
    def evidence(self) -> Evidence:
        where = self.directory.value if isinstance(self.directory, Known) else self.directory.expression
        return Evidence(f"{self.named} {self.access.value} in {where}", self.place)


def carries_messages(subject: FileSystem | Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where a file system is shared by users that do not all only read; passed where they do, or are apart."""
    users = _users(subject, estate)
    functions = [user for user in users if isinstance(user.thing, Function)]
    mounts = unfollowed_mounts(estate) if isinstance(subject, FileSystem) else ()
    if not functions:
        says = "Whether functions mount the file system, and share it, is decided outside this root."
        return undecided(says, *mounts) if mounts else not_ours("no function of this root mounts it")
    path = tuple(user.evidence for user in users[:_SHOWN])
    certain = [user for user in users if user.exists is None]
    shared = _shared(certain)
    if shared and not all(user.access is Access.READS for user in shared):
        return _shares(shared, subject)
    if len(certain) == 1 and len(users) == 1:
        return _alone(functions[0], estate)
    unknown = [user.exists for user in users if user.exists is not None]
    unknown += [user.directory for user in users if isinstance(user.directory, Unknown)]
    unknown += mounts
    if isinstance(subject, FileSystem):
        unknown += [Unknown(call.address, call.place) for call in calls_given(subject.address, estate)]
    if unknown and not all(user.access is Access.READS for user in users):
        says = "Whether the users of the file system share a directory of it is decided outside this root: "
        return undecided(f"{says}{joined([part.expression for part in unknown[:_SHOWN]])}.", *unknown, path=path)
    if shared or all(user.access is Access.READS for user in users):
        return passed("All that is seen using the file system mounts it to read only.", *path)
    return passed("Those who use the file system have directories of their own.", *path)


def _shares(shared: Sequence[User], subject: Thing) -> Verdict:
    path = tuple(user.evidence for user in shared[:_SHOWN])
    hint = _hint(subject, shared)
    if hint:
        says = (
            f"A file system is shared by {_names(shared)}, and names ({hint}) suggest that it holds what is filled once and read by many."
        )
        return undecided(says, Unknown(f"what {subject.address} holds", subject.place), path=path)
    writers, readers = ([user for user in shared if user.access is access] for access in (Access.WRITES, Access.READS))
    others = [user for user in shared if not isinstance(user.thing, Function)]
    is_message = bool(readers and (writers or others)) or any(user.what in _MOVERS for user in others)
    if writers and readers:
        says = f"Files carry messages: {_names(writers)} may write what {_names(readers)} can only read"
        says += f", and {_names(others)} shares them as well" if others else ""
    else:
        says = f"One file system is shared by {_names(shared)}, so files pass between them"
    return failed(
        f"{says}.",
        *path,
        *([Evidence("file system", subject.place)] if isinstance(subject, FileSystem) else []),
        kind=Kind.CONTRADICTED,
        missed=("directories of their own, or roles that all allow ClientMount without ClientWrite",),
        severity=Severity.HIGH if is_message else Severity.MEDIUM,
        instead=_INSTEAD,
        argument="file_system_config",
    )


_INSTEAD = (
    "Let the one put an object into S3, and let the bucket's notification or EventBridge start the other with bucket and key in the event; "
    "what both have to remember goes into DynamoDB. Where they share data that does not change, let all but its source mount it to read "
    "only (ClientMount without ClientWrite). Where they share nothing, give each an access point with a directory of its own."
)


def _alone(user: User, estate: Estate) -> Verdict:
    function = user.thing
    if not isinstance(function, Function) or user.access is Access.READS:
        return not_ours("one function uses the file system")
    schedules = schedules_of(function, estate)
    if not schedules or work_by_the_clock(function, estate):
        return not_ours("one function uses the file system, and no schedule makes it look for files")
    return failed(
        f"A schedule starts {function.address}, which mounts a file system: so it may be polling for files.",
        *(Evidence("a schedule starts the function", call.place) for call in schedules[:_SHOWN]),
        user.evidence,
        kind=Kind.CONTRADICTED,
        severity=Severity.LOW,
        instead="Let files arrive as objects in S3, whose notification or EventBridge event starts the function when there is one.",
        argument="file_system_config",
    )


# --- who uses it ------------------------------------------------------------------------------------------------------------------


def _users(subject: FileSystem | Function, estate: Estate) -> list[User]:
    if isinstance(subject, FileSystem):
        found = [user for function in mounting(subject, estate) for user in _function(function, estate)]
        return [
            replace(user, exists=doubt(user.thing.exists, subject.exists)) for user in (*found, *_others(estate).get(subject.address, ()))
        ]
    mates = _outside(estate).get(subject.address, ())
    return [replace(user, exists=doubt(user.thing.exists)) for function in mates for user in _function(function, estate)]


def _function(function: Function, estate: Estate) -> list[User]:
    mount = mount_of(function, estate)
    if mount is None:
        return []
    directory: Value[str] = mount.access_point.directory if mount.access_point is not None else Known("/", mount.link.place)
    return [User(function, "", directory, _access(function, mount, estate), mount.link.place)]


def _access(function: Function, mount: Mount, estate: Estate) -> Access:
    """What the role lets the function do with files."""
    role = role_of(function, estate)
    if role is None:
        return Access.OPEN
    service = "s3files" if mount.service == S3_FILES else "elasticfilesystem"
    logins = managed_policies().logins
    known = [action for policy in role.managed for action in logins.get(policy.name, ())]
    mounts, writes = (
        any(item.covers(f"{service}:{action}") for item in allowed(role)) or f"{service}:{action}" in known
        for action in ("ClientMount", "ClientWrite")
    )
    if writes:
        return Access.WRITES
    is_read = not role.unknown and not any(document.unknown for document in role.documents)
    return Access.READS if mounts and is_read else Access.OPEN


@once_per_estate
def _others(estate: Estate) -> dict[str, list[User]]:
    """What uses the file systems of this root and is no function."""
    found: dict[str, list[User]] = {}
    for thing in estate.all(FileUser):
        for use in thing.uses:
            point = estate.find(use.access_point, AccessPoint)
            system = estate.find(use.file_system, FileSystem) or estate.find(point.parent if point else None, FileSystem)
            if system is not None:
                directory = point.directory if point is not None else use.directory
                found.setdefault(system.address, []).append(User(thing, thing.what, directory, Access.OPEN, use.place))
    return found


@once_per_estate
def _outside(estate: Estate) -> dict[str, tuple[Function, ...]]:
    """Functions that certainly share a file system of another root, by the first of them."""
    groups: dict[str, list[Function]] = {}
    for function in estate.all(Function):
        mount = mount_of(function, estate)
        key = _key(mount) if mount is not None and mount.file_system is None else None
        if key is not None:
            groups.setdefault(key, []).append(function)
    return {functions[0].address: tuple(functions) for functions in groups.values()}


def _key(mount: Mount) -> str | None:
    """What tells that two mounts lead to one file system, or None."""
    if mount.access_point is not None:
        parent = mount.access_point.parent
        is_named = parent is not None and (parent.origin == "data" or (parent.origin == "literal" and "$" not in parent.expression))
        return (parent.target or parent.expression) if parent is not None and is_named else mount.access_point.address
    link = mount.link
    if link.origin == "data":
        return link.target
    return link.expression if link.origin == "literal" and "$" not in link.expression else None


# --- what they have in common -----------------------------------------------------------------------------------------------------


def _shared(users: Sequence[User]) -> list[User]:
    """Those who certainly share a directory, or one below it, with another one; a function is among them."""
    clusters: list[list[User]] = []
    top: list[str] = []
    for user, parts in sorted(((user, _parts(user)) for user in users if isinstance(user.directory, Known)), key=lambda pair: pair[1]):
        if clusters and parts[: len(top)] == top:  # sorted, so what lies below a directory follows it
            clusters[-1].append(user)
        else:
            clusters.append([user])
            top = parts
    undecided_alike: dict[Unknown, list[User]] = {}
    for user in users:
        if isinstance(user.directory, Unknown):
            undecided_alike.setdefault(user.directory, []).append(user)
    together = {id(user) for cluster in (*clusters, *undecided_alike.values()) if _is_shared(cluster) for user in cluster}
    return [user for user in users if id(user) in together]


def _is_shared(cluster: Sequence[User]) -> bool:
    return len({user.thing.address for user in cluster}) > 1 and any(isinstance(user.thing, Function) for user in cluster)


def _parts(user: User) -> list[str]:
    directory = user.directory.value if isinstance(user.directory, Known) else ""
    return [part for part in directory.split("/") if part]


def _hint(subject: Thing, shared: Sequence[User]) -> str:
    """A name that speaks of what is filled once: of the file system, or of a directory."""
    texts = [re.sub(r"^.*\.", "", subject.address) if isinstance(subject, FileSystem) else ""]
    texts += [user.directory.value for user in shared if isinstance(user.directory, Known)]
    texts += [name.value for name in [subject.tags.known.get("Name")] if isinstance(name, Known)]
    return next((text for text in texts if _FILLED_ONCE & set(words(text))), "")


def _names(users: Sequence[User]) -> str:
    return shortened([user.named for user in users], _SHOWN)

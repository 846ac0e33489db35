"""What the serverful functions of a root share: the second half of its radius (`evidence/radius.py` is the first).

Whoever changes a shared thing changes it for all of them, so this is how far one change reaches.

Decisions:
- Only what can be followed to one block of this root, or is named by the same ARN or id, is said to be shared. What a variable brings may
  be one thing or many.
- A set of subnets is shared where it is the same set. Functions on a capacity provider have its network.
- A file system is shared, not an access point: directories may be apart (SLS_FS_2 asks about that), the throughput is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.file_systems import mount_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attachment, CapacityProvider, Function, Link
from serverful.estate.network import ways_out
from serverful.estate.value import Known
from serverful.evidence.evidence import Evidence
from serverful.evidence.radius import radius
from serverful.wording import counted, shortened

_SHOWN = 3


class SharedKind(Enum):
    """What sort of thing is shared, in the order in which it is told."""

    SECURITY_GROUP = "security group"
    SUBNETS = "subnets"
    NAT = "NAT gateway"
    ROLE = "role"
    FILE_SYSTEM = "file system"


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that two serverful functions or more have in common.

    `what` are its addresses, or ARNs and ids as written: several only of subnets. `functions` are in order of address.
    """

    kind: SharedKind
    what: tuple[str, ...]
    functions: tuple[Function, ...]

    @property
    def says(self) -> str:
        """`aws_lambda_function.a and aws_lambda_function.b share the role aws_iam_role.r`."""
        return f"{shortened([function.address for function in self.functions], _SHOWN)} share the {self.named}"

    @property
    def named(self) -> str:
        """`role aws_iam_role.r`, `subnets aws_subnet.a and aws_subnet.b`."""
        return f"{self.kind.value} {shortened(self.what, _SHOWN)}"


@once_per_estate
def shared_things(estate: Estate) -> tuple[Shared, ...]:
    """What the functions of a root that certainly take a layer back share, by kind, and what most of them share first."""
    users: dict[tuple[SharedKind, tuple[str, ...]], list[Function]] = {}
    for taken in radius(estate):
        if taken.layers:
            for key in dict.fromkeys(_used(taken.function, estate)):
                users.setdefault(key, []).append(taken.function)
    found = [Shared(kind, what, tuple(functions)) for (kind, what), functions in users.items() if len(functions) > 1]
    order = list(SharedKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), -len(one.functions), one.what)))


@once_per_estate
def _by_function(estate: Estate) -> dict[str, tuple[Shared, ...]]:
    found: dict[str, list[Shared]] = {}
    for one in shared_things(estate):
        for function in one.functions:
            found.setdefault(function.address, []).append(one)
    return {address: tuple(shared) for address, shared in found.items()}


def shared_by(function: Function, estate: Estate) -> tuple[Shared, ...]:
    """What a function shares with other serverful functions of its root."""
    return _by_function(estate).get(function.address, ())


def told_at(function: Function, estate: Estate) -> tuple[Evidence, ...]:
    """The same, as evidence at the function: `shares the role aws_iam_role.r with 3 other serverful functions`."""
    return tuple(
        Evidence(f"shares the {one.named} with {counted(len(one.functions) - 1, 'other serverful function')}", function.place)
        for one in shared_by(function, estate)
    )


def _used(function: Function, estate: Estate) -> Iterator[tuple[SharedKind, tuple[str, ...]]]:
    """What a function certainly uses, that others may use too."""
    attachment = _attachment(function, estate)
    if attachment is not None:
        for group in attachment.security_groups:
            yield from _one(SharedKind.SECURITY_GROUP, group)
        names = sorted({name for subnet in attachment.subnets for name in _named(subnet)})
        if names and attachment.subnets.is_complete and len(names) == len(attachment.subnets.items):
            yield SharedKind.SUBNETS, tuple(names)
        for way in ways_out(attachment, estate):
            for passage in way.exits:
                if passage.nat is not None:
                    yield SharedKind.NAT, (passage.nat.address,)
    if function.role is not None:
        yield from _one(SharedKind.ROLE, function.role)
    mount = mount_of(function, estate)
    if mount is not None:
        if mount.file_system is not None:
            yield SharedKind.FILE_SYSTEM, (mount.file_system.address,)
        elif mount.access_point is None:
            yield from _one(SharedKind.FILE_SYSTEM, mount.link)


def _attachment(function: Function, estate: Estate) -> Attachment | None:
    """The function's own network, or its capacity provider's."""
    own = attachment_of(function)
    if own is not None or not isinstance(function.capacity_provider, Known):
        return own
    provider = estate.find(function.capacity_provider.value, CapacityProvider)
    return attachment_of(provider) if provider is not None else None


def _one(kind: SharedKind, link: Link) -> Iterator[tuple[SharedKind, tuple[str, ...]]]:
    for name in _named(link):
        yield kind, (name,)


def _named(link: Link) -> tuple[str, ...]:
    """What a link certainly leads to: a block of this root, or what an ARN or id says that is written here."""
    if link.target is None:
        return (link.expression,) if link.origin == "literal" and "${" not in link.expression else ()
    # Of a data source or a module that is not here, each attribute may be another thing (`outputs.group_a`, `ids.0`).
    return (link.target,) if link.origin == "resource" else (f"{link.target}.{link.attribute}",)

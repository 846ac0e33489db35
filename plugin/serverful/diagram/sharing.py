"""Draws what functions have beside their way out, and share: security groups, roles, file systems.

Whether something is shared is for `evidence/shared_things.py` to say. What only an expression names may be one thing or many; it is drawn
as that.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.diagram.drawing import EdgeKind, NodeKind
from serverful.diagram.sketch import Sketch
from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.file_systems import mount_of
from serverful.estate.model import Attached, Attachment, Function, Link
from serverful.estate.value import Unknown
from serverful.evidence.shared_things import SharedKind, shared_by, shared_things

_KINDS = {
    SharedKind.SECURITY_GROUP: NodeKind.SECURITY_GROUP,
    SharedKind.ROLE: NodeKind.ROLE,
    SharedKind.FILE_SYSTEM: NodeKind.FILE_SYSTEM,
}
_PERHAPS = "decided outside this root, so it may be one or many"


def draw_shared(sketch: Sketch, functions: dict[str, str], subjects: dict[str, tuple[Attached, ...]], estate: Estate) -> None:
    """Draws what several functions share. `functions` gives the box of each by its address, `subjects` what stands in a network for it."""
    for shared in shared_things(estate):
        kind = _KINDS.get(shared.kind)
        if kind is not None:  # subnets and NAT gateways stand on the way out
            thing = sketch.node(kind, shared.kind.value, *shared.what)
            for function in shared.functions:
                sketch.edge(thing, functions[function.address], EdgeKind.SHARED)
    perhaps: dict[tuple[NodeKind, str], list[str]] = {}
    for address, key in functions.items():
        user = estate.thing(address)
        if isinstance(user, Function):
            for named in dict.fromkeys(_undecided(user, subjects[address])):
                perhaps.setdefault(named, []).append(key)
    for (named_kind, expression), keys in perhaps.items():
        if len(keys) > 1:
            box = sketch.node(named_kind, named_kind.value, expression, note=_PERHAPS, is_unknown=True)
            for key in keys:
                sketch.edge(box, key, EdgeKind.SHARED, is_unknown=True)


def draw_own(sketch: Sketch, key: str, function: Function, subjects: tuple[Attached, ...], estate: Estate) -> None:
    """Draws the security groups of one function, the file system that it mounts, and its role where others have it too; of each, how many
    share it."""
    told = {(_KINDS.get(one.kind), one.what): _others(len(one.functions) - 1) for one in shared_by(function, estate)}
    for attachment in _attachments(subjects):
        for link in attachment.security_groups:
            _draw_own(sketch, key, NodeKind.SECURITY_GROUP, link, told, estate)
    mount = mount_of(function, estate)
    if mount is not None:
        if mount.file_system is not None:
            note = told.get((NodeKind.FILE_SYSTEM, (mount.file_system.address,)), "")
            system = sketch.node(NodeKind.FILE_SYSTEM, "file system", mount.file_system.address, note=note)
            sketch.edge(system, key, EdgeKind.SHARED)
        else:
            _draw_own(sketch, key, NodeKind.FILE_SYSTEM, mount.link, told, estate)
    for kind, what in told:
        if kind is NodeKind.ROLE:
            role = sketch.node(kind, "role", *what, note=told[kind, what])
            sketch.edge(role, key, EdgeKind.SHARED)
    for kind, expression in dict.fromkeys(_undecided(function, subjects)):
        if kind is not NodeKind.ROLE:  # whether others have it cannot be told
            thing = sketch.node(kind, kind.value, expression, note="decided outside this root", is_unknown=True)
            sketch.edge(thing, key, EdgeKind.SHARED, is_unknown=True)


def _draw_own(
    sketch: Sketch, key: str, kind: NodeKind, link: Link, told: dict[tuple[NodeKind | None, tuple[str, ...]], str], estate: Estate
) -> None:
    if _is_open(link):
        return  # among what is undecided
    thing_there = estate.thing(link.target) if link.origin == "resource" else None
    shown = thing_there.address if thing_there is not None else link.expression
    note = told.get((kind, (shown,))) or told.get((kind, (f"{link.target}.{link.attribute}",)), "")
    thing = sketch.node(kind, kind.value, shown, note=note)
    sketch.edge(thing, key, EdgeKind.SHARED)


def _others(number: int) -> str:
    return f"shared with {number} other serverful function{'' if number == 1 else 's'}"


def _attachments(subjects: tuple[Attached, ...]) -> Iterator[Attachment]:
    for subject in subjects:
        attachment = attachment_of(subject)
        if attachment is not None:
            yield attachment


def _undecided(function: Function, subjects: tuple[Attached, ...]) -> Iterator[tuple[NodeKind, str]]:
    """What a function has, or may have, that only an expression names."""
    for attachment in _attachments(subjects):
        for link in attachment.security_groups:
            if _is_open(link):
                yield NodeKind.SECURITY_GROUP, link.expression
        for part in attachment.security_groups.unknown:
            yield NodeKind.SECURITY_GROUP, part.expression
    if function.role is not None and _is_open(function.role):
        yield NodeKind.ROLE, function.role.expression
    mounted = function.file_system
    if isinstance(mounted, Unknown):
        yield NodeKind.FILE_SYSTEM, mounted.expression
    elif mounted.value is not None and _is_open(mounted.value):
        yield NodeKind.FILE_SYSTEM, mounted.value.expression


def _is_open(link: Link) -> bool:
    return link.target is None and link.origin != "literal"

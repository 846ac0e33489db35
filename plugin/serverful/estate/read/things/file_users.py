"""What uses a file system besides functions: containers, file transfer, data sync. What instances mount stands in their user data.

Arguments: Terraform AWS provider 6.55 documentation, `aws_ecs_task_definition` (`efs_volume_configuration`), `aws_transfer_user`
(`home_directory`: `/fs-…/path` on a server whose domain is EFS), `aws_datasync_location_efs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from serverful.estate.model import FileUse, FileUser, Other, Thing
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Literal, Term, Text, references
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.security_groups import wearing
from serverful.estate.read.things.shapes import ACCESS_POINTS
from serverful.estate.value import Known, Unknown, Value

FILE_SYSTEMS = ("aws_efs_file_system", "aws_s3files_file_system")


def container(block: Block, index: Index) -> Thing:
    """`aws_ecs_task_definition` with volumes on EFS."""
    uses = [use for volume in block.blocks("volume").blocks for use in _volume(volume, index)]
    return _user(block, "container", uses, index)


def _volume(volume: Block, index: Index) -> Iterator[FileUse]:
    for config in volume.blocks("efs_volume_configuration").blocks:
        system = index.link(config, "file_system_id", *FILE_SYSTEMS)
        authorization = config.blocks("authorization_config").blocks
        point = index.link(authorization[0], "access_point_id", *ACCESS_POINTS) if authorization else None
        yield FileUse(system, point, _directory(config, "root_directory"), config.place)


def data_sync(block: Block, index: Index) -> Thing:
    """`aws_datasync_location_efs`: files are copied to it or from it."""
    system = index.link(block, "efs_file_system_arn", *FILE_SYSTEMS)
    point = index.link(block, "access_point_arn", *ACCESS_POINTS)
    return _user(block, "data sync", [FileUse(system, point, _directory(block, "subdirectory"), block.place)], index)


def transfer(block: Block, index: Index) -> Thing:
    """`aws_transfer_user`, `aws_transfer_access`: a home directory that begins with the id of a file system."""
    terms = [(block.term("home_directory"), block.at("home_directory"))]
    terms += [(mapping.term("target"), mapping.at("target")) for mapping in block.blocks("home_directory_mappings").blocks]
    uses = [use for term, place in terms for use in _home(term, place, index)]
    return _user(block, "file transfer", uses, index)


def _home(term: Term, place: Place, index: Index) -> Iterator[FileUse]:
    inner = convert.settled(term)
    refs = [ref for ref in references(inner) if ref.block.type in FILE_SYSTEMS]
    if not refs:
        return
    link = index.link_of(refs[0], place, *FILE_SYSTEMS)
    directory: Value[str] = convert.unknown(inner, place)
    if isinstance(inner, Text):
        behind = inner.parts[next((n for n, part in enumerate(inner.parts) if part == refs[0]), 0) + 1 :]
        if all(isinstance(part, Literal) for part in behind):
            directory = Known("".join(str(part.value) for part in behind if isinstance(part, Literal)) or "/", place)
    yield FileUse(link if not isinstance(link, Unknown) else None, None, directory, place)


def _directory(block: Block, name: str) -> Value[str]:
    return convert.text(block, name, "/")


def _user(block: Block, what: str, uses: list[FileUse], index: Index) -> Other:
    made = wearing(block, index)
    if not uses:
        return made
    taken: dict[str, Any] = {part.name: getattr(made, part.name) for part in fields(made)}
    return FileUser(**taken, what=what, uses=tuple(uses))


BUILDERS = {
    "aws_ecs_task_definition": container,
    "aws_datasync_location_efs": data_sync,
    "aws_transfer_user": transfer,
    "aws_transfer_access": transfer,
}

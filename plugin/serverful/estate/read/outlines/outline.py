"""Which module calls have an outline, and the outline's blocks.

In: a module call as written. Out: the source of its outline, and the major version asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from serverful.estate.read import source_hcl
from serverful.estate.read.block import Block
from serverful.estate.read.expression import Constant
from serverful.estate.read.outlines.versions import major_asked, major_of_tag
from serverful.estate.read.source import SourceBlock, SourceFolder, SourceProblem
from serverful.estate.read.term import Literal
from serverful.estate.registry import registry_source

VERSION = "module_major"
_HERE = Path(__file__).parent
# The modules with an outline, and the newest major version that there was when it was read.
KNOWN = {
    "terraform-aws-modules/lambda/aws": 8,
    "terraform-aws-modules/lambda/aws//modules/alias": 8,
    "cloudposse/label/null": 0,
    "cloudposse/lambda-function/aws": 0,
    "terraform-aws-modules/security-group/aws": 5,
    "terraform-aws-modules/vpc/aws": 6,
    "terraform-aws-modules/vpc/aws//modules/vpc-endpoints": 6,
    "cloudposse/dynamic-subnets/aws": 3,
}


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of the module that one call asks for. `major` is None where it cannot be told."""

    folder: SourceFolder
    major: int | None


def outline_of(call: SourceBlock) -> Outline | None:
    """The outline for a call; None for a module of which none is known."""
    source = registry_source(_constant(call, "source") or "")
    if source is None or source.name not in KNOWN:
        return None
    if source.is_git:
        return Outline(_read(source.name), major_of_tag(source.ref) if source.ref else KNOWN[source.name])
    if "version" in call.attributes and _constant(call, "version") is None:
        return Outline(_read(source.name), None)
    return Outline(_read(source.name), major_asked(_constant(call, "version"), KNOWN[source.name]))


def _constant(call: SourceBlock, name: str) -> str | None:
    attribute = call.attributes.get(name)
    value = attribute.expression.value if attribute is not None and isinstance(attribute.expression, Constant) else None
    return value if isinstance(value, str) else None


def file_of(name: str) -> Path:
    """Where the outline of a module stands."""
    return _HERE / f"{name.replace('//modules/', '.').replace('/', '.')}.hcl"


@cache  # once for all roots: nothing changes it
def _read(name: str) -> SourceFolder:
    path = file_of(name)
    folder, problems = SourceFolder(path), list[SourceProblem]()
    for block in source_hcl.blocks(path, path.read_bytes(), problems):
        block.settle()
        folder.add(block, is_override=False)
    assert not problems, problems
    return folder


def is_outlined(call: Block) -> bool:
    """Whether there is an outline for a call that was read."""
    term = call.term("source")
    source = registry_source(term.value) if isinstance(term, Literal) and isinstance(term.value, str) else None
    return source is not None and source.name in KNOWN

"""What every thing has, whatever it is: address, type, place, existence, tags, comments; and what Terraform leaves to others."""

from __future__ import annotations

from typing import TypedDict

from serverful.estate.model import Comment, Other, Tags
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import shown
from serverful.estate.value import Known, Value


class Heading(TypedDict):
    """The arguments of `Thing`."""

    address: str
    type: str
    place: Place
    exists: Value[bool]
    tags: Tags
    comments: tuple[Comment, ...]
    calls: tuple[Place, ...]


def heading(block: Block) -> Heading:
    """The heading of the thing that a block makes. The `tags` of a data source are a filter, not its tags."""
    return {
        "address": block.address,
        "type": block.type,
        "place": block.place,
        "exists": block.exists,
        "tags": convert.tags(block) if block.mode != "data" and block.has("tags") else Tags(),
        "comments": block.comments,
        "calls": block.calls,
    }


def other(block: Block) -> Other:
    """A block of no particular interest: it has a type and a place, so that a link to it says what it leads to."""
    return Other(**heading(block))


def ignores(block: Block, *arguments: str) -> Value[bool]:
    """Whether `lifecycle` lets somebody else change one of these arguments: by its name, or by `all`. Unknown where a plan does not say."""
    lifecycle, place = block.blocks("lifecycle"), block.at("lifecycle")
    named = (part for nested in lifecycle.blocks for part in convert.parts(nested.term("ignore_changes")))
    if not {shown(part).strip('"') for part in named}.isdisjoint((*arguments, "all")):
        return Known(True, place)
    return convert.unknown(lifecycle.undecided[0], place) if lifecycle.undecided else Known(False, place)

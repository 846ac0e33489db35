"""Arguments that stand in nested blocks, one in another."""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.model import Link
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.value import Basis, Known, Value


def nested_link(block: Block, path: Sequence[str], argument: str) -> Value[Link | None]:
    """The link at the end of a path of nested blocks of which there is one each; Known(None) where one is missing, or the argument is
    null or empty."""
    for name in path:
        nested = block.blocks(name)
        if not nested.blocks:
            place = block.at(name)
            return convert.unknown(nested.undecided[0], place) if nested.undecided else Known(None, place, Basis.DEFAULTED)
        block = nested.blocks[0]
    found = convert.optional_link(block, argument)
    is_empty = isinstance(found, Known) and found.value is not None and found.value.origin == "literal" and not found.value.expression
    return Known(None, found.place) if is_empty else found

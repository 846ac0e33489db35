"""Who calls functions: one table says which reader tells the calls of which type of resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from serverful.estate.model import Invocation, Thing
from serverful.estate.read.block import Block
from serverful.estate.read.things.callers import apis, events, permissions, services, streams, workflows
from serverful.estate.read.things.callers.calling import Shape
from serverful.estate.read.things.callers.roles import calls_by_roles
from serverful.estate.read.things.index import Index
from serverful.natural import natural

Reader = Callable[[Block, Index], Iterable[Invocation]]

SHAPES: dict[str, tuple[Shape, ...]] = {**apis.SHAPES, **events.SHAPES, **services.SHAPES}
READERS: dict[str, Reader] = {**apis.READERS, **events.READERS, **permissions.READERS, **streams.READERS, **workflows.READERS}


def invocations(things: Mapping[str, Thing], index: Index) -> tuple[Invocation, ...]:
    """Every way in which something of this root calls a function, in natural order of the callers' addresses; each once."""
    found = [call for block in index.blocks.values() for call in _calls(block, index)]
    found += calls_by_roles(things, index)
    return tuple(sorted(dict.fromkeys(found), key=lambda call: natural(call.by)))


def _calls(block: Block, index: Index) -> Iterator[Invocation]:
    if block.mode == "data":
        if block.type == "aws_lambda_invocation":
            yield from services.INVOCATION.calls(block, index)
        return
    if block.mode != "managed":
        return
    for shape in SHAPES.get(block.type, ()):
        yield from shape.calls(block, index)
    reader = READERS.get(block.type)
    if reader is not None:
        yield from reader(block, index)

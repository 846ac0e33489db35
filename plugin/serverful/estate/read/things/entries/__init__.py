"""Ways in: one table says which reader tells the entries of which type of resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from serverful.estate.model import Entry, Invocation
from serverful.estate.read.block import Block
from serverful.estate.read.things.entries import direct, graphql, http, rest
from serverful.estate.read.things.entries.calls import Calls
from serverful.estate.read.things.index import Index
from serverful.natural import natural

Reader = Callable[[Block, Calls, Index], Iterable[Entry]]

READERS: dict[str, Reader] = {**rest.READERS, **http.READERS, **graphql.READERS, **direct.READERS}


def entries(invocations: Iterable[Invocation], index: Index) -> tuple[Entry, ...]:
    """Every way by which requests reach a function of this root, in natural order of the blocks that say so; each once."""
    calls = Calls(invocations)
    found = [entry for type_, reader in READERS.items() for block in index.of_type(type_) for entry in reader(block, calls, index)]
    return tuple(sorted(dict.fromkeys(found), key=lambda entry: natural(entry.by)))

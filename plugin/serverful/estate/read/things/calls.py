"""Module calls whose source is not here."""

from __future__ import annotations

from serverful.estate.model import Link, ModuleCall
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.heading import heading
from serverful.estate.value import Known

_META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


def module_call(block: Block, *, is_understood: bool = False) -> ModuleCall:
    """The call: where its module would come from, and what it is given."""
    source = convert.optional_text(block, "source")
    inputs = [name for name in block.names() if name not in _META]
    links: dict[tuple[str | None, str], Link] = {}
    for name in inputs:
        for link in convert.mentioned(block.term(name), block.at(name)):
            links.setdefault((link.target, link.attribute), link)
    return ModuleCall(
        **heading(block),
        source=(source.value or "") if isinstance(source, Known) else source.expression,
        inputs=tuple(inputs),
        links=tuple(links.values()),
        is_understood=is_understood,
    )

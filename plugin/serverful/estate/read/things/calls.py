"""Module calls whose source is not here."""

from __future__ import annotations

from serverful.estate.model import Link, ModuleCall
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Items, Literal
from serverful.estate.read.things.heading import heading
from serverful.estate.value import Known, Value

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
        lists={name: tuple(items) for name in inputs if (items := _listed(block, name)) is not None},
        is_understood=is_understood,
        switches={name: is_on for name in inputs if (is_on := _switch(block, name)) is not None},
    )


def _switch(block: Block, name: str) -> bool | None:
    """Whether an argument is certainly true or false; Terraform takes the words for the values."""
    term = convert.settled(block.term(name))
    value = term.value if isinstance(term, Literal) else None
    return {"true": True, "false": False}.get(str(value).lower()) if isinstance(value, bool | str) else None


def _listed(block: Block, name: str) -> list[Value[str]] | None:
    """The items of a list argument of known length; None for anything else."""
    term = convert.settled(block.term(name))
    if not isinstance(term, Items) or term.rest:
        return None
    return [convert.text_of(item, block.at(name)) for item in term.items]

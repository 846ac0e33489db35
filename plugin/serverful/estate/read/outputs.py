"""The outputs of a root module, and what each of them refers to.

Read where an output tells people something: the addresses that a partner is to admit.
"""

from __future__ import annotations

from serverful.estate.model import Output
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.follow import follow
from serverful.estate.read.root import relative
from serverful.estate.read.source import SourceBlock
from serverful.estate.read.term import Literal, references
from serverful.estate.read.tree import Module


def outputs(module: Module) -> tuple[Output, ...]:
    """Those of a root module, in source order. A reusable module that nobody calls tells nobody anything: its outputs are for callers."""
    if module.root.is_child:
        return ()
    return tuple(_output(name, block, module) for name, block in module.source.outputs.items())


def _output(name: str, block: SourceBlock, module: Module) -> Output:
    place = Place(module.root.name, f"output.{name}", relative(block.file, module.root.base), block.line, block.end_line)
    # One that hands on a whole module, `value = module.network`, tells of nothing in particular.
    told = [ref for ref in references(module.output(name)) if ref.block.mode != "loaded"]
    links = dict.fromkeys(link for ref in told for link in convert.mentioned(ref, place))
    return Output(name, _description(block, module), tuple(links), place)


def _description(block: SourceBlock, module: Module) -> str:
    written = block.attributes.get("description")
    term = follow(written.expression, module.scope) if written is not None else None
    return str(term.value) if isinstance(term, Literal) and term.value is not None else ""

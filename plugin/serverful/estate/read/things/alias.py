"""`aws_lambda_alias`. Arguments: Terraform AWS provider 6.55 documentation."""

from __future__ import annotations

from serverful.estate.model import Alias, Callee, Qualified
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Ref
from serverful.estate.read.things.callee import FUNCTION, callee, published
from serverful.estate.read.things.heading import heading, ignores
from serverful.estate.read.things.index import Index
from serverful.estate.value import Basis, Known, Unknown, Value


def alias(block: Block, index: Index) -> Alias:
    """An alias. What shifts a part of the traffic to a second version (`routing_config`) is not read: it names no other function."""
    found = callee(block, "function_name", index)
    return Alias(
        **heading(block),
        name=convert.text(block, "name"),
        callee=found if found is not None else Callee(None, "", unknown=Unknown(f"{block.address}.function_name", block.place)),
        version=_version(block),
    )


def _version(block: Block) -> Value[str]:
    term, place = block.term("function_version"), block.at("function_version")
    is_ignored = ignores(block, "function_version")
    if isinstance(is_ignored, Unknown):
        return is_ignored
    if is_ignored.value:  # a deployment moves it, and Terraform only knows where it was first
        return Unknown(f"where deployments have moved {block.address}, which Terraform ignores", place)
    if isinstance(term, Ref) and term.block.type == FUNCTION and term.path == ("version",):
        match published(term.block):
            case Qualified.VERSION:
                return Known("", place, Basis.DERIVED)
            case Qualified.LATEST:
                return Known("$LATEST", place, Basis.DERIVED)
    return convert.text(block, "function_version")

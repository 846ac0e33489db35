"""Web ACLs: do addresses alone decide who comes through, and before what does one stand?

Arguments: Terraform AWS provider 6.55 documentation, `aws_wafv2_web_acl` and `aws_wafv2_web_acl_association`. A rule that asks for more
than an address (`and_statement`) is none of these, and neither is one whose statements stand in JSON or in a rule group.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.model import WebAcl
from serverful.estate.place import Place
from serverful.estate.read.block import Block
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.reliefs import fronts_in

ACL, _ASSOCIATION = "aws_wafv2_web_acl", "aws_wafv2_web_acl_association"
_DEEPEST = 5  # statements in statements; AWS allows three


def web_acl(block: Block, index: Index) -> WebAcl:
    """`aws_wafv2_web_acl` with what it is associated with."""
    children = index.children(block.address, (ACL,), _ASSOCIATION, "web_acl_arn")
    fronts = [front for child in children.sure for front in fronts_in(child.term("resource_arn"), index)]
    return WebAcl(**heading(block), lists=tuple(_lists(block)), fronts=tuple(dict.fromkeys(fronts)))


def _lists(acl: Block) -> Iterator[Place]:
    defaults = acl.blocks("default_action").blocks
    is_closed = any(default.blocks("block").blocks for default in defaults)
    for rule in acl.blocks("rule").blocks:
        actions = rule.blocks("action").blocks
        statements = rule.blocks("statement").blocks
        if is_closed and any(action.blocks("allow").blocks for action in actions):
            if any(_is_list(statement, 0) for statement in statements):
                yield rule.place
        elif not is_closed and defaults and any(action.blocks("block").blocks for action in actions):
            negated = (inner for statement in statements for outer in _in(statement, "not_statement") for inner in _in(outer, "statement"))
            if any(_is_list(statement, 0) for statement in negated):
                yield rule.place


def _is_list(statement: Block, depth: int) -> bool:
    """Whether a statement asks for an address in a set, or in one of several, and for nothing else."""
    if statement.blocks("ip_set_reference_statement").blocks:
        return True
    either = [inner for outer in _in(statement, "or_statement") for inner in _in(outer, "statement")]
    return bool(either) and depth < _DEEPEST and all(_is_list(inner, depth + 1) for inner in either)


def _in(block: Block, name: str) -> tuple[Block, ...]:
    return block.blocks(name).blocks

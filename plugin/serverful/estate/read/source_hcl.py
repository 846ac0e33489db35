"""HCL text into source blocks, by tree-sitter: positions and comments kept, whole blocks found beside broken ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from serverful.errors import ReadingUnavailable
from serverful.estate.read import syntax
from serverful.estate.read.expression import Constant, Expression, Template, Unreadable
from serverful.estate.read.source import SourceAttribute, SourceBlock, SourceComment, SourceProblem, may_hide_a_reason

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


# What reading needs beside Checkov; a test compares it with setup.cfg.
INSTALL = 'Install: pip install "tfparse>=0.6.22,<0.7" "tree-sitter>=0.25,<0.27" "tree-sitter-hcl>=1.2,<2"'


@cache
def parser() -> Parser:
    """The HCL parser, made once. Raises ReadingUnavailable, with the line that mends it, when the grammar is not installed."""
    try:
        import tree_sitter_hcl
        from tree_sitter import Language, Parser
    except ImportError as error:
        raise ReadingUnavailable(f"Terraform cannot be read: {error.name} is not installed beside Checkov. {INSTALL}") from error
    return Parser(Language(tree_sitter_hcl.language()))


_DEEPEST = 50  # blocks in blocks: no provider's schema has so many, and Python's stack ends


def blocks(path: Path, source: bytes, problems: list[SourceProblem]) -> Sequence[SourceBlock]:
    """The top-level blocks of a file, with the comments directly above each. Syntax errors are among `problems`."""
    root = parser().parse(source).root_node
    if root.has_error:
        line = _first_error(root)
        problems.append(SourceProblem(path, line, "is not valid Terraform: syntax error.", may_hide_a_reason(source.decode())))
    found: list[SourceBlock] = []
    pending: list[SourceComment] = []
    for node in _top_level(root):
        if node.type == "comment":
            pending = _continuing(pending, node)
        elif node.type == "block":
            block = _block(node, path, problems)
            if pending and pending[-1].line >= block.line - 1:
                block.comments = pending + block.comments
            found.append(block)
            pending = []
    return found


def _continuing(pending: list[SourceComment], node: Node) -> list[SourceComment]:
    """Comments on consecutive lines belong together; a gap starts anew."""
    comment = _comment(node)
    return [*pending, comment] if pending and comment.line <= pending[-1].line + 1 else [comment]


def _top_level(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.type in ("body", "ERROR"):  # blocks inside an ERROR node are whole: what is readable is read
            yield from _top_level(child)
        elif child.type in ("block", "comment"):
            yield child


def _first_error(root: Node) -> int:
    node = root
    while True:
        broken = next((child for child in node.children if child.has_error or child.is_missing), None)
        if broken is None or node.type == "ERROR" or node.is_missing:
            return node.start_point[0] + 1
        node = broken


def _comment(node: Node) -> SourceComment:
    text = (node.text or b"").decode("utf-8", "replace")
    if text.startswith("/*"):
        text = text.removeprefix("/*").removesuffix("*/")
    else:
        text = text.removeprefix("//") if text.startswith("//") else text.removeprefix("#")
    return SourceComment(text.strip(), node.start_point[0] + 1)


def _block(node: Node, path: Path, problems: list[SourceProblem], depth: int = 0) -> SourceBlock:
    labels: list[str] = []
    kind = ""
    for child in node.children:
        if child.type == "identifier" and not kind:
            kind = (child.text or b"").decode()
        elif child.type == "identifier":
            labels.append((child.text or b"").decode())
        elif child.type == "string_lit":
            labels.append(syntax.plain_text(child))
    block = SourceBlock(kind, tuple(labels), path, node.start_point[0] + 1, node.end_point[0] + 1)
    for child in node.children:
        if child.type == "comment":
            block.comments.append(_comment(child))
        elif child.type == "body":
            _fill(block, child, path, problems, depth)
    return block


def _fill(block: SourceBlock, body: Node, path: Path, problems: list[SourceProblem], depth: int = 0) -> None:
    for child in body.children:
        if child.type == "attribute":
            name = (child.children[0].text or b"").decode()
            value = next((part for part in child.children if part.type == "expression"), None)
            if value is None:
                continue
            attribute = SourceAttribute(name, child.start_point[0] + 1, child.end_point[0] + 1, value)
            block.attributes.setdefault(name, attribute)
            if b"#" in (value.text or b"") or b"//" in (value.text or b"") or b"/*" in (value.text or b""):
                block.comments.extend(_comments_within(value))
        elif child.type == "block":
            if depth == _DEEPEST:
                problems.append(SourceProblem(path, child.start_point[0] + 1, f"nests blocks more than {_DEEPEST} deep."))
                continue
            nested = _block(child, path, problems, depth + 1)
            block.blocks.append(nested)
            block.comments.extend(nested.comments)
        elif child.type == "comment":
            block.comments.append(_comment(child))


def _comments_within(node: Node) -> Iterator[SourceComment]:
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type == "comment":
            yield _comment(current)
        stack.extend(reversed(current.children))


def assignments(path: Path, source: bytes, problems: list[SourceProblem]) -> dict[str, SourceAttribute]:
    """The `name = value` lines of a tfvars file."""
    root = parser().parse(source).root_node
    if root.has_error:
        problems.append(SourceProblem(path, _first_error(root), "is not a valid tfvars file: syntax error."))
    whole = SourceBlock("tfvars", (), path, 1, root.end_point[0] + 1)
    for child in root.children:
        if child.type == "body":
            _fill(whole, child, path, problems)
    return whole.attributes


_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def template_string(text: str) -> Expression:
    """The expression of a template that stands in a string of its own: a JSON value, a template file."""
    if "${" not in text and "%{" not in text:
        return Constant(text)
    word = "SERVERFUL_TEMPLATE"
    while word in text:
        word += "_"
    # JSON can hold half of a surrogate pair, which is no character; Terraform reads the replacement character.
    written = _HALF_A_PAIR.sub("\ufffd", text)
    root = parser().parse(f"value = <<{word}\n{written}\n{word}\n".encode()).root_node
    if root.has_error:
        return Unreadable(text)
    expression = syntax.expression(root.children[0].children[0].children[2])
    return _without_final_newline(expression)


def _without_final_newline(expression: Expression) -> Expression:
    if isinstance(expression, Template) and isinstance(expression.parts[-1], Constant):
        last = str(expression.parts[-1].value).removesuffix("\n")
        parts = (*expression.parts[:-1], *((Constant(last),) if last else ()))
        return parts[0] if len(parts) == 1 else Template(parts, expression.text)
    return expression

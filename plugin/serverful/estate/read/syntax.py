"""tree-sitter-hcl nodes into expressions.

The grammar drops white space around interpolations, so plain text is cut from the source between the nodes, not taken from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from serverful.estate.read.expression import (
    Access,
    Attribute,
    Call,
    Conditional,
    Constant,
    Expression,
    For,
    Index,
    Object,
    Operation,
    Splat,
    Step,
    Template,
    Traversal,
    Tuple,
    Unreadable,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_POSTFIX = {"get_attr", "index", "splat"}
_ESCAPE = re.compile(r"\\(n|r|t|\"|\\|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_MAX_DEPTH = 200  # deeper nesting is nobody's Terraform, and would exhaust Python's stack


def expression(node: Node, depth: int = 0) -> Expression:
    """The expression of a tree-sitter `expression` node (or of one of its kinds)."""
    if depth > _MAX_DEPTH or (node.has_error and node.type == "ERROR"):
        return Unreadable(_text(node))
    return _terms(_significant(node.children), node, depth + 1)


def plain_text(node: Node) -> str:
    """The text of a quoted label; empty when it is not plain."""
    label = _template(node, 0)
    return str(label.value) if isinstance(label, Constant) else ""


def _significant(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.type not in ("comment", "(", ")")]


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _terms(nodes: Sequence[Node], owner: Node, depth: int) -> Expression:
    """One term and the steps after it; `owner` is the node whose source names it."""
    if not nodes:
        return Unreadable(_text(owner))
    head, *rest = nodes
    steps = tuple(_steps([node for node in rest if node.type in _POSTFIX], depth))
    if head.type == "variable_expr":
        return Traversal(_text(head), steps, _text(owner))
    base = _term(head, depth)
    return Access(base, steps, _text(owner)) if steps else base


def _term(node: Node, depth: int) -> Expression:
    if depth > _MAX_DEPTH:
        return Unreadable(_text(node))
    match node.type:
        case "expression":
            return expression(node, depth)
        case "variable_expr":
            return Traversal(_text(node), (), _text(node))
        case "literal_value":
            return _literal(node.children[0]) if node.children else Unreadable(_text(node))
        case "template_expr":
            return _template(node.children[0], depth) if node.children else Unreadable(_text(node))
        case "quoted_template" | "string_lit" | "heredoc_template":
            return _template(node, depth)
        case "collection_value":
            return _term(node.children[0], depth + 1)
        case "tuple":
            return Tuple(tuple(expression(child, depth) for child in node.children if child.type == "expression"), _text(node))
        case "object":
            rows = list(_pairs(node, depth))
            return Object(tuple((key, value) for key, value, _ in rows), _text(node), tuple(line for _, _, line in rows))
        case "function_call":
            return _call(node, depth)
        case "conditional":
            return _conditional(node, depth)
        case "operation":
            return _operation(node.children[0], depth) if node.children else Unreadable(_text(node))
        case "for_expr":
            return _for(node.children[0], depth)
        case _:
            return Unreadable(_text(node))


def _conditional(node: Node, depth: int) -> Expression:
    """`a ? b : c ? d : e` is `a ? b : (c ? d : e)` (HCL native syntax specification, "Conditional Operator"), as in every language.

    The grammar (tree-sitter-hcl 1.2.0) takes `a ? b : c` for the condition of the rest.
    """
    links: list[list[Node]] = []
    inner: Node | None = node
    while inner is not None:
        parts = [child for child in inner.children if child.type == "expression"]
        if len(parts) != 3:
            return Unreadable(_text(node))
        links.append(parts)
        inner = _bare_conditional(parts[0])
    links.reverse()
    conditions = [links[0][0], *(parts[2] for parts in links[:-1])]
    source = node.text or b""
    found = expression(links[-1][2], depth)
    for condition, parts in reversed(list(zip(conditions, links, strict=True))):
        text = source[condition.start_byte - node.start_byte :].decode("utf-8", "replace")
        found = Conditional(expression(condition, depth), expression(parts[1], depth), found, text)
    return found


def _bare_conditional(node: Node) -> Node | None:
    """The conditional that an expression is, without parentheses around it."""
    return node.children[0] if len(node.children) == 1 and node.children[0].type == "conditional" else None


def _literal(node: Node) -> Expression:
    text = _text(node)
    match node.type:
        case "numeric_lit":
            try:
                return Constant(int(text))
            except ValueError:
                return Constant(float(text)) if not text.startswith("0x") else Unreadable(text)
        case "bool_lit":
            return Constant(text == "true")
        case "null_lit":
            return Constant(None)
        case "string_lit":
            return _template(node, 0)
        case _:
            return Unreadable(text)


def _steps(nodes: Iterable[Node], depth: int) -> Iterable[Step]:
    for node in nodes:
        if node.type == "get_attr":
            yield Attribute(_text(node.children[-1]))
        elif node.type == "index":
            inner = node.children[0]
            if inner.type == "legacy_index":
                yield Index(Constant(int(_text(inner).lstrip(". ") or 0)))
            else:
                keys = [child for child in inner.children if child.type == "expression"]
                yield Index(expression(keys[0], depth) if keys else Unreadable(_text(node)))
        else:  # a splat owns the steps after it, and the grammar nests them; `.*` owns attributes only: `a.*.id[0]` is one id
            inner = node.children[0]
            steps = list(_steps([child for child in inner.children if child.type in _POSTFIX], depth))
            owned = list(takewhile(lambda step: isinstance(step, Attribute), steps)) if inner.type == "attr_splat" else steps
            yield Splat(tuple(owned))
            yield from steps[len(owned) :]


def _pairs(node: Node, depth: int) -> Iterable[tuple[Expression, Expression, int]]:
    for element in node.children:
        if element.type != "object_elem":
            continue
        parts = [child for child in element.children if child.type == "expression"]
        if len(parts) != 2:
            continue
        key = expression(parts[0], depth)
        is_bare = parts[0].child_count == 1 and parts[0].children[0].type == "variable_expr"
        if is_bare and isinstance(key, Traversal):
            key = Constant(key.name)  # `{ name = 1 }`: a bare word is a key, not a variable
        yield key, expression(parts[1], depth), element.start_point[0] + 1


def _call(node: Node, depth: int) -> Expression:
    name = _text(node.children[0])
    arguments: list[Expression] = []
    expands = False
    for child in node.children:
        if child.type == "function_arguments":
            arguments = [expression(argument, depth) for argument in child.children if argument.type == "expression"]
            expands = any(argument.type == "ellipsis" for argument in child.children)
    return Call(name, tuple(arguments), expands, _text(node))


def _operation(node: Node, depth: int) -> Expression:
    children = _significant(node.children)
    if node.type == "unary_operation":
        return Operation(_text(children[0]), (_terms(children[1:], node, depth + 1),), _text(node))
    for position, child in enumerate(children):
        if not child.is_named:
            left, right = children[:position], children[position + 1 :]
            return Operation(_text(child), (_operand(left, depth), _operand(right, depth)), _text(node))
    return Unreadable(_text(node))


def _operand(nodes: Sequence[Node], depth: int) -> Expression:
    if not nodes:
        return Unreadable()
    if nodes[0].type == "variable_expr":
        steps = tuple(_steps(nodes[1:], depth))
        return Traversal(_text(nodes[0]), steps, "".join(_text(node) for node in nodes))
    return _terms(nodes, nodes[0], depth + 1)


def _for(node: Node, depth: int) -> Expression:
    names: list[str] = []
    source: Expression = Unreadable(_text(node))
    condition: Expression | None = None
    values: list[Expression] = []
    groups = False
    for child in node.children:
        if child.type == "for_intro":
            names = [_text(part) for part in child.children if part.type == "identifier"]
            source = next((expression(part, depth) for part in child.children if part.type == "expression"), source)
        elif child.type == "for_cond":
            condition = next((expression(part, depth) for part in child.children if part.type == "expression"), None)
        elif child.type == "expression":
            values.append(expression(child, depth))
        elif child.type == "ellipsis":
            groups = True
    if not names or not values:
        return Unreadable(_text(node))
    key = values[0] if node.type == "for_object_expr" and len(values) == 2 else None
    return For(names[0] if len(names) > 1 else None, names[-1], source, key, values[-1], condition, groups, _text(node))


# --- templates ------------------------------------------------------------------------------------------------------------------------


def _template(node: Node, depth: int) -> Expression:
    is_heredoc = node.type == "heredoc_template"
    source = node.text or b""
    if not is_heredoc and not (b"\\" in source or b"$" in source or b"%" in source):
        return Constant(source[1:-1].decode("utf-8", "replace"))  # plain text between its quotes, as most are
    if is_heredoc:
        identifiers = [child for child in node.children if child.type == "heredoc_identifier"]
        start = source.find(b"\n") + 1
        end = identifiers[-1].start_byte - node.start_byte if len(identifiers) > 1 else len(source)
        end = source.rfind(b"\n", 0, end) + 1  # the closing word may be indented
    else:
        start, end = 1, len(source) - 1
    inner = [child for child in node.children if child.type in ("template_interpolation", "template_directive")]
    parts = _parts(source, node.start_byte, start, max(start, end), inner, not is_heredoc, depth)
    if is_heredoc and source.startswith(b"<<-"):
        parts = _dedented(parts)
    return _joined(parts, _text(node))


def _parts(source: bytes, offset: int, start: int, end: int, nodes: Sequence[Node], quoted: bool, depth: int) -> list[Expression]:
    """Plain text and the nodes in it, in order. Positions are relative to `source`, which begins at byte `offset` of the file."""
    parts: list[Expression] = []
    position = start
    strip_next = False
    for node in nodes:
        text = _plain(source[position : node.start_byte - offset], quoted)
        opens, closes = _strips(node)
        parts.append(Constant(_stripped(text, strip_next, opens)))
        parts.append(_inserted(node, source, offset, quoted, depth))
        position, strip_next = node.end_byte - offset, closes
    parts.append(Constant(_stripped(_plain(source[position:end], quoted), strip_next, False)))
    return parts


def _stripped(text: str, left: bool, right: bool) -> str:
    text = text.lstrip() if left else text
    return text.rstrip() if right else text


def _strips(node: Node) -> tuple[bool, bool]:
    text = _text(node)
    return text[2:3] == "~", text[-2:-1] == "~"


def _plain(raw: bytes, quoted: bool) -> str:
    text = raw.decode("utf-8", "replace")
    if quoted:
        text = _ESCAPE.sub(lambda match: _ESCAPES.get(match[1]) or _character(int(match[1][1:], 16)), text)
    return text.replace("$${", "${").replace("%%{", "%{")


def _character(code: int) -> str:
    """What an escape stands for; what is no character becomes the replacement character, as in Terraform (Go's `string(rune)`)."""
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def _inserted(node: Node, source: bytes, offset: int, quoted: bool, depth: int) -> Expression:
    if node.type == "template_interpolation":
        return next((expression(child, depth) for child in node.children if child.type == "expression"), Constant(""))
    directive = node.children[0]
    sections: list[tuple[int, int, list[Node]]] = []
    marks = [child for child in directive.children if child.type.endswith(("_intro", "_start", "_end"))]
    for before, after in pairwise(marks):
        inner = [
            child
            for child in directive.children
            if child.type in ("template_interpolation", "template_directive") and before.end_byte <= child.start_byte < after.start_byte
        ]
        sections.append((before.end_byte - offset, after.start_byte - offset, inner))
    bodies = [_joined(_parts(source, offset, begin, end, inner, quoted, depth + 1), "") for begin, end, inner in sections]
    head = next((expression(child, depth) for child in marks[0].children if child.type == "expression"), None) if marks else None
    if head is None or not bodies:
        return Unreadable(_text(node))
    if directive.type == "template_if":
        return Conditional(head, bodies[0], bodies[1] if len(bodies) > 1 else Constant(""), _text(node))
    names = [_text(child) for child in marks[0].children if child.type == "identifier"]
    if not names:
        return Unreadable(_text(node))
    return For(names[0] if len(names) > 1 else None, names[-1], head, None, bodies[0], None, False, _text(node), joins=True)


def _dedented(parts: list[Expression]) -> list[Expression]:
    """`<<-` takes away the smallest indentation of any line, counting only the text at the start of lines."""
    at_line_start, smallest = True, None
    for part in parts:
        if isinstance(part, Constant) and isinstance(part.value, str):
            lines = part.value.split("\n")
            for number, line in enumerate(lines):
                starts = at_line_start if number == 0 else True
                is_last_of_more = number == len(lines) - 1 and part is not parts[-1]
                if starts and (line.strip() or is_last_of_more):
                    indent = len(line) - len(line.lstrip(" "))
                    smallest = indent if smallest is None else min(smallest, indent)
            at_line_start = part.value.endswith("\n") or (at_line_start and not part.value)
        else:
            at_line_start = False
    cut = smallest or 0
    result: list[Expression] = []
    at_line_start = True
    for part in parts:
        if isinstance(part, Constant) and isinstance(part.value, str):
            lines = part.value.split("\n")
            lines = [line[cut:] if (number or at_line_start) and line[:cut].strip() == "" else line for number, line in enumerate(lines)]
            result.append(Constant("\n".join(lines)))
        else:
            result.append(part)
        at_line_start = False
    return result


def _joined(parts: Sequence[Expression], text: str) -> Expression:
    kept = [part for part in parts if part != Constant("")]
    if all(isinstance(part, Constant) and isinstance(part.value, str) for part in kept):
        return Constant("".join(str(part.value) for part in kept if isinstance(part, Constant)))
    if len(kept) == 1 and not isinstance(kept[0], Constant):
        return kept[0]  # "${x}" is x itself, whatever its type
    return Template(tuple(kept), text)

"""Terraform's JSON form into source blocks (Terraform language, "JSON Configuration Syntax")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from serverful.estate.read.expression import Constant, Expression, Object, Tuple, Unreadable
from serverful.estate.read.source import SourceAttribute, SourceBlock, SourceComment, SourceProblem, may_hide_a_reason
from serverful.estate.read.source_hcl import template_string


def blocks(path: Path, text: str, problems: list[SourceProblem]) -> Sequence[SourceBlock]:
    """The top-level blocks of a file. What is no JSON, or no Terraform, is among `problems`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        says = f"is not valid JSON: {getattr(error, 'msg', 'nested too deeply')}."
        problems.append(SourceProblem(path, line, says, may_hide_a_reason(text)))
        return ()
    if not isinstance(data, dict):
        problems.append(SourceProblem(path, 1, "holds no Terraform: the top level is not an object."))
        return ()
    found: list[SourceBlock] = []
    depths = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0, "terraform": 0}
    for kind, content in data.items():
        found.extend(_json_blocks(kind, (), content, depths.get(kind, 0), path))
    return found


def _json_blocks(kind: str, labels: tuple[str, ...], content: object, depth: int, path: Path) -> Iterator[SourceBlock]:
    """JSON has no lines to cite: every block stands on line 1 of its file."""
    if isinstance(content, list):
        for item in content:
            yield from _json_blocks(kind, labels, item, depth, path)
    elif isinstance(content, dict):
        if depth:
            for label, inner in content.items():
                yield from _json_blocks(kind, (*labels, label), inner, depth - 1, path)
        else:
            block = SourceBlock(kind, labels, path, 1, 1)
            for name, value in content.items():
                if name == "//":
                    block.comments.append(SourceComment(str(value), 1))
                elif name == "dynamic" and isinstance(value, dict):
                    for label, inner in value.items():
                        block.blocks.extend(_json_dynamic(label, inner, path))
                else:
                    block.attributes[name] = SourceAttribute(name, 1, 1, None, json_expression(value))
            yield block


def _json_dynamic(label: str, content: object, path: Path) -> Iterator[SourceBlock]:
    for block in _json_blocks("dynamic", (label,), content, 0, path):
        inner = block.attributes.pop("content", None)
        if inner is not None and isinstance(inner.expression, Object):
            body = SourceBlock("content", (), path, 1, 1)
            for key, value in inner.expression.items:
                if isinstance(key, Constant):
                    body.attributes[str(key.value)] = SourceAttribute(str(key.value), 1, 1, None, value)
            block.blocks.append(body)
        yield block


def json_expression(value: object) -> Expression:
    """A JSON value as an expression; strings are templates (Terraform, "JSON Configuration Syntax")."""
    if isinstance(value, str):
        return template_string(value)
    if isinstance(value, list):
        return Tuple(tuple(json_expression(item) for item in value), json.dumps(value))
    if isinstance(value, Mapping):
        return Object(tuple((Constant(str(key)), json_expression(item)) for key, item in value.items()), json.dumps(value))
    if value is None or isinstance(value, (bool, int, float)):
        return Constant(value)
    return Unreadable(repr(value))

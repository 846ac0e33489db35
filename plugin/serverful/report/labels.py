"""What stands in the boxes and on the lines of a drawing, and the same in sentences: one text for all formats, not yet made harmless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from serverful.diagram.drawing import Diagram, Edge, EdgeKind, Node, NodeKind, in_parts
from serverful.wording import joined, shortened

_NAMES = 4  # names in one box
_PARTICULARS = 4
_NOTES = 6
_LABELS = 2  # destinations on one line
_TOLD = 3  # names in one sentence


class Line(Enum):
    """What sort of line it is in a box."""

    HEADING = "heading"
    MODULE = "module"
    NAME = "name"
    NOTE = "note"


def node_lines(node: Node) -> list[tuple[Line, str]]:
    """The lines of a box: what it is, what it is called, what is to be said of it."""
    notes = [*([_list(node.particulars, _PARTICULARS)] if node.particulars else []), *node.notes[:_NOTES]]
    if len(node.notes) > _NOTES:
        notes.append(f"and {len(node.notes) - _NOTES:,} more such remarks")
    return [(Line.HEADING, node.heading), *_names(node), *((Line.NOTE, note) for note in notes)]


def _names(node: Node) -> Iterator[tuple[Line, str]]:
    """The names, each a line; of many, the first few and how many more.

    The module that they stand in has a line of its own, so that a box need not be so wide.
    """
    # "and 1 more" would take the line that the one would have had.
    shown = node.names if len(node.names) <= _NAMES + 1 else node.names[:_NAMES]
    told = ""
    for name in shown:
        module, rest = in_parts(name)
        if module and module != told:
            yield Line.MODULE, module
        told = module
        yield Line.NAME, rest
    if len(shown) < len(node.names):
        yield Line.NAME, f"and {len(node.names) - len(shown):,} more"


def edge_label(edge: Edge) -> str:
    """What stands on a line; of many destinations, the first few and how many more."""
    return _list(edge.labels, _LABELS)


def told(diagram: Diagram) -> list[str]:
    """The drawing in sentences, for who cannot see it: `Route table aws_route_table.a: to NAT gateway aws_nat_gateway.b (0.0.0.0/0).`"""
    called = {node.key: _called(node) for node in diagram.nodes}
    leaving: dict[str, dict[EdgeKind, list[str]]] = {}
    for edge in diagram.edges:
        leaving.setdefault(edge.source, {}).setdefault(edge.kind, []).append(called[edge.target] + _on(edge))
    sentences = list(diagram.says)
    for node in diagram.nodes:
        lines = [f"{kind.value} {joined(targets)}" for kind, targets in leaving.get(node.key, {}).items()]
        parts = [*node.notes, *lines]
        if parts:
            name = called[node.key]
            sentences.append(f"{name[:1].upper()}{name[1:]}: {'; '.join(parts)}.")
    return sentences


def _called(node: Node) -> str:
    name = f"{node.heading} {shortened(node.names, _TOLD)}" if node.names else node.heading
    return f"{name} (not certain)" if node.is_unknown and node.kind is not NodeKind.UNDECIDED else name


def _on(edge: Edge) -> str:
    words = [*([edge_label(edge)] if edge.labels else []), *(["not certain"] if edge.is_unknown else [])]
    return f" ({', '.join(words)})" if words else ""


def _list(parts: Sequence[str], most: int) -> str:
    shown = parts if len(parts) <= most + 1 else parts[:most]
    more = len(parts) - len(shown)
    return ", ".join([*shown, *([f"{more:,} more"] if more else [])])

"""Drawings as Mermaid: text that GitHub, GitLab and many others show as a diagram, in Markdown between ```mermaid and ```.

Ids are of our own making, every label is quoted, and there is no directive, no link and no style that anybody's text could reach. Colours
are those of the page, so that it reads in light and in dark.
"""

from __future__ import annotations

from collections.abc import Sequence

from serverful.diagram.drawing import Diagram, Edge, EdgeKind, Node, NodeKind
from serverful.report.labels import edge_label, elided, node_lines
from serverful.report.mermaid_text import mermaid_text

_LONGEST = 60  # characters of a line in a box; what is longer is shortened in the middle

_LINES = {
    (EdgeKind.LEADS, False): "-->",
    (EdgeKind.LEADS, True): "-.->",
    (EdgeKind.SHARED, False): "---",
    (EdgeKind.SHARED, True): "-.-",
    (EdgeKind.BLOCKED, False): "--x",
    (EdgeKind.BLOCKED, True): "-.-x",
}
_SHAPES = {
    NodeKind.FUNCTION: ('("', '")'),
    NodeKind.SERVERLESS: ('("', '")'),
    NodeKind.OUTSIDE: ('(["', '"])'),
    NodeKind.AWS_NETWORK: ('(["', '"])'),
}
_CLASSES = {
    # A strong line and no filling: both have to be seen on a white page and on a black one.
    "serverful": "stroke:#d9730d,stroke-width:2px",
    "unknown": "stroke-dasharray:5 4",
}


def to_mermaid(diagrams: Sequence[Diagram]) -> str:
    """One flowchart, without a line break at the end. Several drawings are parts of it, each with its title on it."""
    if len(diagrams) == 1:
        head = ["flowchart LR", f"  accTitle: {mermaid_text(diagrams[0].title)}", f"  accDescr: {mermaid_text(' '.join(diagrams[0].says))}"]
    else:
        head = ["flowchart LR", f"  accTitle: {len(diagrams)} roots"]
    body: list[str] = []
    marked: dict[str, list[str]] = {}
    ids: dict[tuple[int, str], str] = {}
    for number, diagram in enumerate(diagrams):
        indent = "  "
        if len(diagrams) > 1:
            body.append(f'  subgraph r{number + 1}["{mermaid_text(diagram.title)}"]')
            body.append("    direction LR")
            indent = "    "
        for node in diagram.nodes:
            name = ids[number, node.key] = f"n{len(ids) + 1}"
            body.append(f"{indent}{name}{_box(node)}")
            for style in _styles(node):
                marked.setdefault(style, []).append(name)
        body += [f"{indent}{ids[number, e.source]} {_line(e)} {ids[number, e.target]}" for e in diagram.edges]
        if len(diagrams) > 1:
            body.append("  end")
    styles = [
        line for style, names in marked.items() for line in (f"  classDef {style} {_CLASSES[style]}", f"  class {','.join(names)} {style}")
    ]
    return "\n".join([*head, *body, *styles])


def _box(node: Node) -> str:
    before, after = _SHAPES.get(node.kind, ('["', '"]'))
    return before + "<br/>".join(mermaid_text(elided(line, _LONGEST)) for _, line in node_lines(node)) + after


def _line(edge: Edge) -> str:
    line = _LINES[edge.kind, edge.is_unknown]
    label = edge_label(edge)
    return f'{line}|"{mermaid_text(label)}"|' if label else line


def _styles(node: Node) -> list[str]:
    return [style for style, is_so in (("serverful", node.kind is NodeKind.FUNCTION), ("unknown", node.is_unknown)) if is_so]

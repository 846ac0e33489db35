"""Drawings as Mermaid: text that GitHub, GitLab and many others show as a diagram, in Markdown between ```mermaid and ```.

Ids are of our own making, every label is quoted, and there is no directive, no link and no style that anybody's text could reach. Colours
are those of the page, so that it reads in light and in dark.
"""

from __future__ import annotations

from collections.abc import Sequence

from serverful.diagram.drawing import Diagram, Edge, EdgeKind, Node, NodeKind
from serverful.report.labels import Line, edge_label, node_lines
from serverful.report.mermaid_text import mermaid_text
from serverful.wording import elided

# Characters of a line in a box; what is longer is shortened in the middle. The second counts where the whole is too long with the first:
# Mermaid refuses more than 50,000 characters (`maxTextSize`), and an entity code is many.
_LONGEST = (60, 24)
_MOST = 50_000
_TITLE, _SAYS = 120, 600

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
    text = _flowchart(diagrams, _LONGEST[0])
    return text if len(text) <= _MOST else _flowchart(diagrams, _LONGEST[1])


def _flowchart(diagrams: Sequence[Diagram], longest: int) -> str:
    if len(diagrams) == 1:
        head = ["flowchart LR", f"  accTitle: {mermaid_text(elided(diagrams[0].title, _TITLE))}"]
        head += [f"  accDescr: {mermaid_text(says)}"] if (says := elided(" ".join(diagrams[0].says), _SAYS)) else []
    else:
        head = ["flowchart LR", f"  accTitle: {len(diagrams)} roots"]
    body: list[str] = []
    marked: dict[str, list[str]] = {}
    ids: dict[tuple[int, str], str] = {}
    for number, diagram in enumerate(diagrams):
        indent = "  "
        if len(diagrams) > 1:
            body.append(f'  subgraph r{number + 1}["{mermaid_text(elided(diagram.title, _TITLE))}"]')
            body.append("    direction LR")
            indent = "    "
        for node in diagram.nodes:
            name = ids[number, node.key] = f"n{len(ids) + 1}"
            body.append(f"{indent}{name}{_box(node, longest)}")
            for style in _styles(node):
                marked.setdefault(style, []).append(name)
        body += [f"{indent}{ids[number, e.source]} {_line(e, longest)} {ids[number, e.target]}" for e in diagram.edges]
        if len(diagrams) > 1:
            body.append("  end")
    styles = [
        line for style, names in marked.items() for line in (f"  classDef {style} {_CLASSES[style]}", f"  class {','.join(names)} {style}")
    ]
    return "\n".join([*head, *body, *styles])


def _box(node: Node, longest: int) -> str:
    before, after = _SHAPES.get(node.kind, ('["', '"]'))
    return before + "<br/>".join(_text(sort, line, longest) for sort, line in node_lines(node)) + after


def _text(sort: Line, line: str, longest: int) -> str:
    # Notes are words, which Mermaid breaks where it has to; a name has no blanks to be broken at.
    return mermaid_text(elided(line, 2 * longest if sort is Line.NOTE else longest))


def _line(edge: Edge, longest: int) -> str:
    line = _LINES[edge.kind, edge.is_unknown]
    label = elided(edge_label(edge), longest)
    return f'{line}|"{mermaid_text(label)}"|' if label else line


def _styles(node: Node) -> list[str]:
    return [style for style, is_so in (("serverful", node.kind is NodeKind.FUNCTION), ("unknown", node.is_unknown)) if is_so]

"""Drawings for tests: written as lines of text, to be compared with; and made by hand, with text that would do harm."""

from __future__ import annotations

from datetime import date

from expectations import ESTATES
from serverful.diagram.drawing import Diagram, Edge, EdgeKind, Node, NodeKind
from serverful.estate.estate import Estate
from serverful.estate.read.reader import read

ARROWS = {EdgeKind.LEADS: "->", EdgeKind.SHARED: "--", EdgeKind.BLOCKED: "-x"}

# What people could write into a name, a key or an expression, for each of the texts that are made of a drawing.
HOSTILE = (
    'quote " and `backticks`',
    '"] --> n9["x',
    "a\nb\r\n\tc",
    "%%{init: {'theme': 'dark'}}%%",
    'click n1 "https://example.com"',
    "click n1 call alert()",
    "end",
    "subgraph x",
    "style n1 fill:#f00",
    "classDef x fill:#f00;",
    "%% comment",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &#60; #quot; #35;",
    "**bold** _emphasis_ ~~gone~~ `code`",
    "[a link](https://example.com) ![image](x)",
    "www.example.com https://example.com a@b.example",
    "1. list",
    "- list",
    "# heading",
    "fa:fa-car $$x^2$$",
    "ﬂ°°60¶ß",
    "\u202eright to left\u2066 \x1b[31mred \udcff",
    "a\\nb \\",
    "{curly} [square] (round) |pipe|",
    "日本語 émigré \U0001f600",
    "",
    " ",
)


def design(name: str) -> Estate:
    """A root module of fixtures/estates."""
    (estate,) = (root.estate for root in read([ESTATES / name], today=date(2026, 11, 23)).roots if root.estate is not None)
    return estate


def called(node: Node) -> str:
    """`subnet aws_subnet.a`, with a question mark where it is not certain; of many names the first."""
    names = f" {node.names[0]}" if node.names else ""
    return f"{node.heading}{names}{'?' if node.is_unknown else ''}"


def lines(diagram: Diagram) -> list[str]:
    """Every line: `route table aws_route_table.a -> NAT gateway aws_nat_gateway.a [0.0.0.0/0]`."""
    nodes = {node.key: called(node) for node in diagram.nodes}
    return [
        f"{nodes[edge.source]} {'?' if edge.is_unknown else ''}{ARROWS[edge.kind]} {nodes[edge.target]}"
        + (f" [{', '.join(edge.labels)}]" if edge.labels else "")
        for edge in diagram.edges
    ]


def notes(diagram: Diagram, name: str) -> tuple[str, ...]:
    """What is said of the box with that name, or without a name of that noun."""
    (node,) = (node for node in diagram.nodes if name in (node.names or (node.noun,)))
    return node.notes


def drawn(*texts: str, title: str = "Radius of a root") -> Diagram:
    """A drawing with these texts in every place where text from elsewhere may stand."""
    nodes = [Node(f"key {n}", NodeKind.SUBNET, "subnet", (text,), (text,), (text,), n % 2 == 1) for n, text in enumerate(texts)]
    internet = Node("internet", NodeKind.OUTSIDE, "internet")
    kinds = list(EdgeKind)
    edges = [Edge(node.key, "internet", kinds[n % 3], (texts[n],), n % 2 == 1) for n, node in enumerate(nodes)]
    return Diagram(title, "root", texts, (*nodes, internet), tuple(edges))

"""A drawing while it is made."""

from __future__ import annotations

from serverful.diagram.drawing import EdgeKind, NodeKind
from serverful.diagram.sketch import ELSEWHERE, Sketch


def test_what_is_drawn_twice_is_one_box_and_one_line() -> None:
    sketch = Sketch()
    keys = [sketch.node(NodeKind.SUBNET, "subnet", "a", note=note) for note in ("x", "y", "x", "")]
    other = sketch.node(NodeKind.ROUTE_TABLE, "route table", "a")
    for label in ("10.0.0.0/8", "10.0.0.0/8", "::/0"):
        sketch.edge(keys[0], other, label=label)
    drawn = sketch.diagram("t", "r", ())
    assert len(set(keys)) == 1 and len(drawn.nodes) == 2
    assert drawn.nodes[0].notes == ("x", "y")
    assert [edge.labels for edge in drawn.edges] == [("10.0.0.0/8", "::/0")]


def test_what_is_certain_once_is_certain() -> None:
    for order in ((True, False), (False, True)):
        sketch = Sketch()
        for is_unknown in order:
            key = sketch.node(NodeKind.ENDPOINT, "VPC endpoint", "a", note=ELSEWHERE if is_unknown else "", is_unknown=is_unknown)
            sketch.edge(key, key, is_unknown=is_unknown)
        drawn = sketch.diagram("t", "r", ())
        assert [(node.is_unknown, node.notes) for node in drawn.nodes] == [(False, ())]
        assert [edge.is_unknown for edge in drawn.edges] == [False]


def test_lines_of_two_kinds_are_two_lines() -> None:
    sketch = Sketch()
    gateway, internet = sketch.node(NodeKind.GATEWAY, "internet gateway", "a"), sketch.node(NodeKind.OUTSIDE, "internet")
    for kind in (EdgeKind.BLOCKED, EdgeKind.LEADS):
        sketch.edge(gateway, internet, kind)
    assert len(sketch.diagram("t", "r", ()).edges) == 2

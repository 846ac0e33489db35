"""A drawing is made small enough to be looked at, and nothing that it stands for is lost."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from diagrams_by_hand import design, lines
from serverful.diagram.drawing import Diagram, Edge, Node, NodeKind
from serverful.diagram.folding import folded, folded_together, in_one_box, is_one_box
from serverful.diagram.radius import radius_diagram


def node(kind: NodeKind, name: str, note: str = "") -> Node:
    return Node(f"{kind.name} {name}", kind, kind.value, (name,), (), (note,) if note else ())


def diagram(*edges: tuple[Node, Node], more: tuple[Node, ...] = (), root: str = "shop") -> Diagram:
    nodes = dict.fromkeys(node for edge in (*edges, *((one,) for one in more)) for node in edge)
    return Diagram(f"Radius of {root}", root, (), tuple(nodes), tuple(Edge(a.key, b.key) for a, b in edges))


def names(drawn: Diagram) -> Counter[str]:
    return Counter(name for node in drawn.nodes for name in node.names)


def test_equal_boxes_are_one_though_there_is_room() -> None:
    drawn = radius_diagram(design("legacy_vpc"))
    assert drawn is not None
    small = folded(drawn)
    assert names(small) == names(drawn)
    assert "4 functions aws_lambda_function.make_thumbnail -> 2 subnets aws_subnet.private[0]" in lines(small)
    (subnets,) = (node for node in small.nodes if "aws_subnet.private[0]" in node.names)
    assert subnets.particulars == ("eu-central-1a", "eu-central-1b")


def test_boxes_of_which_other_things_are_said_stay_apart() -> None:
    table = node(NodeKind.ROUTE_TABLE, "t")
    functions = [node(NodeKind.FUNCTION, name, note) for name, note in (("a", "x"), ("b", "x"), ("c", "y"))]
    small = folded(diagram(*((one, table) for one in functions)))
    assert [one.names for one in small.nodes if one.kind is NodeKind.FUNCTION] == [("a", "b"), ("c",)]


def chains(zones: int) -> Diagram:
    """A NAT gateway with a table and an address in each zone."""
    function, internet = node(NodeKind.FUNCTION, "f"), Node("internet", NodeKind.OUTSIDE, "internet")
    edges = []
    for zone in range(zones):
        way = [node(kind, f"{kind.name}{zone}") for kind in (NodeKind.SUBNET, NodeKind.ROUTE_TABLE, NodeKind.NAT_GATEWAY, NodeKind.ADDRESS)]
        edges += list(zip([function, *way], [*way, internet], strict=True))
    return diagram(*edges)


def test_like_chains_are_one_when_there_is_no_room() -> None:
    three = folded(chains(3))
    assert len(three.nodes) == 14  # each zone for itself
    nine = folded(chains(9))
    assert [one.heading for one in nine.nodes] == ["function", "9 subnets", "9 route tables", "9 NAT gateways", "9 Elastic IPs", "internet"]
    assert names(nine) == names(chains(9))


def many(functions: int) -> Diagram:
    """Functions that all differ: each shares a group with the next."""
    edges = []
    for number in range(functions):
        group = node(NodeKind.SECURITY_GROUP, f"sg{number}")
        edges += [(group, node(NodeKind.FUNCTION, f"f{n}", f"note {n}")) for n in (number, (number + 1) % functions)]
    return diagram(*edges)


def test_the_rest_of_the_largest_kinds_is_one_box() -> None:
    small = folded(many(40))
    assert len(small.nodes) == 30
    assert names(small) == names(many(40))
    rests = [one for one in small.nodes if one.is_rest]
    assert [(one.heading, len(one.names)) for one in rests] == [("26 more functions", 26), ("26 more security groups", 26)]
    assert "1 of them: note 39" in {note for one in rests for note in one.notes}
    assert small.says == ('A line of a box with "more" in its name is that of at least one of those it stands for.',)


def test_folding_is_always_the_same_and_twice_is_once() -> None:
    assert folded(many(40)) == folded(many(40))
    assert folded(folded(many(40))) == folded(many(40))


def test_too_many_kinds_are_one_box() -> None:
    small = folded(chains(2), most=3)
    (box,) = small.nodes
    assert (box.kind, box.names, small.edges) == (NodeKind.ROOT, ("shop",), ())
    assert box.notes == ("1 function", "2 subnets", "2 route tables", "2 NAT gateways", "2 Elastic IPs")
    assert is_one_box(small) and in_one_box(small) == small


def test_several_roots_share_the_room() -> None:
    small = [chains(1), many(8)]
    assert folded_together(small) == tuple(folded(one) for one in small)
    crowded = folded_together([chains(9), many(40), chains(1)])
    assert sum(len(one.nodes) for one in crowded) <= 30
    assert not any(is_one_box(one) for one in crowded)


def test_very_many_roots_are_boxes_and_then_a_rest() -> None:
    roots = [diagram(more=(node(NodeKind.FUNCTION, "f"),), root=f"root {number}") for number in range(40)]
    small = folded_together(roots)
    assert sum(len(one.nodes) for one in small) == 30
    assert small[-1].title == "11 more roots"
    assert {name for one in small for node in one.nodes for name in node.names} >= {f"root {number}" for number in range(40)}


_KINDS = st.sampled_from([NodeKind.FUNCTION, NodeKind.SUBNET, NodeKind.ROUTE_TABLE, NodeKind.GATEWAY, NodeKind.ADDRESS])


@st.composite
def drawings(draw: st.DrawFn) -> Diagram:
    kinds = draw(st.lists(_KINDS, min_size=1, max_size=60))
    boxes = [node(kind, f"{kind.name.lower()}{number}", draw(st.sampled_from(["", "x"]))) for number, kind in enumerate(kinds)]
    last = len(boxes) - 1
    ends = draw(st.lists(st.tuples(st.integers(0, last), st.integers(0, last)), max_size=80))
    edges = dict.fromkeys((boxes[min(pair)], boxes[max(pair)]) for pair in ends if pair[0] != pair[1])
    return diagram(*edges, more=tuple(boxes))


@given(drawings(), st.integers(1, 40))
def test_whatever_is_folded_keeps_every_name_and_every_connection(drawn: Diagram, most: int) -> None:
    small = folded(drawn, most)
    assert len(small.nodes) <= most
    if is_one_box(small):
        return
    assert names(small) == names(drawn)
    of = {name: one.key for one in small.nodes for name in one.names}
    before = {one.key: of[one.names[0]] for one in drawn.nodes}
    assert {(before[edge.source], before[edge.target]) for edge in drawn.edges} == {(edge.source, edge.target) for edge in small.edges}

"""Makes a drawing small enough to be looked at, always in the same way, and says what it has folded.

In four steps, each only if the one before was not enough (but the first, which only ever helps):

1. Equal boxes are one: the same kind, the same notes, the same lines. Two subnets of one table; five functions that take the same layers
   back and share the same things.
2. Like chains are one: a subnet, its table and its NAT gateway in each of three zones.
3. Of the kinds that have most boxes, those with the fewest lines are one box, "17 more subnets".
4. Where even that leaves too many, the whole root is one box.

Every name stays: a folded box holds the names of all that it stands for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from serverful.collecting import not_collecting
from serverful.diagram.drawing import Diagram, Edge, EdgeKind, Node, NodeKind, root_name
from serverful.natural import natural
from serverful.wording import counted

MOST = 30  # boxes; more than that nobody follows

_WHAT_MORE_MEANS = 'A line of a box with "more" in its name is that of at least one of those it stands for.'


@not_collecting()
def folded(diagram: Diagram, most: int = MOST) -> Diagram:
    """The same drawing with at most so many boxes."""
    diagram = _merged(diagram, _equal(diagram))
    if len(diagram.nodes) > most:
        diagram = _merged(diagram, _alike(diagram))
    if len(diagram.nodes) > most:
        parts = _rests(diagram, most)
        if parts is None:
            return in_one_box(diagram)
        diagram = replace(_merged(diagram, parts), says=(*diagram.says, _WHAT_MORE_MEANS))
    return diagram


def folded_together(diagrams: Sequence[Diagram], most: int = MOST) -> tuple[Diagram, ...]:
    """Several drawings with at most so many boxes together.

    Each gets its share, and what one does not need is for the others. Where that is too little for one, its root is one box; where there
    are more roots than boxes, the last box stands for the rest of them.
    """
    small = [folded(diagram, most) for diagram in diagrams]
    if sum(len(diagram.nodes) for diagram in small) <= most:
        return tuple(small)
    if len(small) > most:
        boxes = [in_one_box(diagram) for diagram in small]
        return (*boxes[: most - 1], _all_in_one(boxes[most - 1 :]))
    found: dict[int, Diagram] = {}
    left = most
    by_size = sorted(range(len(small)), key=lambda number: (len(small[number].nodes), number))
    for done, number in enumerate(by_size):
        share = left // (len(by_size) - done)
        found[number] = folded(small[number], share)
        left -= len(found[number].nodes)
    return tuple(found[number] for number in range(len(small)))


def is_one_box(diagram: Diagram) -> bool:
    """Whether a root was too large for its share, so that nothing is seen of what is in it."""
    return any(node.kind is NodeKind.ROOT for node in diagram.nodes)


def in_one_box(diagram: Diagram) -> Diagram:
    """The drawing of a root as a single box that says how much is in it."""
    if is_one_box(diagram):
        return diagram
    numbers: Counter[str] = Counter()
    for node in diagram.nodes:
        if node.kind not in {NodeKind.OUTSIDE, NodeKind.AWS_NETWORK}:
            numbers[node.noun] += max(1, len(node.names))
    notes = tuple(counted(number, noun) for noun, number in numbers.items())
    node = Node(f"root\0{diagram.root}", NodeKind.ROOT, "root", (root_name(diagram.root),), (), (*diagram.says, *notes))
    return replace(diagram, nodes=(node,), edges=())


def _all_in_one(diagrams: Sequence[Diagram]) -> Diagram:
    names = tuple(root_name(diagram.root) for diagram in diagrams)
    node = Node("roots", NodeKind.ROOT, "root", names, is_rest=True)
    return Diagram(f"{len(names)} more roots", "", (), (node,), ())


# --- which boxes become one -------------------------------------------------------------------------------------------------------

Parts = Mapping[str, object]
"""What each box, by its key, becomes part of."""


def _equal(diagram: Diagram) -> Parts:
    return _by_lines(diagram, {node.key: node.key for node in diagram.nodes}, _seen(diagram))


def _seen(diagram: Diagram) -> dict[str, object]:
    """How each box looks by itself, whatever it is called. What needs no name is like nothing else."""
    return {node.key: (node.kind, node.noun, node.is_unknown, node.notes, "" if node.names else node.key) for node in diagram.nodes}


def _by_lines(diagram: Diagram, colours: Mapping[str, object], seen: Mapping[str, object]) -> dict[str, object]:
    """How each box looks with its lines, where they lead to told by colour."""
    leaving: dict[str, set[object]] = {node.key: set() for node in diagram.nodes}
    arriving: dict[str, set[object]] = {node.key: set() for node in diagram.nodes}
    for edge in diagram.edges:
        leaving[edge.source].add((edge.kind, edge.is_unknown, edge.labels, colours[edge.target]))
        arriving[edge.target].add((edge.kind, edge.is_unknown, edge.labels, colours[edge.source]))
    return {key: (look, frozenset(leaving[key]), frozenset(arriving[key])) for key, look in seen.items()}


def _alike(diagram: Diagram) -> Parts:
    """The coarsest division in which alike boxes have alike lines (partition refinement)."""
    seen = _seen(diagram)
    colours = _numbered(seen)
    while True:
        finer = _numbered(_by_lines(diagram, colours, seen))
        if len(set(finer.values())) == len(set(colours.values())):
            return finer
        colours = finer


def _numbered(looks: Mapping[str, object]) -> dict[str, object]:
    numbers: dict[object, int] = {}
    return {key: numbers.setdefault(look, len(numbers)) for key, look in looks.items()}


def _rests(diagram: Diagram, most: int) -> Parts | None:
    """A division into so many parts, in which the rest of each kind is one; None where there are more kinds than that."""
    kinds: dict[object, list[Node]] = {}
    for node in diagram.nodes:
        kinds.setdefault((node.kind, node.noun, node.is_unknown), []).append(node)
    if len(kinds) > most:
        kinds = {}
        for node in diagram.nodes:
            kinds.setdefault((node.kind, "" if node.names else node.noun), []).append(node)
    if len(kinds) > most:
        return None
    allowed = {kind: len(nodes) for kind, nodes in kinds.items()}
    for _ in range(len(diagram.nodes) - most):
        largest = max(allowed, key=lambda kind: allowed[kind])  # the first of several
        allowed[largest] -= 1
    lines: Counter[str] = Counter()
    for edge in diagram.edges:
        lines.update((edge.source, edge.target))
    parts: dict[str, object] = {}
    for kind, nodes in kinds.items():
        weight = {node.key: (-len(node.names), -lines[node.key], *map(natural, node.names[:1])) for node in nodes}
        ordered = sorted(nodes, key=lambda node: weight[node.key])
        kept = ordered if allowed[kind] == len(nodes) else ordered[: allowed[kind] - 1]
        parts.update({node.key: node.key for node in kept})
        parts.update({node.key: ("rest", kind) for node in ordered[len(kept) :]})
    return parts


# --- making them one --------------------------------------------------------------------------------------------------------------


def _merged(diagram: Diagram, parts: Parts) -> Diagram:
    members: dict[object, list[Node]] = {}
    for node in diagram.nodes:
        members.setdefault(parts[node.key], []).append(node)
    if len(members) == len(diagram.nodes):
        return diagram
    nodes = {part: _one(nodes, is_rest=isinstance(part, tuple) and part[0] == "rest") for part, nodes in members.items()}
    keys = {key: nodes[part].key for key, part in parts.items()}
    edges: dict[tuple[str, str, EdgeKind], list[Edge]] = {}
    for edge in diagram.edges:
        edges.setdefault((keys[edge.source], keys[edge.target], edge.kind), []).append(edge)
    lines = [
        Edge(source, target, kind, _each_once(label for edge in same for label in edge.labels), all(edge.is_unknown for edge in same))
        for (source, target, kind), same in edges.items()
    ]
    return replace(diagram, nodes=tuple(nodes.values()), edges=tuple(lines))


def _one(nodes: Sequence[Node], *, is_rest: bool) -> Node:
    """One box for several; the first gives it its key and its noun."""
    if len(nodes) == 1:
        return nodes[0]
    ordered = sorted(nodes, key=lambda node: [natural(name) for name in node.names[:1]])
    first = nodes[0]
    nouns = {node.noun for node in nodes}
    return Node(
        first.key,
        first.kind,
        first.noun if len(nouns) == 1 else first.kind.value,
        tuple(name for node in ordered for name in node.names),
        _each_once(part for node in ordered for part in node.particulars),
        _notes(ordered),
        any(node.is_unknown for node in nodes),
        is_rest,
    )


def _notes(nodes: Sequence[Node]) -> tuple[str, ...]:
    """What is said of all of them; what is said of some, with how many these are."""
    said: Counter[str] = Counter()
    for node in nodes:
        said.update({note: max(1, len(node.names)) for note in node.notes})
    everybody = sum(max(1, len(node.names)) for node in nodes)
    return tuple(note if number == everybody else f"{number:,} of them: {note}" for note, number in said.items())


def _each_once(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parts))

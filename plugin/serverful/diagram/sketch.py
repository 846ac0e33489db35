"""A drawing while it is made: what is drawn twice is one box, one line."""

from __future__ import annotations

from dataclasses import replace

from serverful.diagram.drawing import Diagram, Edge, EdgeKind, Node, NodeKind
from serverful.estate.value import Unknown
from serverful.wording import shortened

ELSEWHERE = "decided outside this root"
_NAMED = 2  # expressions in one note


class Sketch:
    """Nodes by their keys, and lines between them, in the order in which they were first drawn.

    `drawn` holds what a caller has finished with (the way behind a subnet), so that 5,000 functions in it draw it once.
    """

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._edges: dict[tuple[str, str, EdgeKind], Edge] = {}
        self.drawn: set[object] = set()

    def node(
        self,
        kind: NodeKind,
        noun: str,
        *names: str,
        particular: str = "",
        note: str = "",
        is_unknown: bool = False,
    ) -> str:
        """Draws a box unless it is there, and gives its key. A further note is added; what is once seen for certain stays certain."""
        key = "\0".join((kind.name, noun, *names))
        before = self._nodes.get(key)
        if before is None:
            self._nodes[key] = Node(key, kind, noun, names, _given(particular), _given(note), is_unknown)
        else:
            is_unknown = before.is_unknown and is_unknown
            notes = tuple(dict.fromkeys((*before.notes, *_given(note))))
            if not is_unknown:  # what is certain by one way is not decided outside
                notes = tuple(one for one in notes if not one.startswith(ELSEWHERE))
            if notes != before.notes or is_unknown != before.is_unknown:
                self._nodes[key] = replace(before, notes=notes, is_unknown=is_unknown)
        return key

    def edge(self, source: str, target: str, kind: EdgeKind = EdgeKind.LEADS, *, label: str = "", is_unknown: bool = False) -> None:
        """Draws a line unless it is there; a further label is added. A line that is certain for somebody is certain."""
        labels = _given(label)
        before = self._edges.get((source, target, kind))
        if before is not None:
            labels = before.labels if not label or label in before.labels else (*before.labels, label)
            is_unknown = before.is_unknown and is_unknown
        self._edges[source, target, kind] = Edge(source, target, kind, labels, is_unknown)

    def keys_of(self, kind: NodeKind, word: str) -> list[str]:
        """The keys of the boxes of one kind that have that name or, without a name, that noun."""
        return [node.key for node in self._nodes.values() if node.kind is kind and word in (node.names or (node.noun,))]

    def note(self, key: str, note: str) -> None:
        """Adds a note to a box that is there."""
        node = self._nodes[key]
        if note not in node.notes:
            self._nodes[key] = replace(node, notes=(*node.notes, note))

    def diagram(self, title: str, root: str, says: tuple[str, ...]) -> Diagram:
        return Diagram(title, root, says, tuple(self._nodes.values()), tuple(self._edges.values()))


def _given(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def whether(*doubts: object, name: str = "") -> str:
    """A note that names what decides, outside the root, whether a thing is there or what it is; "" where nothing does.

    `doubts` are values of which only the unknown ones count; an expression that is the box's name already is not repeated.
    """
    unknown = [doubt for doubt in doubts if isinstance(doubt, Unknown)]
    named = shortened(list(dict.fromkeys(doubt.expression for doubt in unknown if doubt.expression != name)), _NAMED)
    return "" if not unknown else f"{ELSEWHERE}: {named}" if named else ELSEWHERE

"""Drawings as SVG: one file that needs nothing else, has no script and no link, and reads in light and in dark and by a screen reader."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from serverful.diagram.drawing import Diagram, Edge, EdgeKind, Node, NodeKind
from serverful.report.labels import Line, edge_label, node_lines, told
from serverful.report.svg_layout import Placed, place
from serverful.report.svg_style import HEADING, LABEL, LOOKS, NAME, NOTE, SAYS, TITLE, style_sheet, width_of
from serverful.report.text import harmless
from serverful.report.xml_text import xml_text
from serverful.wording import elided

_LONGEST = 38  # characters of a name in a box
_NOTE_WIDTH = 46  # characters of a note before it is broken
_MARGIN, _PADDING, _BAR = 24.0, 12.0, 4.0
_LEADING = 16.0  # from line to line
_GAP = 42.0  # between layers, at least
_BETWEEN = 36.0  # between drawings
_PORTS = 13.0  # between lines that meet at a box
_IN_TITLE = 60  # names that a box shows when it is pointed at
_FUNCTIONS = {NodeKind.FUNCTION, NodeKind.SERVERLESS, NodeKind.ROOT}


def to_svg(diagrams: Sequence[Diagram]) -> str:
    """One SVG document, without a line break at the end; several drawings stand below each other, each with its title."""
    parts: list[str] = []
    width, y = 480.0, _MARGIN
    for number, diagram in enumerate(diagrams):
        picture = _Picture(diagram)
        y += _BETWEEN if number else 0.0
        parts += [f'<g transform="translate({_MARGIN:g} {y:.1f})">', *picture.lines(), "</g>"]
        width = max(width, picture.width + 2 * _MARGIN)
        y += picture.height
    height = y + _MARGIN
    title = diagrams[0].title if len(diagrams) == 1 else f"{len(diagrams)} drawings"
    describes = " ".join(sentence for d in diagrams for sentence in ((d.title + ".",) if len(diagrams) > 1 else ()) + tuple(told(d)))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="serverful-title serverful-desc" '
            f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
            f'<title id="serverful-title">{xml_text(title)}</title>',
            f'<desc id="serverful-desc">{xml_text(describes)}</desc>',
            f"<style>\n{style_sheet()}\n</style>",
            f'<rect class="page" width="{width:.0f}" height="{height:.0f}" rx="10"/>',
            *parts,
            "</svg>",
        ]
    )


@dataclass(frozen=True, slots=True)
class _Box:
    """A node with its lines of text and its own size."""

    node: Node
    text: tuple[tuple[Line, str], ...]
    width: float

    @property
    def height(self) -> float:
        return len(self.text) * _LEADING + _PADDING + 6


_SIZES = {Line.HEADING: HEADING, Line.MODULE: NAME, Line.NAME: NAME, Line.NOTE: NOTE}


def _box(node: Node) -> _Box:
    text: list[tuple[Line, str]] = []
    for sort, line in node_lines(node):
        if sort is Line.NOTE:
            text += [(sort, part) for part in textwrap.wrap(harmless(line), _NOTE_WIDTH)]
        else:
            text.append((sort, elided(harmless(line), _LONGEST)))
    widths = [width_of(line, _SIZES[sort], is_mono=sort in {Line.NAME, Line.MODULE}, is_bold=sort is Line.HEADING) for sort, line in text]
    return _Box(node, tuple(text), max(widths) + 2 * _PADDING + _BAR)


class _Picture:
    """One drawing, from (0, 0) on."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.boxes = [_box(node) for node in diagram.nodes]
        number = {node.key: at for at, node in enumerate(diagram.nodes)}
        self.edges = [(number[edge.source], number[edge.target], edge) for edge in diagram.edges]
        together = frozenset(at for at, node in enumerate(diagram.nodes) if node.kind in _FUNCTIONS)
        leading = {source for source, _, _ in self.edges}
        last = frozenset(at for at, node in enumerate(diagram.nodes) if node.kind is NodeKind.OUTSIDE and at not in leading)
        ends = [(source, target) for source, target, _ in self.edges]
        self.placed: Placed = place([box.height for box in self.boxes], ends, together=together, last=last)
        self._measure()

    def _measure(self) -> None:
        layers = max(self.placed.layers, default=-1) + 1
        self.widths = [0.0] * layers
        for box, layer in zip(self.boxes, self.placed.layers, strict=True):
            self.widths[layer] = max(self.widths[layer], box.width)
        gaps = [_GAP] * layers
        for source, _, edge in self.edges:
            label = _shown_label(edge)
            if label:
                layer = self.placed.layers[source]
                gaps[layer] = max(gaps[layer], width_of(label, LABEL) + 30)
        self.lefts = [sum(self.widths[:n]) + sum(gaps[:n]) for n in range(layers)]
        across = self.lefts[-1] + self.widths[-1] if layers else 0.0
        room = max(60, int(max(across, 560.0) / (SAYS * 0.56)))
        self.says = [line for sentence in (*self.diagram.says, *_legend(self.diagram)) for line in textwrap.wrap(harmless(sentence), room)]
        self.top = 34.0 + len(self.says) * 18.0 + 10.0
        longest = [width_of(self.diagram.title, TITLE, is_bold=True), *(width_of(line, SAYS) for line in self.says)]
        self.width = max(across, *longest)
        self.height = self.top + self.placed.height

    def lines(self) -> Iterator[str]:
        """The elements of the drawing: its title, the lines, the boxes above them, the labels on top."""
        yield f'<text class="title" x="0" y="16">{xml_text(self.diagram.title)}</text>'
        for number, line in enumerate(self.says):
            yield f'<text class="says" x="0" y="{40 + 18 * number}">{xml_text(line)}</text>'
        yield f'<g transform="translate(0 {self.top:.1f})">'
        labels: list[str] = []
        leaving, arriving = self._ports(0), self._ports(1)
        for at, (source, target, edge) in enumerate(self.edges):
            start = (self.lefts[self.placed.layers[source]] + self.widths[self.placed.layers[source]], leaving[at])
            end = (self.lefts[self.placed.layers[target]], arriving[at])
            yield from self._edge(edge, self.placed.passes.get((source, target), ()), start, end)
            labels += self._label(edge, start, self._next(source, target, end))
        for box, layer, center in zip(self.boxes, self.placed.layers, self.placed.centers, strict=True):
            yield from _drawn(box, self.lefts[layer], center - box.height / 2, self.widths[layer])
        yield from labels
        yield "</g>"

    def _ports(self, side: int) -> dict[int, float]:
        """At which height each line leaves (0) or reaches (1) its box: in the order of where it comes from or goes to."""
        at_box: dict[int, list[int]] = {}
        for at, (source, target, _) in enumerate(self.edges):
            at_box.setdefault(target if side else source, []).append(at)
        found: dict[int, float] = {}
        for box, lines in at_box.items():
            step = min(_PORTS, (self.boxes[box].height - 16) / len(lines))
            for position, at in enumerate(sorted(lines, key=lambda one: (self._beside(one, side), one))):
                found[at] = self.placed.centers[box] + (position - (len(lines) - 1) / 2) * step
        return found

    def _beside(self, at: int, side: int) -> float:
        source, target, _ = self.edges[at]
        passes = self.placed.passes.get((source, target), ())
        if passes:
            return passes[0][1] if side == 0 else passes[-1][1]
        return self.placed.centers[target if side == 0 else source]

    def _next(self, source: int, target: int, end: tuple[float, float]) -> tuple[float, float]:
        """Where a line is when it has crossed its first gap."""
        passes = self.placed.passes.get((source, target), ())
        return (self.lefts[passes[0][0]], passes[0][1]) if passes else end

    def _edge(self, edge: Edge, passes: Sequence[tuple[int, float]], start: tuple[float, float], end: tuple[float, float]) -> Iterator[str]:
        is_blocked = edge.kind is EdgeKind.BLOCKED
        path = [f"M{start[0]:.1f} {start[1]:.1f}"]
        x, y = start
        tip = 0.0 if edge.kind is EdgeKind.SHARED else 5.0 if is_blocked else 6.0
        points = [(self.lefts[layer], self.lefts[layer] + self.widths[layer], height) for layer, height in passes]
        for left, right, height in (*points, (end[0] - tip, end[0] - tip, end[1])):
            middle = (x + left) / 2
            path.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {height:.1f} {left:.1f} {height:.1f}")
            if right != left:
                path.append(f"H{right:.1f}")
            x, y = right, height
        classes = ["stop" if is_blocked else "line", *(["shared"] if edge.kind is EdgeKind.SHARED else [])]
        unknown = [" unknown"] if edge.is_unknown else []
        yield f'<path class="{" ".join(classes)}{"".join(unknown)}" d="{"".join(path)}"/>'
        if is_blocked:
            yield f'<path class="stop" d="M{end[0] - 13:.1f} {end[1] - 5:.1f}l10 10m0 -10l-10 10"/>'
        elif edge.kind is EdgeKind.LEADS:
            yield f'<path class="tip" d="M{end[0]:.1f} {end[1]:.1f}l-8 -4v8z"/>'

    def _label(self, edge: Edge, start: tuple[float, float], end: tuple[float, float]) -> list[str]:
        text = _shown_label(edge)
        if not text:
            return []
        x, y = (start[0] + end[0]) / 2 - 3, (start[1] + end[1]) / 2
        width = width_of(text, LABEL) + 6
        look = "label stopped" if edge.kind is EdgeKind.BLOCKED else "label"
        full = f"<title>{xml_text(in_full)}</title>" if (in_full := ", ".join(edge.labels)) != text else ""
        return [
            f"<g>{full}"
            f'<rect class="under" x="{x - width / 2:.1f}" y="{y - 8:.1f}" width="{width:.1f}" height="16" rx="4"/>'
            f'<text class="{look}" x="{x:.1f}" y="{y + 3.6:.1f}" text-anchor="middle">{xml_text(text)}</text></g>'
        ]


def _shown_label(edge: Edge) -> str:
    return elided(harmless(edge_label(edge)), _LONGEST)


def _drawn(box: _Box, x: float, y: float, width: float) -> Iterator[str]:
    node = box.node
    unknown = " unknown" if node.is_unknown else ""
    yield f'<g class="{LOOKS[node.kind]}"><title>{xml_text(_in_full(node))}</title>'
    if len(node.names) > 1:  # a second sheet below the first
        yield f'<rect class="box{unknown}" x="{x + 4:.1f}" y="{y + 4:.1f}" width="{width:.1f}" height="{box.height:.1f}" rx="7"/>'
    yield f'<rect class="box{unknown}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{box.height:.1f}" rx="7"/>'
    yield f'<rect class="bar" x="{x:.1f}" y="{y + 7:.1f}" width="{_BAR - 1:.1f}" height="{box.height - 14:.1f}" rx="1.5"/>'
    at = y + _PADDING / 2 + 14
    for sort, line in box.text:
        yield f'<text class="{sort.value}" x="{x + _PADDING + 1:.1f}" y="{at:.1f}">{xml_text(line)}</text>'
        at += _LEADING
    yield "</g>"


def _in_full(node: Node) -> str:
    """All that a box says, with nothing shortened but a very long list."""
    more = [f"and {len(node.names) - _IN_TITLE:,} more"] if len(node.names) > _IN_TITLE else []
    return ", ".join([node.heading, *node.names[:_IN_TITLE], *more, *node.particulars, *node.notes])


def _legend(diagram: Diagram) -> list[str]:
    """What needs an explanation, where it is there."""
    is_open = any(node.is_unknown for node in diagram.nodes) or any(edge.is_unknown for edge in diagram.edges)
    return ["Dashed: decided outside this root."] if is_open else []

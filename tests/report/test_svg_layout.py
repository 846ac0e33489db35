"""Where boxes and lines go: from left to right, nothing above anything else, whatever the drawing."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from serverful.report.svg_layout import place


def test_a_chain_is_a_straight_row() -> None:
    placed = place([40.0, 60.0, 40.0], [(0, 1), (1, 2)])
    assert placed.layers == (0, 1, 2)
    assert len({round(y, 3) for y in placed.centers}) == 1
    assert placed.height == 60.0


def test_a_line_that_passes_a_layer_has_a_lane_there() -> None:
    placed = place([40.0] * 4, [(0, 1), (1, 2), (2, 3), (0, 3)], last=frozenset({3}))
    assert placed.layers == (0, 1, 2, 3)
    passes = placed.passes[0, 3]
    assert [layer for layer, _ in passes] == [1, 2]
    assert all(abs(y - placed.centers[layer]) > 20 for layer, y in passes)  # beside the boxes, not through them


def test_lines_do_not_cross_where_they_need_not() -> None:
    placed = place([40.0] * 4, [(0, 3), (1, 2)])
    assert (placed.centers[0] < placed.centers[1]) == (placed.centers[3] < placed.centers[2])


def test_some_stand_together_some_last_and_sources_next_to_what_they_lead_to() -> None:
    #  0 -- 1 -> 2 -> 3(last), 4(together with 1) -> 3
    placed = place([40.0] * 6, [(0, 1), (1, 2), (2, 3), (4, 3), (5, 2)], together=frozenset({1, 4}), last=frozenset({3}))
    assert placed.layers == (0, 1, 2, 3, 1, 1)


def test_a_circle_does_no_harm() -> None:
    assert place([40.0] * 3, [(0, 1), (1, 2), (2, 0), (1, 1)]).layers == (0, 1, 2)


def test_nothing_at_all() -> None:
    assert place([], []).height == 0.0


@given(
    st.lists(st.floats(20, 200), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40),
)
def test_nothing_is_above_anything_else(heights: list[float], ends: list[tuple[int, int]]) -> None:
    last = len(heights) - 1
    lines = [(min(a, b, last), min(max(a, b), last)) for a, b in ends]
    placed = place(heights, lines)
    assert place(heights, lines) == placed
    assert all(placed.layers[a] < placed.layers[b] for a, b in lines if a != b)
    for layer in set(placed.layers):
        spans = sorted(
            (placed.centers[n] - heights[n] / 2, placed.centers[n] + heights[n] / 2)
            for n in range(len(heights))
            if placed.layers[n] == layer
        )
        assert all(below[0] - above[1] > 10 for above, below in itertools.pairwise(spans))
        assert spans[0][0] > -0.01 and spans[-1][1] < placed.height + 0.01

"""Where the boxes and lines of a drawing go: layers from left to right, few crossings, short lines. Pure geometry; knows no text.

The classic four steps (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981): layers by
the longest path, dummies where a line passes a layer, an order in each layer by barycenters, and places in that order. The last step is
least squares with a least distance, solved exactly by pooling neighbours that would overlap (the algorithm of isotonic regression).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 12  # there and back, for the order
_SETTLING = 30  # for the places
_GAP = 18.0  # between boxes above each other
_LANE = 12.0  # between lines that pass a layer


@dataclass(frozen=True, slots=True)
class Placed:
    """`centers` of boxes by number, `layers` as numbers from left to right, and for each line the layers and heights that it passes."""

    layers: tuple[int, ...]
    centers: tuple[float, ...]
    passes: Mapping[tuple[int, int], tuple[tuple[int, float], ...]]
    height: float


@dataclass(slots=True)
class _Spot:
    """A box in its layer, or a place where a line passes it."""

    layer: int
    height: float
    is_box: bool
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    y: float = 0.0


def place(
    heights: Sequence[float],
    lines: Sequence[tuple[int, int]],
    *,
    together: frozenset[int] = frozenset(),
    last: frozenset[int] = frozenset(),
) -> Placed:
    """The heights of boxes and the lines between them in, their places out.

    Boxes of `together`, between which there are no lines, stand in one layer; those of `last`, from which none lead on, in the last.

    Lines must not go round in a circle; one that would is left out of the layers and drawn all the same.
    """
    lines = _acyclic(list(dict.fromkeys(line for line in lines if line[0] != line[1])))
    layers = _layers(len(heights), lines, together, last)
    spots = [_Spot(layers[number], height, True) for number, height in enumerate(heights)]
    chains = {line: _chain(line, spots) for line in lines}
    order = _ordered(spots)
    _settle(spots, order)
    top = min((spot.y - spot.height / 2 for spot in spots), default=0.0)
    for spot in spots:
        spot.y -= top
    passes = {line: tuple((spots[number].layer, spots[number].y) for number in chain) for line, chain in chains.items()}
    bottom = max((spot.y + spot.height / 2 for spot in spots), default=0.0)
    return Placed(tuple(layers), tuple(spots[number].y for number in range(len(heights))), passes, bottom)


def _acyclic(lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines without those that close a circle; a drawing of ours has none."""
    after: dict[int, list[int]] = {}
    kept = []
    for source, target in lines:
        seen, open_ = {target}, [target]
        while open_:
            for beyond in after.get(open_.pop(), ()):
                if beyond not in seen:
                    seen.add(beyond)
                    open_.append(beyond)
        if source not in seen:
            after.setdefault(source, []).append(target)
            kept.append((source, target))
    return kept


# --- layers -----------------------------------------------------------------------------------------------------------------------


def _layers(number: int, lines: Sequence[tuple[int, int]], together: frozenset[int], last: frozenset[int]) -> list[int]:
    layers = [0] * number
    for _ in range(number):
        before = list(layers)
        for source, target in lines:
            layers[target] = max(layers[target], layers[source] + 1)
        level = max((layers[box] for box in together), default=0)
        for box in together:
            layers[box] = level
        if layers == before:
            break
    end = max(layers, default=0)
    for box in last:
        layers[box] = end
    # What nothing leads to stands next to what it leads to, not at the far left.
    has_before = {target for _, target in lines}
    for box in range(number):
        following = [layers[target] for source, target in lines if source == box]
        if box not in has_before and box not in together and following:
            layers[box] = min(following) - 1
    return layers


def _chain(line: tuple[int, int], spots: list[_Spot]) -> list[int]:
    """The dummies of a line, made here, and both ends told of them."""
    source, target = line
    chain = []
    at = source
    for layer in range(spots[source].layer + 1, spots[target].layer):
        spots.append(_Spot(layer, 0.0, False))
        dummy = len(spots) - 1
        chain.append(dummy)
        spots[at].after.append(dummy)
        spots[dummy].before.append(at)
        at = dummy
    spots[at].after.append(target)
    spots[target].before.append(at)
    return chain


# --- the order in each layer ------------------------------------------------------------------------------------------------------


def _ordered(spots: list[_Spot]) -> list[list[int]]:
    order: list[list[int]] = [[] for _ in range(max((spot.layer for spot in spots), default=-1) + 1)]
    for number in _depth_first(spots):
        order[spots[number].layer].append(number)
    best, fewest = [list(layer) for layer in order], _crossings(spots, order)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        is_forth = sweep % 2 == 0
        for layer in order if is_forth else order[::-1]:
            position = {number: at for row in order for at, number in enumerate(row)}
            weight = {}
            for at, number in enumerate(layer):
                beside = spots[number].before if is_forth else spots[number].after
                weight[number] = sum(position[one] for one in beside) / len(beside) if beside else float(at)
            layer.sort(key=lambda number: weight[number])
        crossings = _crossings(spots, order)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in order], crossings
    return best


def _depth_first(spots: Sequence[_Spot]) -> list[int]:
    """Every spot once, so that what hangs together stands together from the beginning."""
    seen: dict[int, None] = {}
    for start in sorted(range(len(spots)), key=lambda number: spots[number].layer):
        open_ = [start]
        while open_:
            number = open_.pop()
            if number not in seen:
                seen[number] = None
                open_ += reversed([*spots[number].after, *spots[number].before])
    return list(seen)


def _crossings(spots: Sequence[_Spot], order: Sequence[Sequence[int]]) -> int:
    found = 0
    for layer, following in pairwise(order):
        position = {number: at for at, number in enumerate(following)}
        ends: list[int] = []
        for number in layer:
            new = sorted(position[one] for one in spots[number].after)
            found += sum(1 for end in new for before in ends if before > end)
            ends += new
    return found


# --- places -----------------------------------------------------------------------------------------------------------------------


def _settle(spots: list[_Spot], order: Sequence[Sequence[int]]) -> None:
    """Moves every spot as near to the middle of its neighbours as order and distances allow, a few times there and back."""
    for layer in order:
        y = 0.0
        for before, number in zip([None, *layer], layer, strict=False):
            y += _distance(spots[before], spots[number]) if before is not None else 0.0
            spots[number].y = y
    for turn in range(2 * _SETTLING):
        # The last turns heed both sides, so that a box stands between what leads to it and what it leads to.
        sides = ("before", "after") if turn >= _SETTLING else (("before",) if turn % 2 == 0 else ("after",))
        for layer in order if turn % 2 == 0 else order[::-1]:
            wanted, weights = [], []
            for number in layer:
                beside = [spots[one] for side in sides for one in getattr(spots[number], side)]
                # A box heeds other boxes more than lines that come by; a line wants to be straight more than a box wants its middle.
                pull = [1.0 if spot.is_box or not spots[number].is_box else 0.2 for spot in beside]
                wanted.append(
                    sum(spot.y * part for spot, part in zip(beside, pull, strict=True)) / sum(pull) if beside else spots[number].y
                )
                weights.append((1.0 if spots[number].is_box else 4.0) if beside else 0.05)
            distances = [_distance(spots[one], spots[other]) for one, other in pairwise(layer)]
            for number, y in zip(layer, _apart(wanted, weights, distances), strict=True):
                spots[number].y = y


def _distance(upper: _Spot, lower: _Spot) -> float:
    gap = _GAP if upper.is_box and lower.is_box else _LANE
    return upper.height / 2 + gap + lower.height / 2


def _apart(wanted: Sequence[float], weights: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, by least squares, in the same order and at least so far apart."""
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for want, weight, offset in zip(wanted, weights, offsets, strict=False):
        mean, total, count = want - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other, other_weight, other_count = pools.pop()
            mean = (mean * total + other * other_weight) / (total + other_weight)
            total += other_weight
            count += other_count
        pools.append((mean, total, count))
    places = [mean for mean, _, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(places, offsets, strict=False)]

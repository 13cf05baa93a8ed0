"""The least of a sum of squares of two unknowns within half planes: exact, by looking at every candidate.

The problem is convex, so its one minimum is the free one, or the lowest on some edge, or a corner. With
a dozen edges that is under a hundred points, and plain arithmetic gives the same one on every machine.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

Point = tuple[float, float]


class Line(NamedTuple):
    """Of the unknowns x and y: as an edge a·x + b·y ≤ c, as a term of the cost (a·x + b·y − c)²."""

    a: float
    b: float
    c: float

    def over(self, point: Point) -> float:
        """How far a point is beyond the line."""
        return self.a * point[0] + self.b * point[1] - self.c


def least(terms: Sequence[Line], edges: Sequence[Line], slack: float) -> Point:
    """The point of least cost beyond no edge by more than `slack`; `ValueError` when there is none."""
    for free in _crossing(_slope(terms, 0), _slope(terms, 1)):
        if all(edge.over(free) <= 0 for edge in edges):
            return free  # nothing can be less; most faces need no more
    allowed = (point for point in _candidates(terms, edges) if all(edge.over(point) <= slack for edge in edges))
    return min(allowed, key=lambda point: (sum(term.over(point) ** 2 for term in terms), point))


def _candidates(terms: Sequence[Line], edges: Sequence[Line]) -> Iterator[Point]:
    """Where the cost is flat, where it is flat along an edge, and where two edges meet."""
    slope_x, slope_y = (_slope(terms, axis) for axis in (0, 1))
    yield from _crossing(slope_x, slope_y)
    for edge in edges:
        along = (edge.a * y - edge.b * x for x, y in zip(slope_x, slope_y, strict=True))
        yield from _crossing(edge, Line(*along))
    for one, other in combinations(edges, 2):
        yield from _crossing(one, other)


def _slope(terms: Sequence[Line], axis: int) -> Line:
    """The line on which the cost does not change along one axis."""
    a, b, c = (sum(term[axis] * term[part] for term in terms) for part in (0, 1, 2))
    return Line(a, b, c)


def _crossing(one: Line, other: Line) -> Iterator[Point]:
    """Where two lines meet; nothing when they are parallel."""
    area = one.a * other.b - other.a * one.b
    if abs(area) > 1e-12:
        yield (one.c * other.b - other.c * one.b) / area, (one.a * other.c - other.a * one.c) / area

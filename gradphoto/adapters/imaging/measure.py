"""Who is in a picture: how many faces, where the one face is, and the figures that the checks look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gradphoto.adapters.imaging.crown import Bust, bust, crown
from gradphoto.adapters.imaging.decode import Pixels
from gradphoto.adapters.imaging.detect import detect
from gradphoto.adapters.imaging.figures import figures
from gradphoto.adapters.imaging.looks import looks
from gradphoto.adapters.imaging.mesh import Points, Shape, mesh, shape
from gradphoto.reading import Face

_SMALL = 0.15
"""Share of the largest face's width below which a face is a picture on a badge or a pattern, not a person."""
_SAME = 0.5
"""Face widths between the middles of two meshes below which they are one face that was detected twice."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a picture shows; lengths in pixels of the full size, every value rounded."""

    faces: int
    face: Face | None = None
    """Only when there is exactly one."""
    figures: dict[str, float] = field(default_factory=dict)
    """By the names of `config.spec.FigureName`, and the backdrop's colour; empty unless there is one face."""
    appearance: tuple[float, ...] = ()


def measure(pixels: Pixels, scale: float) -> Measured:
    """Look at an upright RGB picture that was decoded at `scale` × its full size."""
    found = list(faces(pixels))
    if len(found) != 1:
        return Measured(len(found))
    (points,) = found
    part = bust(pixels, shape(points))
    top = crown(part)
    seen = figures(pixels, points, part, top)
    return Measured(1, _face(part, top, scale), seen, looks(part, points))


def faces(pixels: Pixels) -> Iterator[Points]:
    """The mesh of every real face, largest first."""
    shapes: list[Shape] = []
    for detection in detect(pixels):
        found = mesh(pixels, detection)
        if found and _another(shape(found.points), shapes):
            shapes.append(shape(found.points))
            yield found.points


def _another(face: Shape, others: Sequence[Shape]) -> bool:
    """Whether a face is none of the others and not far too small beside them."""
    return all(face.width > _SMALL * other.width and _apart(face, other) for other in others)


def _apart(one: Shape, other: Shape) -> bool:
    return abs(one.cx - other.cx) + abs(one.eye - other.eye) > _SAME * min(one.width, other.width)


def _face(part: Bust, top: float, scale: float) -> Face:
    shape = part.shape
    lengths = {"crown": top, "eye": shape.eye, "chin": shape.chin, "width": shape.width, "cx": shape.cx}
    full = {name: round(value / scale, 1) for name, value in lengths.items()}
    return Face(**full, roll=round(shape.roll, 1), yaw=round(shape.yaw, 2))

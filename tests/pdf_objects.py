"""A PDF of ours read by its own table of objects: what stands on its pages, in millimetres."""

import re
import zlib
from typing import NamedTuple

POINT = 72 / 25.4
_NUMBER = r"(-?[0-9.]+)"
_PLACED = re.compile(rf"q {_NUMBER} 0 0 {_NUMBER} {_NUMBER} {_NUMBER} cm /P Do Q")
_LINE = re.compile(rf"{_NUMBER} {_NUMBER} m {_NUMBER} {_NUMBER} l S")


class Placed(NamedTuple):
    """A picture on a page, in millimetres from the lower left."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.bottom + self.height


class Page(NamedTuple):
    """One page: its size in millimetres, its pictures, their pixels, and its lines from end to end."""

    width: float
    height: float
    pictures: list[Placed]
    pixels: tuple[int, int]
    lines: list[tuple[float, float, float, float]]


def objects(data: bytes) -> dict[int, bytes]:
    """Every object by its number, found where the table says that it is."""
    start = int(data.rstrip().rsplit(b"\n", 2)[-2])
    assert data[start:].startswith(b"xref\n")
    rows = data[start:].split(b"trailer")[0].splitlines()[3:]
    found = {}
    for number, row in enumerate(rows, 1):
        at = int(row[:10])
        assert data[at:].startswith(b"%d 0 obj\n" % number)
        found[number] = data[at : data.index(b"\nendobj\n", at)].split(b"\n", 1)[1]
    return found


def stream(body: bytes) -> bytes:
    """What a stream holds."""
    words, _, rest = body.partition(b"\nstream\n")
    held = rest.removesuffix(b"\nendstream")
    return zlib.decompress(held) if b"/FlateDecode" in words else held


def pages(data: bytes) -> list[Page]:
    """The pages in order."""
    every = objects(data)
    (tree,) = (body for body in every.values() if b"/Type /Pages" in body)
    kids = re.findall(rb"(\d+) 0 R", tree.split(b"/Kids")[1])
    return [_page(every, every[int(number)]) for number in kids]


def _page(every: dict[int, bytes], body: bytes) -> Page:
    drawing = stream(every[_number(rb"/Contents (\d+)", body)]).decode("ascii")
    picture = every[_number(rb"/P (\d+)", body)]
    box = [float(word) for word in re.findall(rb"/MediaBox \[(.*?)\]", body)[0].split()]
    scale = float(drawing.split()[0])
    assert [0, 0] == box[:2]
    assert abs(scale - POINT) < 1e-5
    found = [tuple(map(float, words)) for words in _PLACED.findall(drawing)]
    return Page(
        box[2] / POINT,
        box[3] / POINT,
        [Placed(left, bottom, width, height) for width, height, left, bottom in found],
        (_number(rb"/Width (\d+)", picture), _number(rb"/Height (\d+)", picture)),
        [(x1, y1, x2, y2) for x1, y1, x2, y2 in (map(float, words) for words in _LINE.findall(drawing))],
    )


def _number(pattern: bytes, body: bytes) -> int:
    return int(re.findall(pattern, body)[0])

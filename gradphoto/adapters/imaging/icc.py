"""Colour profiles made of numbers, for pictures that name their colours without embedding one (ICC.1:2010)."""

from struct import pack
from typing import NamedTuple


class Primaries(NamedTuple):
    """Red, green and blue as X, Y, Z under D50."""

    red: tuple[float, float, float]
    green: tuple[float, float, float]
    blue: tuple[float, float, float]


SRGB = Primaries((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
P3 = Primaries((0.51512, 0.24119, -0.00105), (0.29198, 0.69224, 0.04188), (0.15710, 0.06657, 0.78407))
BT2020 = Primaries((0.67348, 0.27904, -0.00193), (0.16567, 0.67534, 0.02998), (0.12505, 0.04561, 0.79685))

_WHITE = (0.9642, 1.0, 0.8249)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def matrix_profile(primaries: Primaries | None, gamma: float | None = None) -> bytes:
    """A display profile; without primaries those of sRGB, without a gamma the curve of sRGB."""
    red, green, blue = primaries or SRGB
    curve = _curve(0, gamma) if gamma else _curve(3, *_SRGB_CURVE)
    text = "gradphoto".encode("utf-16-be")
    name = b"mluc\0\0\0\0" + pack(">II4sII", 1, 12, b"enUS", len(text), 28) + text
    parts = {
        b"desc": name,
        b"cprt": name,
        b"wtpt": _xyz(_WHITE),
        b"rXYZ": _xyz(red),
        b"gXYZ": _xyz(green),
        b"bXYZ": _xyz(blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    return _profile(parts)


def _curve(kind: int, *values: float) -> bytes:
    return _numbers(b"para\0\0\0\0" + pack(">HH", kind, 0), *values)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return _numbers(b"XYZ \0\0\0\0", *values)


def _numbers(head: bytes, *values: float) -> bytes:
    return head + pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _profile(parts: dict[bytes, bytes]) -> bytes:
    start = 132 + 12 * len(parts)
    table, body = pack(">I", len(parts)), b""
    for name, part in parts.items():
        table += pack(">4sII", name, start + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    head = pack(">I4xI4s4s4s12x4s28x", start + len(body), 0x04200000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return _numbers(head, *_WHITE).ljust(128, b"\0") + table + body

"""Damage as cards, cables and drives do it to JPEGs; the same number makes the same damage, always."""

from collections.abc import Callable
from random import Random

Damage = Callable[[bytes, bytes, Random], bytes]
"""What becomes of a file, given another one and the dice."""

HOLE = 4096
"""Bytes that a card or a file system loses at once."""


def damaged(number: int, frames: list[bytes]) -> tuple[str, bytes]:
    """The kind of the damage of that number, and a damaged file; every kind comes in turn."""
    dice = Random(number)
    kind = list(DAMAGES)[number % len(DAMAGES)]
    return kind, DAMAGES[kind](dice.choice(frames), dice.choice(frames), dice)


def _cut(data: bytes, _: bytes, dice: Random) -> bytes:
    return data[: dice.randrange(len(data))]


def _hole(data: bytes, _: bytes, dice: Random) -> bytes:
    at = dice.randrange(0, len(data), HOLE)
    return data[:at] + bytes(len(data[at : at + HOLE])) + data[at + HOLE :]


def _noise(data: bytes, _: bytes, dice: Random) -> bytes:
    at = dice.randrange(0, len(data), HOLE)
    return data[:at] + dice.randbytes(len(data[at : at + HOLE])) + data[at + HOLE :]


def _splice(data: bytes, other: bytes, dice: Random) -> bytes:
    """The rest is another picture's, as after two files were given the same sectors."""
    at = dice.randrange(0, len(data), HOLE)
    return data[:at] + other[at:]


def _moved(data: bytes, other: bytes, dice: Random) -> bytes:
    """A piece of another picture, from anywhere, in the middle of this one."""
    at, start = dice.randrange(len(data)), dice.randrange(len(other))
    piece = other[start : start + dice.randrange(1, 2 * HOLE)]
    return data[:at] + piece + data[at + len(piece) :]


def _flips(data: bytes, _: bytes, dice: Random) -> bytes:
    """One to eight bits, as a bad cable turns them."""
    spoiled = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        spoiled[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(spoiled)


def _lost(data: bytes, _: bytes, dice: Random) -> bytes:
    """Bytes that are gone, so that all others move up."""
    at = dice.randrange(len(data))
    return data[:at] + data[at + dice.choice((1, 2, 512, HOLE)) :]


def _marker(data: bytes, _: bytes, dice: Random) -> bytes:
    """The kind or length of a segment."""
    head = data.index(b"\xff\xda")
    marks = [at for at in range(head + 2) if data[at] == 0xFF and data[at + 1] not in (0, 0xFF)]
    spoiled = bytearray(data)
    spoiled[dice.choice(marks) + dice.choice((1, 2, 3))] = dice.randrange(256)
    return bytes(spoiled)


def _head(data: bytes, _: bytes, dice: Random) -> bytes:
    """A few bytes before the picture's data: tags, tables, sizes."""
    spoiled = bytearray(data)
    for _ in range(dice.choice((1, 4, 16))):
        spoiled[dice.randrange(data.index(b"\xff\xda"))] = dice.randrange(256)
    return bytes(spoiled)


def _tags(data: bytes, _: bytes, dice: Random) -> bytes:
    """Camera tags that are noise."""
    exif = (
        b"Exif\0\0" + dice.choice((b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08")) + dice.randbytes(dice.randrange(4000))
    )
    return data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + data[2:]


def _tail(data: bytes, other: bytes, dice: Random) -> bytes:
    """Garbage after the end: noise, zeros or another picture."""
    return data + dice.choice((dice.randbytes(dice.randrange(1, 9000)), bytes(HOLE), other))


DAMAGES: dict[str, Damage] = {
    "cut": _cut,
    "hole": _hole,
    "noise": _noise,
    "splice": _splice,
    "moved": _moved,
    "flips": _flips,
    "lost": _lost,
    "marker": _marker,
    "head": _head,
    "tags": _tags,
    "tail": _tail,
}

"""A progressive JPEG of very many scans: legal, small, and slow, for every scan goes over every block."""

LEVELS = 13
"""Bits of each coefficient that come in scans of their own."""
_RUN = 1 << 14
"""The shortest run of empty blocks that the one code of the table can say."""


def many_scans(width: int, height: int) -> bytes:
    """A grey picture in 883 scans; at least 16384 blocks of 8 × 8."""
    blocks = -(-width // 8) * -(-height // 8)
    size = height.to_bytes(2) + width.to_bytes(2)
    head = b"\xff\xd8" + _segment(0xDB, bytes(1) + b"\1" * 64) + _segment(0xC2, b"\x08" + size + b"\1\1\x11\0")
    tables = _table(0x00, 0x00) + _table(0x10, 0xE0)  # of one code each: no difference, and a run of 2¹⁴ and more
    first = _scan(0, LEVELS) + bytes(-(-blocks // 8))
    empty = _packed("".join(f"0{length - _RUN:014b}" for length in _runs(blocks)))
    rest = [_scan(place, LEVELS) + empty for place in range(1, 64)]
    finer = [
        _scan(place, level << 4 | level - 1) + empty for level in range(LEVELS, 0, -1) for place in range(1, 64)
    ]
    return head + tables + first + b"".join(rest + finer) + b"\xff\xd9"


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def _table(number: int, symbol: int) -> bytes:
    return _segment(0xC4, bytes([number, 1, *bytes(15), symbol]))


def _scan(place: int, bits: int) -> bytes:
    """The header of a scan of one coefficient; `bits` says which of them."""
    return _segment(0xDA, bytes([1, 1, 0, place, place, bits]))


def _runs(blocks: int) -> list[int]:
    """Lengths from 2¹⁴ to 2¹⁵ − 1 that add up to all blocks."""
    count = -(-blocks // (2 * _RUN - 1))
    return [blocks // count + (number < blocks % count) for number in range(count)]


def _packed(bits: str) -> bytes:
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")

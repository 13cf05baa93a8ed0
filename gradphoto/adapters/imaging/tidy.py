"""A JPEG without the bytes that belong to nothing in it, which some cameras leave between its parts.

Strict decoding stops at the first oddity. To learn whether it was the only one, the harmless bytes are
left out of a copy and that is decoded strictly again; the original is never changed.
"""

_SOS = 0xDA
_BARE = (0xD8, 0x01)
"""Markers without a length: start of image, and one for private use."""


def tidy(data: bytes) -> tuple[bytes, bytes]:
    """The segments before the first scan without anything between them, and the scans without padding.

    Padding is a run of zeros right before the end. A hole in the file may look like it; but
    then the picture's own data are gone with it, and a strict decoder misses them.
    """
    head, at = b"", 0
    while at < len(data):
        at = _marker(data, at)
        end = _end(data, at)
        if data[at + 1 : at + 2] == bytes([_SOS]):
            break
        head, at = head + data[at:end], end
    return head, _without_padding(data[at:])


def _marker(data: bytes, at: int) -> int:
    """Where the next marker stands: 0xFF and a byte that is neither 0 nor 0xFF."""
    places = range(at, len(data) - 1)
    found = (i for i in places if data[i] == 0xFF and data[i + 1] not in (0x00, 0xFF))
    return next(found, len(data))


def _end(data: bytes, at: int) -> int:
    if data[at + 1 : at + 2] in (bytes([marker]) for marker in _BARE):
        return at + 2
    return at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))


def _without_padding(scans: bytes) -> bytes:
    body, end, _ = scans.partition(b"\xff\xd9")
    return body.rstrip(b"\0") + end

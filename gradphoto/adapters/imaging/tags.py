"""What a delivered portrait says about itself. Nothing of the source's own tags is ever carried over."""

from dataclasses import dataclass
from datetime import datetime

import piexif

_JFIF = b"\xff\xd8\xff\xe0"


@dataclass(frozen=True, slots=True)
class Tags:
    """What goes in; `taken` is a reading's, `artist` and `copyright` come from the settings."""

    student_no: str
    recipe: str
    spec_id: str
    source_sha256: str
    taken: str | None = None
    artist: str = ""
    copyright: str = ""
    dpi: int = 300


def tag(jpeg: bytes, tags: Tags, bytes_max: int) -> bytes:
    """A JFIF portrait with its EXIF; `ValueError` when it is no such file or grows over `bytes_max`."""
    if jpeg[:4] != _JFIF:
        raise ValueError(f"not a rendered portrait: it begins with {jpeg[:4]!r}")
    exif: bytes = piexif.dump({"0th": _main(tags), "Exif": _more(tags)})
    head = 4 + int.from_bytes(jpeg[4:6], "big")  # piexif's own insert would replace the JFIF segment
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    tagged = jpeg[:head] + segment + jpeg[head:]
    if len(tagged) > bytes_max:
        raise ValueError(f"tags of {len(segment)} bytes make the portrait {len(tagged)} bytes, over {bytes_max}")
    return tagged


def untagged(jpeg: bytes) -> bytes:
    """A tagged portrait as it was before; one that `tag` did not make is left as it is."""
    head = 4 + int.from_bytes(jpeg[4:6], "big")
    if jpeg[:4] != _JFIF or jpeg[head : head + 2] != b"\xff\xe1":
        return jpeg
    return jpeg[:head] + jpeg[head + 2 + int.from_bytes(jpeg[head + 2 : head + 4], "big") :]


def _main(tags: Tags) -> dict[int, object]:
    ifd = piexif.ImageIFD
    return {
        ifd.ImageDescription: tags.student_no.encode(),
        ifd.Orientation: 1,
        ifd.XResolution: (tags.dpi, 1),
        ifd.YResolution: (tags.dpi, 1),
        ifd.ResolutionUnit: 2,
        ifd.Software: f"gradphoto {tags.recipe}".encode(),
        **({ifd.Artist: tags.artist.encode()} if tags.artist else {}),
        **({ifd.Copyright: tags.copyright.encode()} if tags.copyright else {}),
    }


def _more(tags: Tags) -> dict[int, object]:
    ifd = piexif.ExifIFD
    return {
        ifd.ExifVersion: b"0232",
        **_time(tags.taken),
        ifd.UserComment: _comment(tags),
        ifd.ColorSpace: 1,
        ifd.ImageUniqueID: tags.student_no.encode(),
    }


def _comment(tags: Tags) -> bytes:
    """Profile and source; also artist and copyright where they are more than ASCII.

    Their own tags are ASCII by the standard and hold UTF-8 only by custom. A comment says how it is encoded: its
    Unicode is UTF-16 in the byte order of the EXIF data, which piexif writes big end first (CIPA DC-008, 4.6.6).
    """
    words = f"{tags.spec_id} {tags.source_sha256}"
    more = [word for word in (tags.artist, tags.copyright) if not word.isascii()]
    if not more:
        return b"ASCII\0\0\0" + words.encode()
    return b"UNICODE\0" + "\n".join([words, *more]).encode("utf-16-be")


def _time(taken: str | None) -> dict[int, object]:
    """The camera's own time; a fraction only when the camera gave one."""
    if taken is None:
        return {}
    moment = datetime.fromisoformat(taken)
    fraction = f"{moment.microsecond:06d}".rstrip("0")
    time = {piexif.ExifIFD.DateTimeOriginal: moment.strftime("%Y:%m:%d %H:%M:%S").encode()}
    return time | ({piexif.ExifIFD.SubSecTimeOriginal: fraction.encode()} if fraction else {})

"""What a frame is to the matching: a slate, a portrait, a break, or nothing to do with the camera's order."""

from dataclasses import dataclass
from enum import StrEnum

from gradphoto.discrepancy import FILE, Discrepancy
from gradphoto.original import Original
from gradphoto.reading import Reading

PICTURE_SUFFIXES = {
    ".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".heic", ".heif", ".hif", ".webp", ".bmp", ".mpo",
}  # fmt: skip
RAW_SUFFIXES = {
    ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".sr2", ".raf", ".orf", ".rw2", ".pef", ".dng", ".3fr",
}  # fmt: skip

SHEET_SUFFIXES = {".csv", ".xlsx"}

Place = tuple[str, str, str]
"""Session, source, path."""


class Kind(StrEnum):
    """The part that a frame plays in its lane."""

    SLATE = "slate"
    PORTRAIT = "portrait"
    BREAK = "break"
    """Neither a slate that was read nor a portrait: it closes the run before it and opens nobody."""
    ASIDE = "aside"
    """Not of the camera's sequence at all: a log, a sidecar, a system's own litter."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One original with its reading; `reading` is None while it was not read."""

    original: Original
    reading: Reading | None
    copy: Original | None = None
    """The copy of it that is meant here, None for the capture itself; see `places`."""
    echo: bool = False
    """Whether it only keeps the order at one more of its places; its own match is made elsewhere."""

    @property
    def spot(self) -> Original:
        """The file whose place tells when it was taken."""
        return self.copy or self.original


@dataclass(frozen=True, slots=True)
class Classified:
    """A frame with its kind; `code` is set for a slate, `trouble` for a break or a useless file."""

    frame: Frame
    kind: Kind
    code: str | None = None
    trouble: Discrepancy | None = None
    companion: bool = False
    useless: bool = False
    """Whether the file itself is the trouble."""

    @property
    def codes(self) -> frozenset[str]:
        """Every code that was read in it, also when there are too many to be a slate."""
        reading = self.frame.reading
        return frozenset(code.text for code in reading.codes if code.text) if reading else frozenset()


def parted(path: str) -> tuple[str, str]:
    """A path's folder and its name; a hundred thousand of them are asked, so plain text it is.

    >>> parted("DCIM/100CANON/IMG_0001.JPG")
    ('DCIM/100CANON', 'IMG_0001.JPG')
    """
    folder, _, name = path.rpartition("/")
    return folder, name


def suffix(path: str) -> str:
    """The lower-case ending of a path, with its dot; a name that begins with its only dot has none."""
    stem, dot, ending = parted(path)[1].rpartition(".")
    return f"{dot}{ending}".lower() if stem and ending else ""


def is_scanlog(path: str) -> bool:
    """Whether a file of the inbox is a desk's log."""
    name = parted(path)[1].lower()
    return name.startswith("scanlog") and name.endswith(".csv")


def is_sheet_name(path: str) -> bool:
    """Whether a file's name says that it is a table, which may be a tethering program's sidecar."""
    return suffix(path) in SHEET_SUFFIXES and not parted(path)[1].startswith((".", "~$"))


def is_picture_name(path: str) -> bool:
    """Whether a file's name says that a camera made it."""
    return suffix(path) in PICTURE_SUFFIXES | RAW_SUFFIXES and not parted(path)[1].startswith(".")


def classify(frame: Frame, belongs: bool) -> Classified:
    """What `frame` is; `belongs` says that it is part of another file, see `gradphoto.matching.companions`."""
    reading = frame.reading
    if belongs:
        return Classified(frame, Kind.ASIDE, companion=True)
    if frame.spot.unsafe:
        return _useless(frame, "unsafe-name", frame.spot.path)
    if reading is None:
        return Classified(frame, Kind.BREAK, trouble=Discrepancy(code="not-read"))
    if reading.trouble or reading.format == "RAW":
        return _useless(frame, reading.trouble or "raw-alone", reading.detail)
    return _seen(frame, reading)


def _useless(frame: Frame, code: str, detail: str) -> Classified:
    assert code in FILE, code
    of_camera = is_picture_name(frame.spot.path) or bool(frame.reading and frame.reading.format)
    kind = Kind.BREAK if of_camera else Kind.ASIDE
    return Classified(frame, kind, trouble=Discrepancy(code=code, detail=detail), useless=True)


def _seen(frame: Frame, reading: Reading) -> Classified:
    texts = {code.text for code in reading.codes}
    if len(texts) == 1 and None not in texts:
        return Classified(frame, Kind.SLATE, code=texts.pop())
    if len(texts) > 1:
        return Classified(frame, Kind.BREAK, trouble=Discrepancy(code="two-codes"))
    if texts:
        return Classified(frame, Kind.BREAK, trouble=Discrepancy(code="slate-unreadable"))
    if reading.faces == 0:
        return Classified(frame, Kind.BREAK, trouble=Discrepancy(code="unclassified"))
    return Classified(frame, Kind.PORTRAIT)

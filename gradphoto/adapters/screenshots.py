"""The codes in a folder of screenshots, read by worker processes: what strangers send is opened nowhere else."""

from pathlib import Path, PurePosixPath

import numpy as np

from gradphoto.adapters.found import Found, StillGrowing, Unreadable, pieces
from gradphoto.adapters.imaging.codes import find_codes
from gradphoto.adapters.imaging.colour import to_srgb
from gradphoto.adapters.imaging.decode import Pixels, decode
from gradphoto.adapters.imaging.header import read_header
from gradphoto.adapters.imaging.turn import upright_pixels
from gradphoto.adapters.inbox import look
from gradphoto.adapters.limits import patience, too_large, wants_memory
from gradphoto.adapters.processes import Died, each
from gradphoto.batch import Screenshot
from gradphoto.discrepancy import TEXTS, Discrepancy

LARGEST = 64 << 20
"""Bytes of a file that may be a screenshot."""
_LITTER = {"thumbs.db", "desktop.ini"}
_AGAIN = "请学生重新发 PNG 或 JPEG 截图"
_COPYING = "还没有复制完：请稍后再运行一次"


def read_screenshots(folder: Path, workers: int) -> list[Screenshot]:
    """Every file of a folder and those below it, in natural order, with its codes or what is wrong with it.

    `SourceError` when the folder cannot be opened. A system's own hidden files are passed over.
    """
    seen = look(folder)
    files = [found for found in seen.files if not _is_litter(found.path)]
    read = [
        Screenshot(path=found.path, trouble=f"读这张图时程序崩溃：{_AGAIN}") if isinstance(shot, Died) else shot
        for found, shot in each(_read, files, workers)
    ]
    refused = [Screenshot(path=one.path, trouble=one.reason) for one in seen.refused if not _is_litter(one.path)]
    return [*read, *refused, *(Screenshot(path=path, trouble=_COPYING) for path in seen.growing)]


def _is_litter(path: str) -> bool:
    name = PurePosixPath(path).name.lower()
    return name.startswith((".", "~$")) or name in _LITTER


def _read(found: Found) -> Screenshot:
    try:
        data = b"" if found.size > LARGEST else b"".join(pieces(found))
        with patience():
            return _seen(found, data)
    except StillGrowing:
        return Screenshot(path=found.path, trouble=_COPYING)
    except Unreadable as trouble:
        return Screenshot(path=found.path, trouble=str(trouble))


def _seen(found: Found, data: bytes) -> Screenshot:
    try:
        pixels = too_large() if found.size > LARGEST else _pixels(data, found.path)
    except Exception as trouble:  # whatever an odd picture does, it costs itself and not the folder
        pixels = (
            too_large() if wants_memory(trouble) else Discrepancy(code="corrupt", detail=type(trouble).__name__)
        )
    if isinstance(pixels, Discrepancy):
        return Screenshot(path=found.path, trouble=f"{TEXTS[pixels.code]}：{_AGAIN}")
    codes = find_codes(pixels, 0, lambda: None)
    texts = tuple(code.text for code in codes if code.text)
    return Screenshot(path=found.path, codes=texts, unreadable=len(texts) < len(codes))


def _pixels(data: bytes, name: str) -> Pixels | Discrepancy:
    """The whole picture upright: a screenshot has no pixel to spare."""
    header = read_header(data, name)
    if isinstance(header, Discrepancy):
        return header
    decoded = decode(data, header, least=1.0)
    if isinstance(decoded, Discrepancy):
        return decoded
    pixels = decoded.pixels
    if pixels.shape[2] == 4:
        pixels = np.asarray(to_srgb(decoded.image, header.icc))
    return upright_pixels(pixels, header.tags.orientation)

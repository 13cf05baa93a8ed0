"""The contestants of the benchmark that need nothing of ours: `python -m tests.bench_others WHAT FOLDER`.

As in `bench_child` the last line printed is JSON: seconds of processor time a photo.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

import simplejpeg
from PIL import Image, ImageOps

_SIZE = 480, 640


def decode_only(paths: list[Path]) -> dict[str, float]:
    """The strict decoding at half size alone."""
    begin = time.process_time()
    for path in paths:
        data = path.read_bytes()
        height, width, _, _ = simplejpeg.decode_jpeg_header(data)
        half = {"min_height": ceil(height / 2), "min_width": ceil(width / 2)}
        simplejpeg.decode_jpeg(data, "RGB", min_factor=1, strict=True, **half)
    return {"cpu": (time.process_time() - begin) / len(paths)}


def naive(paths: list[Path]) -> dict[str, float]:
    """What comes to mind first: open, turn, resize, save."""
    return _pillow(paths, lambda image: ImageOps.exif_transpose(image).resize(_SIZE, Image.Resampling.LANCZOS))


def draft(paths: list[Path]) -> dict[str, float]:
    """Pillow's thumbnail, which has the decoder halve."""

    def small(image: Image.Image) -> Image.Image:
        image.thumbnail((640, 640), Image.Resampling.LANCZOS)
        return ImageOps.exif_transpose(image)

    return _pillow(paths, small)


def _pillow(paths: list[Path], small: Callable[[Image.Image], Image.Image]) -> dict[str, float]:
    begin = time.process_time()
    for path in paths:
        with Image.open(path) as image:
            small(image).save(BytesIO(), "JPEG", quality=85)
    return {"cpu": (time.process_time() - begin) / len(paths)}


def vips(paths: list[Path]) -> dict[str, float]:
    """`vipsthumbnail`, all frames in one process of one thread."""
    with TemporaryDirectory() as out:
        return _command(paths, "vipsthumbnail", "-s", "480x640", "-o", f"{out}/%s.jpg[Q=85]", *map(str, paths))


def magick(paths: list[Path]) -> dict[str, float]:
    """ImageMagick's `mogrify`, all frames in one process of one thread."""
    with TemporaryDirectory() as out:
        wanted = ("-auto-orient", "-resize", "480x640", "-quality", "85")
        return _command(paths, "mogrify", "-path", out, *wanted, *map(str, paths))


def pyvips(paths: list[Path]) -> dict[str, float]:
    """The same library as `vipsthumbnail`, from Python."""
    code = (
        "import pyvips, sys\n"
        "for path in sys.argv[1:]:\n"
        "    pyvips.Image.thumbnail(path, 480, height=640).jpegsave_buffer(Q=85)"
    )
    return _command(paths, sys.executable, "-c", code, *map(str, paths))


def sharp(paths: list[Path]) -> dict[str, float]:
    """The same library from Node."""
    code = (
        "const sharp = require('sharp'); sharp.concurrency(1);"
        "(async () => { for (const path of process.argv.slice(1))"
        " await sharp(path).rotate().resize(480, 640).jpeg({ quality: 85 }).toBuffer(); })()"
    )
    return _command(paths, "node", "-e", code, *map(str, paths))


def _command(paths: list[Path], *words: str) -> dict[str, float]:
    before = os.times()
    alone = {"VIPS_CONCURRENCY": "1", "MAGICK_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run(words, check=True, env=os.environ | alone)
    after = os.times()
    taken = after.children_user + after.children_system - before.children_user - before.children_system
    return {"cpu": taken / len(paths)}


_PIECES: dict[str, Callable[[list[Path]], dict[str, float]]] = {
    "decode": decode_only,
    "vipsthumbnail": vips,
    "pyvips": pyvips,
    "mogrify": magick,
    "sharp": sharp,
    "Pillow thumbnail": draft,
    "naive Pillow": naive,
}

if __name__ == "__main__":
    print(json.dumps(_PIECES[sys.argv[1]](sorted(Path(sys.argv[2]).iterdir()))))

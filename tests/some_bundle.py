"""A bundle for tests: real portraits of the sample frames, and contents that name them."""

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

import gradphoto.demo
from gradphoto.adapters.bag import write_bag
from gradphoto.bundle import Absent, Contents, Delivery, changes
from gradphoto.states import StudentState

FRAMES = sorted((Path(gradphoto.demo.__file__).parent / "frames").glob("*.jpg"))
WANG, LI, MA = "2164001200017", "2164001200018", "2164001200019"


@cache
def jpeg(number: int) -> bytes:
    """A sample frame at the size of a portrait."""
    out = BytesIO()
    with Image.open(FRAMES[number]) as frame:
        frame.resize((480, 640)).save(out, "JPEG", quality=80, dpi=(300, 300))
    return out.getvalue()


PHOTOS = {hashlib.sha256(jpeg(number)).hexdigest(): jpeg(number) for number in range(3)}


def photo(delivery: Delivery) -> bytes:
    """The bytes of a delivery of these tests."""
    return PHOTOS[delivery.sha256]


def a_delivery(student_no: str = WANG, number: int = 0, name: str = "王芳", **fields: Any) -> Delivery:
    """A delivery of the sample frame of that number."""
    data = jpeg(number)
    given: dict[str, Any] = {
        "student_no": student_no,
        "name": name,
        "file": f"{student_no}.jpg",
        "sha256": hashlib.sha256(data).hexdigest(),
        "source_sha256": f"{number:064x}",
        "session": "2023-07-02-yanchi",
        "captured_at": "2023-07-02T10:05:06.070000",
        "width": 480,
        "height": 640,
        "bytes": len(data),
        "left": 12.34,
        "top": 0.0,
        "right": 1400.5,
        "bottom": 1850.56,
        "scale": 0.345678,
        "quality": 80,
        "spec": "chsi-2017",
        "recipe": "p1",
    }
    return Delivery(**(given | fields))


DELIVERIES = (a_delivery(WANG, 0), a_delivery(LI, 1, "买买提·艾力"))
ABSENT = (Absent(student_no=MA, name="𬭎null", state=StudentState.PENDING, reasons=("no-slate", "blurred")),)


def some_contents(version: int = 1, **fields: Any) -> Contents:
    """The contents of one version of 盐池学院's bundle."""
    given: dict[str, Any] = {
        "centre": "yanchi",
        "centre_name": "盐池学院",
        "version": version,
        "institution": "宁夏开放大学",
        "campaign": "ningxia-2023",
        "inputs": "0" * 64,
        "deliveries": DELIVERIES,
        "absent": ABSENT,
    }
    given |= fields
    return Contents(**({"changes": changes(None, given["deliveries"])} | given))


def bag_bytes(contents: Contents) -> bytes:
    """The bundle of `contents`."""
    out = BytesIO()
    write_bag(out, contents, photo)
    return out.getvalue()

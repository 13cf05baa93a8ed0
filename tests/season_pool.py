"""The pool of a modelled season: its students, its sittings, and every picture of them, made once.

What happens in a season is which of these files come in, when, whole or not, and what people do about them. The
pictures are small, each camera has a clock, and between two sittings of one camera lie more than two minutes: a
slate that is not there yet is then always noticed, so the model can be exact.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import Image

from gradphoto.demo.slates import camera_exif, phone_slate
from gradphoto.demo.students import outside, people
from gradphoto.roster import Student

YANCHI, GUYUAN, MAKE_UP = "2023-07-02-yanchi", "2023-07-03-guyuan", "2023-07-16-jinfeng"
SESSIONS = (YANCHI, GUYUAN, MAKE_UP)
EXPECTED = {YANCHI: {"yanchi"}, GUYUAN: {"guyuan", "longde", "xiji", "pengyang"}}
"""The centres that the notice sends to a session; to the make-up session all."""
CENTRES = ("guyuan", "longde", "yanchi", "xiji")
"""Where students belong or may be moved to."""

G0, G1, G2, G3 = people("guyuan", 4)
L0, L1, L2, L3 = people("longde", 4, first=201)
Y0, Y1, Y2, Y3 = people("yanchi", 4, first=301)
NEW = people("yanchi", 1, first=305)[0]
EARLY = outside(people("guyuan", 1, first=105)[0])
"""Entered before the campaign's groups."""
STRANGER = people("tongxin", 1, first=901)[0]
"""Of no roster: a code that nobody has."""
STUDENTS = {one.student_no: one for one in (G0, G1, G2, G3, L0, L1, L2, L3, Y0, Y1, Y2, Y3, NEW, EARLY)}

STEP, BETWEEN = timedelta(seconds=7), timedelta(minutes=4)
WIDTH, HEIGHT = 1000, 1500


@dataclass(frozen=True, slots=True)
class Camera:
    """One body in one session, with the folder that its card is copied into."""

    session: str
    folder: str
    serial: str
    begin: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a sitting as the camera wrote it: 0 is the slate, portraits count from 1."""

    sitting: "Sitting"
    number: int

    @property
    def taken(self) -> datetime:
        """The camera's time; no two files of one camera share it."""
        return self.sitting.begin + STEP * self.number

    @property
    def path(self) -> str:
        """Where the camera's copy puts it, below the session's inbox."""
        return f"{self.sitting.camera.folder}/IMG_{self.sitting.slot * 10 + self.number + 1:04d}.JPG"

    @property
    def place(self) -> tuple[str, str]:
        """Session and path."""
        return self.sitting.camera.session, self.path


@dataclass(frozen=True, slots=True)
class Sitting:
    """One student before one camera; who shows which codes is the truth of the model."""

    name: str
    camera: Camera
    slot: int
    sitter: int
    shown: tuple[Student, ...]
    """Whose codes are to be seen in the slate: none where there is no slate."""
    frames: int = 2
    readable: bool = True
    finding: bool = False
    """Whether a check holds every frame until a person chooses it."""

    @property
    def begin(self) -> datetime:
        """When the slate was taken, or would have been."""
        return self.camera.begin + BETWEEN * self.slot

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its files in order."""
        return tuple(Part(self, number) for number in range(0 if self.shown else 1, self.frames + 1))


_EAST = Camera(YANCHI, "card-1/DCIM/100CANON", "082024001234", datetime(2023, 7, 2, 10))
_ONE = Camera(GUYUAN, "card-1/DCIM/100CANON", "082024005678", datetime(2023, 7, 3, 8, 40))
_TWO = Camera(GUYUAN, "card-2/DCIM/100CANON", "082024009012", datetime(2023, 7, 3, 8, 42))
_LAST = Camera(MAKE_UP, "card-1/DCIM/100CANON", "082024005678", datetime(2023, 7, 16, 14, 31))
CAMERAS = (_EAST, _ONE, _TWO, _LAST)

POOL = (
    Sitting("Y0", _EAST, 0, 3, (Y0,), frames=3),
    Sitting("Y1", _EAST, 1, 4, (Y1,), frames=1),
    Sitting("Y2 unreadable", _EAST, 2, 5, (Y2,), readable=False),
    Sitting("Y3 tilted", _EAST, 3, 1, (Y3,), frames=1, finding=True),
    Sitting("NEW", _EAST, 4, 7, (NEW,)),
    Sitting("L0 elsewhere", _EAST, 5, 9, (L0,), frames=1),
    Sitting("G0", _ONE, 0, 12, (G0,)),
    Sitting("G1", _ONE, 1, 15, (G1,)),
    Sitting("stranger", _ONE, 2, 18, (STRANGER,), frames=1),
    Sitting("G2 no slate", _ONE, 3, 19, ()),
    Sitting("EARLY", _ONE, 4, 22, (EARLY,), frames=1),
    Sitting("L1", _ONE, 5, 25, (L1,)),
    Sitting("L0", _TWO, 0, 9, (L0,)),
    Sitting("two codes", _TWO, 1, 30, (G3, L2), frames=1),
    Sitting("L2", _TWO, 2, 13, (L2,)),
    Sitting("G2", _TWO, 3, 19, (G2,), frames=1),
    Sitting("G3", _LAST, 0, 30, (G3,)),
    Sitting("L3", _LAST, 1, 21, (L3,), frames=1),
    Sitting("Y2 again", _LAST, 2, 5, (Y2,), frames=1),
    Sitting("G0 again", _LAST, 3, 12, (G0,), frames=1),
    Sitting("Y3 again", _LAST, 4, 11, (Y3,), frames=1),
)
SITTING = {sitting.name: sitting for sitting in POOL}
PARTS = tuple(part for sitting in POOL for part in sitting.parts)


@dataclass(frozen=True, slots=True)
class Shot:
    """One content that a file may have: a part as the camera wrote it, cut off, or saved once more."""

    part: Part
    form: str = "whole"
    """`whole`, `cut` or `saved`."""

    @property
    def data(self) -> bytes:
        """Its bytes, the same each time."""
        return _bytes(self)

    @property
    def sha256(self) -> str:
        """Their digest."""
        return _digest(self)


def shots() -> Iterator[Shot]:
    """Everything that can come in as a picture."""
    return (Shot(part, form) for part in PARTS for form in ("whole", "cut", "saved"))


@cache
def _digest(shot: Shot) -> str:
    return hashlib.sha256(shot.data).hexdigest()


@cache
def _bytes(shot: Shot) -> bytes:
    if shot.form == "cut":
        whole = _bytes(Shot(shot.part))
        return whole[: len(whole) * 2 // 3]
    out = BytesIO()
    exif = camera_exif(shot.part.taken, "Canon EOS R6", shot.part.sitting.camera.serial)
    _image(shot.part).save(out, "JPEG", quality=90 if shot.form == "whole" else 85, exif=exif)
    return out.getvalue()


def _image(part: Part) -> Image.Image:
    sitting = part.sitting
    if part.number:
        return _sitter(sitting.sitter).transform(
            (WIDTH, HEIGHT), Image.Transform.AFFINE, (1, 0, 2 * part.number, 0, 1, -2 * part.number)
        )
    codes = [_slate(student.capture_code, sitting.readable) for student in sitting.shown]
    image = Image.new("RGB", (sum(code.width for code in codes), codes[0].height))
    for place, code in enumerate(codes):
        image.paste(code, (place * code.width, 0))
    return image


def _slate(code: str, readable: bool) -> Image.Image:
    size = (WIDTH * 2 // 3, HEIGHT * 2 // 3)
    return phone_slate(code, size, 0.5) if readable else phone_slate(code, size, 0.4, blur=4, glare=1)


@cache
def _sitter(number: int) -> Image.Image:
    (path,) = (
        file
        for file in (files("gradphoto.demo") / "frames").iterdir()
        if file.name.startswith(f"sitter-{number:02d}") and file.name.endswith(".jpg")
    )
    with Image.open(BytesIO(path.read_bytes())) as image:
        return image.convert("RGB").resize((WIDTH, HEIGHT))

"""What a bundle holds, when there is a new one, and what changed: pure, on frozen types.

How a bundle becomes bytes belongs to the adapters; its tables stand in `gradphoto.bundle_rows`, the
names of its photos in `gradphoto.photo_names`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, NamedTuple, Protocol, Self, TypeVar

from pydantic import AfterValidator, Field, PositiveFloat, PositiveInt, model_validator

from config.frozen import Frozen
from gradphoto.original import Digest
from gradphoto.states import StudentState

StudentNo = Annotated[str, Field(min_length=1)]
REASON_SEPARATOR = ";"
Sha256 = Annotated[Digest, Field(pattern=r"^[0-9a-f]{64}$")]


class Photo(Frozen):
    """One portrait as `photos.csv` promises it to everybody."""

    student_no: StudentNo
    name: str
    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    """Its name below `data/photos/`."""
    sha256: Sha256
    """Of the tagged JPEG."""
    source_sha256: Sha256
    session: str
    captured_at: str = ""
    """The camera's own time in ISO 8601; empty when it gave none."""
    width: PositiveInt
    height: PositiveInt
    bytes: PositiveInt


class Delivery(Photo):
    """A portrait in a bundle, and how it was made: the crop's edges in pixels of the upright original."""

    left: float
    top: float
    right: float
    bottom: float
    scale: PositiveFloat
    """Portrait pixels per original pixel."""
    quality: PositiveInt
    spec: str
    recipe: str


def _without_photo(state: StudentState) -> StudentState:
    if state is StudentState.DELIVERED:
        raise ValueError("有照片的学生不在此列")
    return state


def _said(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """One order and one spelling, whoever gathered them; `;` is what separates them in a table."""
    words = (" ".join(reason.split()).replace(REASON_SEPARATOR, "；") for reason in reasons)
    return tuple(sorted(set(filter(None, words))))


class Absent(Frozen):
    """A student of the centre without a portrait; `reasons` are discrepancy codes or a person's words."""

    student_no: StudentNo
    name: str
    state: Annotated[StudentState, AfterValidator(_without_photo)]
    reasons: Annotated[tuple[str, ...], AfterValidator(_said)] = ()


class Change(Frozen):
    """What a version did to one student's portrait."""

    student_no: StudentNo
    change: Literal["added", "replaced", "removed"]


class Holds(Protocol):
    """Anything that has the deliveries and absents of one bundle version."""

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Who is in it."""

    @property
    def absent(self) -> tuple[Absent, ...]:
        """Who is not."""


class Held(NamedTuple):
    """What a bundle's own tables say of it."""

    deliveries: tuple[Delivery, ...]
    absent: tuple[Absent, ...]
    inputs: Digest = ""


_Part = TypeVar("_Part", Delivery, Absent, Change)


def by_student(parts: Iterable[_Part]) -> tuple[_Part, ...]:
    """In order of student number, the order of everything in a bundle."""
    return tuple(sorted(parts, key=lambda part: part.student_no))


class Contents(Frozen):
    """All that one version of a centre's bundle is made of; its parts are in order of student number.

    `ValueError` when a student or a file stands in it twice.
    """

    centre: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    centre_name: str
    version: PositiveInt
    institution: str
    campaign: str
    inputs: Digest
    """The digest of the inputs that it was made from."""
    deliveries: Annotated[tuple[Delivery, ...], AfterValidator(by_student)]
    absent: Annotated[tuple[Absent, ...], AfterValidator(by_student)] = ()
    changes: Annotated[tuple[Change, ...], AfterValidator(by_student)] = ()

    @property
    def name(self) -> str:
        """`yanchi-v0001`."""
        return bundle_name(self.centre, self.version)

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        delivered = [part.student_no for part in self.deliveries]
        _once([*delivered, *(part.student_no for part in self.absent)])
        _once(part.student_no for part in self.changes)
        _once(part.file.casefold() for part in self.deliveries)
        return self


def bundle_name(centre: str, version: int) -> str:
    """The name of a bundle, its file's without the ending.

    >>> bundle_name("yanchi", 1)
    'yanchi-v0001'
    """
    return f"{centre}-v{version:04d}"


def changes(before: Sequence[Delivery] | None, after: Sequence[Delivery]) -> tuple[Change, ...]:
    """What became of each student's photo since the version `before` (None: there was none)."""
    old = {part.student_no: (part.file, part.sha256) for part in before or ()}
    new = {part.student_no: (part.file, part.sha256) for part in after}
    return tuple(
        Change(student_no=student, change=_change(student in old, student in new))
        for student in sorted(old.keys() | new.keys())
        if old.get(student) != new.get(student)
    )


def differs(before: Holds | None, after: Holds) -> bool:
    """Whether a new version is due: photos, `photos.csv` or `missing.csv` differ; nothing else counts."""
    return before is None or _tables(before) != _tables(after)


def _change(was: bool, is_: bool) -> Literal["added", "replaced", "removed"]:
    if not is_:
        return "removed"
    return "replaced" if was else "added"


def _tables(held: Holds) -> tuple[tuple[Delivery, ...], tuple[Absent, ...]]:
    return by_student(held.deliveries), by_student(held.absent)


def _once(names: Iterable[str]) -> None:
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"同一个包里出现了两次：{'、'.join(twice)}")

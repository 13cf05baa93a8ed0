"""A season of any size as a night would find it in the store, no pixels: the simulated season many times.

Every copy has centres, sessions, students, codes and contents of its own, and the same mishaps. What a night takes
from pictures is given to it (`given`): a reading for each original, a portrait of a few bytes. All else is the
program's own: records, registers, logs, matching, packing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from gradphoto.adapters.store import Store, keep
from gradphoto.adapters.tables import csv_bytes
from gradphoto.geometry import Crop
from gradphoto.original import Digest, Original
from gradphoto.portrait import Render
from gradphoto.reading import Reading
from gradphoto.records import ingests
from gradphoto.roster import Student
from gradphoto.stages import pack, read, render
from gradphoto.versions import READER
from tests.a_night import CAMPAIGN
from tests.season_sim import Rates, World, season

SESSION = 600
"""Captures of one session, about."""
SHARD = 200
TEMPLATES = len(CAMPAIGN.sessions)
FIGURES = {f"figure_{number:02d}": 100.5 + number for number in range(16)}
"""As many as a reading has; a profile asks for none of these."""
JPEG = b"a portrait of no pixels"
_HEADS = ("学号", "姓名", "性别", "身份证号", "办学类型", "层次", "专业", "入学学期", "学习中心", "采集码")


@dataclass
class Day:
    """One session: its files as the records name them, and the desks' logs by name."""

    session: str
    originals: list[Original]
    logs: dict[str, bytes]


@dataclass
class Scale:
    """So many sessions; a day is made when it is asked for, and forgotten."""

    sessions: int
    planned: int = 0
    """Sessions of the campaign and its roster, when they are more."""
    students: int = 0
    """Rows of the roster at least; those nobody photographed fill it up."""
    captures: int = SESSION
    """Of one session, about."""
    readings: dict[Digest, Reading] = field(default_factory=dict)

    def workspace(self, folder: Path, store: str = "file:store") -> None:
        """Settings, campaign and roster."""
        (folder / "rosters").mkdir(parents=True)
        (folder / "gradphoto.toml").write_text(f'store = "{store}"\nworkers = 1\n', encoding="utf-8")
        (folder / "campaign.toml").write_text(self.campaign(), encoding="utf-8")
        (folder / "rosters" / "名册.csv").write_bytes(self.roster())

    @property
    def ids(self) -> list[str]:
        return [self._session(number) for number in range(self.sessions)]

    def campaign(self) -> str:
        """The shipped one's text with the sessions and centres of every copy."""
        text = files("config").joinpath("campaigns/ningxia-2023.toml").read_text(encoding="utf-8")
        head = text.partition("[[centres]]")[0].rpartition("\n# ----")[0]
        every = range(max(self.planned, self.sessions))
        copies = range(-(-len(every) // TEMPLATES))
        centres = [
            f'[[centres]]\nid = "{one.id}-{copy}"\nname = "{one.name}{copy}"\n'
            for copy in copies
            for one in CAMPAIGN.centres
        ]
        sessions = [self._session_text(number) for number in every]
        return "\n".join([head, *centres, *sessions])

    def roster(self) -> bytes:
        """Everybody of the sessions, then as many as are wanted besides."""
        every = range(max(self.planned, self.sessions))
        rows = [self._row(number, one) for number in every for one in self._template(number).students]
        more = range(max(0, self.students - len(rows)))
        rows += [self._absent(len(rows) + index, index) for index in more]
        return csv_bytes([_HEADS, *rows])

    def day(self, number: int) -> Day:
        """The session of that number; its readings are known from then on."""
        made, copy, session = self._template(number), number // TEMPLATES, self._session(number)
        originals = []
        for one in made.originals:
            digest = _again(one.sha256, copy)
            originals.append(
                one.model_copy(update={"session": session, "source": f"inbox/{session}", "sha256": digest})
            )
            self.readings[digest] = self._reading(made.readings[one.sha256], digest, number)
        return Day(session, originals, dict(self._logs(made, number)))

    def take_in(self, store: Store, number: int) -> None:
        """What `ingest` leaves of that session: logs by content, and records in shards."""
        day = self.day(number)
        for name, data in day.logs.items():
            place = {"session": day.session, "source": f"inbox/{day.session}", "path": name}
            log = Original(**place, sha256=keep(store, "originals", data), size=len(data), mtime_ns=1)
            day.originals.append(log)
        journal = ingests(store, day.session)
        for start in range(0, len(day.originals), SHARD):
            journal.append([one.model_dump(mode="json") for one in day.originals[start : start + SHARD]])

    def _template(self, number: int) -> "Template":
        """The session that one of that number is a copy of."""
        return _templates(self.captures)[number % TEMPLATES]

    def _session(self, number: int) -> str:
        return f"{CAMPAIGN.sessions[number % TEMPLATES].id}-{number // TEMPLATES}"

    def _session_text(self, number: int) -> str:
        one, copy = CAMPAIGN.sessions[number % TEMPLATES], number // TEMPLATES
        windows = "".join(
            f'  {{ centre = "{each.centre if each.centre == "*" else f"{each.centre}-{copy}"}", '
            f"start = {each.start.isoformat()}, end = {each.end.isoformat()} }},\n"
            for each in one.windows
        )
        return (
            f'[[sessions]]\nid = "{self._session(number)}"\ndate = {one.date}\nvenue = "{one.venue}-{copy}"\n'
            f'address = "{one.address}"\ncrew = "{one.crew}-{copy}"\nwindows = [\n{windows}]\n'
        )

    def _row(self, number: int, one: Student) -> list[str]:
        copy, serial = number // TEMPLATES, self._serial(number, one)
        code = f"{one.capture_code} {copy}" if one.capture_code else ""
        return _student_row(serial, f"{CAMPAIGN.centre(one.centre).name}{copy}", code)

    def _absent(self, serial: int, index: int) -> list[str]:
        return _student_row(serial + 50_000_000, f"{CAMPAIGN.centres[index % TEMPLATES].name}0", f"absent {index}")

    def _serial(self, number: int, one: Student) -> int:
        return number * 1000 + self._template(number).place[one.student_no]

    def _reading(self, reading: Reading, digest: Digest, number: int) -> Reading:
        copy = number // TEMPLATES
        codes = tuple(
            each.model_copy(update={"text": f"{each.text} {copy}"}) if each.text else each
            for each in reading.codes
        )
        told = {"sha256": digest, "version": READER, "codes": codes}
        return reading.model_copy(update=told | ({"figures": FIGURES} if reading.face else {}))

    def _logs(self, made: "Template", number: int) -> Iterator[tuple[str, bytes]]:
        copy, head = number // TEMPLATES, ("扫码时间", "采集码", "学号")
        for name in sorted({row.ref.partition(":")[0] for row in made.rows}):
            rows = [
                (row.at.isoformat(sep=" "), f"{row.code} {copy}", self._number(row.student_no, number))
                for row in made.rows
                if row.ref.startswith(f"{name}:")
            ]
            yield name, csv_bytes([head, *rows])

    def _number(self, student_no: str | None, number: int) -> str:
        return student_number(number * 1000 + self._template(number).place[student_no]) if student_no else ""


@dataclass
class Template:
    """One session of the simulated season."""

    students: list[Student]
    originals: list[Original]
    rows: list[Any]
    readings: dict[Digest, Reading]
    place: dict[str, int]
    """Of each student in the session, by number."""


@cache
def _templates(captures: int) -> list[Template]:
    made, _ = season(captures * TEMPLATES, Rates(), seed=1)
    return [_template(made, number) for number in range(TEMPLATES)]


def _template(made: World, number: int) -> Template:
    session = CAMPAIGN.sessions[number].id
    students = [one for one in made.register.values() if int(one.student_no[8:10]) == number]
    originals = [one for one in made.originals if one.session == session]
    return Template(
        students,
        originals,
        [row for row in made.rows if row.session == session],
        {one.sha256: made.readings[one.sha256] for one in originals},
        {one.student_no: index for index, one in enumerate(students)},
    )


def student_number(serial: int) -> str:
    """13 digits in which nothing is odd."""
    place, within = divmod(serial, 100_000)
    return f"{21 if within > 50_000 else 22}{place:03d}012{within:05d}"


def _student_row(serial: int, centre: str, code: str) -> list[str]:
    number = student_number(serial)
    term = "2021秋" if number.startswith("21") else "2022春"
    return [number, "同学", "女", _id_no(serial), "开放教育", "本科", "行政管理", term, centre, code]


def _id_no(serial: int) -> str:
    first = f"640104{1950 + serial % 50}0101{serial % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(a) * b for a, b in zip(first, weights, strict=True)) % 11]


def _again(digest: Digest, copy: int) -> Digest:
    return sha256(f"{copy} {digest}".encode()).hexdigest() if copy else digest


@contextmanager
def given(scale: Scale) -> Iterator[None]:
    """Within it the stages find what a picture would have told them, and portraits are a few bytes."""
    kept = read.each, read._read_one, render.each, render._render_one, pack._tagged
    read.each = render.each = _in_turn  # type: ignore[assignment]
    read._read_one = lambda _store, _look, original: read.Read(scale.readings.pop(original.sha256))
    render._render_one = lambda _store, _look, job: _rendered(job.reading, job.crop)
    pack._tagged = lambda _store, _season, _student_no: JPEG
    try:
        yield
    finally:
        read.each, read._read_one, render.each, render._render_one, pack._tagged = kept


def _in_turn(function: Callable[[Any], Any], items: Sequence[Any], _workers: int) -> Iterator[tuple[Any, Any]]:
    return ((item, function(item)) for item in items)


def _rendered(reading: Reading, crop: Crop) -> Render:
    return Render(source=reading.sha256, sha256=sha256(JPEG).hexdigest(), quality=90, crop=crop)

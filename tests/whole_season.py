"""A whole season of the shipped campaign as its office goes through it, from the slots to the last make-up.

Who is in the register, who comes, who is missed and what goes wrong before the cameras is drawn from a seed
(`tests.season_sim`); no pixels: readings and portraits are given (`tests.scale_world`). All else is the program's
own: its commands, its nights, its records. What each step said is kept, and judged elsewhere.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from typer.testing import CliRunner

from cli.main import app
from cli.workspace import Workspace
from config.campaign import EVERY_CENTRE, Campaign
from config.campaign_file import load_campaign
from config.lookup import windows_of
from config.workspace import FOLDERS, workspace_files
from flows.asked import night_asked, repack_asked
from flows.each import alone
from flows.order import night
from gradphoto.adapters.notice_templates import Templates
from gradphoto.adapters.store import Store
from gradphoto.adapters.tables import csv_bytes
from gradphoto.conservation import unbalanced
from gradphoto.decision import Act
from gradphoto.matching.kind import Kind as FrameKind
from gradphoto.matching.match import Match
from gradphoto.parcels import Print, parcels_to
from gradphoto.records import originals
from gradphoto.retakes import comes_again, standing_of
from gradphoto.roster import Student
from gradphoto.slots import Slot
from gradphoto.slots_told import told_slots
from gradphoto.stages import pack
from gradphoto.stages.consign import going
from gradphoto.stages.decide import take_decision
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.notice_papers import Batch, Made, Order, Sheaf, differences, write_notices
from gradphoto.stages.recall import recalling, stale
from gradphoto.stages.releases import parcels
from gradphoto.stages.retake_notices import draw_retakes
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import build_season, forget_seasons
from gradphoto.stages.session_notices import Asked, draw
from gradphoto.stages.slots import Planner
from gradphoto.stages.standing import status_of
from gradphoto.states import FileState, StudentState
from gradphoto.told import Act as ToldAct
from gradphoto.told import Kind, Told, note_told
from gradphoto.versions import READER
from tests.scale_world import _id_no as id_number
from tests.scale_world import given
from tests.season_checks import Shelf
from tests.season_sim import Rates, Truth, one_day

MAKEUP, STUDIO = "2023-07-16-jinfeng", "2023-09-02-studio"
LATER = f"""
[[sessions]]
id = "{STUDIO}"
date = 2023-09-02
venue = "studio"
address = "银川市金凤区黄河东路670号 摄影室"
crew = "xinhua"

[[sessions.windows]]
centre = "{EVERY_CENTRE}"
start = 2023-09-02T09:00:00
end = 2023-09-02T17:00:00
"""
RATES = Rates(no_desk=0, by_desk=0.6)
"""A desk everywhere: most students bring a code that nobody knew before."""
DRAWN = {"yanchi", "luning"}
"""Centres whose notices are drawn on paper."""
ASKED = ("2023-07-13-shuangyu", "recall", "before", MAKEUP, "after", STUDIO)
"""Days on which somebody asks who comes again."""
REASONS = ("glasses", "hair", "jewellery", "clothing", "闭眼")
HEADER = (
    "学号", "姓名", "性别", "身份证号", "办学类型", "层次", "专业", "入学学期", "照片超年限", "学习中心", "采集码",
    "班级",
)  # fmt: skip
MAILING = ("教学点", "联系人", "办公电话", "移动电话", "详细地址", "需要电子数据", "备注")


@dataclass(frozen=True)
class Shares:
    """Of students, as the simulator draws them."""

    outside: float = 0.02
    """In none of the notice's groups."""
    expired: float = 0.03
    """Of earlier years, with a photo that is too old."""
    doubtful: float = 0.01
    """The entry term is empty."""
    missed: float = 0.08
    """Does not come."""
    elsewhere: float = 0.01
    """Comes to another centre's session."""
    rejected: float = 0.03
    """Of those photographed: a person rejects every picture of theirs."""
    cleared: float = 0.7
    """Of the pending pictures: a person who knows the face says whose it is."""
    comes_again: float = 0.75
    """Of those who are told to."""


@dataclass
class Register:
    """Everybody by number, who is outside the notice's groups, and who only comes into the roster late."""

    students: dict[str, Student] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    late: list[str] = field(default_factory=list)


@dataclass
class Day:
    """What was known after a night: the documents of the commands, and what really had happened until then."""

    session: str
    status: dict[str, Any]
    retakes: list[dict[str, Any]] | None
    """None on the days on which nobody asked."""
    photos: dict[str, tuple[str, str]]
    """By student the centre in whose newest bundle the portrait is, and its original."""
    absent: dict[str, str]
    """By student without a portrait the state in the bundle of the centre."""
    states: dict[str, StudentState]
    again: set[str]
    """Who comes again, by the ledger."""
    new: list[str]
    """Bundles that were packed."""
    written: Counter[str]
    """Files that cameras and desks left, by session, so far."""
    sat: set[str]
    troubled: set[str]
    rejected: set[str]
    """Whom a person or CHSI had said no to."""
    doubted: set[str]
    """Who may sit in a portrait that is nobody's yet."""
    unbalanced: list[str]
    run: int


@dataclass(frozen=True)
class Posted:
    """One centre's prints: portraits in its bundle, how many are outstanding, each one's number of parcels."""

    portraits: int
    outstanding: int
    carried: list[int]
    told: dict[str, Any]


@dataclass
class WholeSeason:
    """The office, its workspace, and what happens to it."""

    folder: Path
    count: int
    seed: int = 1
    shares: Shares = Shares()
    register: Register = field(default_factory=Register)
    truth: Truth = field(default_factory=Truth)
    readings: dict[str, Any] = field(default_factory=dict)
    """Of originals that no night has read yet."""
    days: dict[str, Day] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    """What each step's command said, by the step."""
    written: Counter[str] = field(default_factory=Counter)
    decided: dict[str, set[str]] = field(default_factory=dict)
    """Students by what a person decided: `rejected`, `returned`, `recalled`."""
    frozen: set[str] = field(default_factory=set)
    """Who sits in the pictures that the recall froze."""
    bills: list[tuple[str, str]] = field(default_factory=list)
    """Parcels and their waybills."""

    def __post_init__(self) -> None:
        self.random, self.shelf = Random(self.seed), Shelf()
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True)
        for name, text in workspace_files().items():
            (self.folder / name).write_bytes(text.encode())
        settings = self.folder / "gradphoto.toml"
        settings.write_text('campaign = "campaign.toml"\nworkers = 1\noperator = "操作员"\n', encoding="utf-8")
        self._enrol()
        self._write_rosters()
        rows = [
            (one.name, "王芳", "0951-2967052", "", f"宁夏{one.name}某路1号", "否", "") for one in _NINGXIA.centres
        ]
        (self.folder / "mailing.csv").write_bytes(csv_bytes([MAILING, *rows]))

    # ---- The office's tools

    def command(self, *words: str | Path, code: int = 0, typed: str = "") -> Any:
        """What a command says with `--json`; `typed` is what a scanner types into it."""
        words = (*words, "--json", "--workspace", self.folder)
        done = CliRunner().invoke(app, [*map(str, words)], input=typed)
        assert code == done.exit_code, (words, done.output, done.exception)
        return json.loads(done.stdout)

    @property
    def place(self) -> Workspace:
        """The workspace as it is now."""
        return Workspace(self.folder)

    @property
    def campaign(self) -> Campaign:
        return load_campaign("campaign.toml", self.folder)

    def of_centre(self, centre: str) -> set[str]:
        """Everybody in its roster."""
        return {no for no, one in self.register.students.items() if one.centre == centre}

    # ---- Before the first session

    def _enrol(self) -> None:
        minutes = {one.id: sum(_minutes(w) for _, w in windows_of(_NINGXIA, one.id)) for one in _NINGXIA.centres}
        weights = {one: many * self.random.uniform(0.7, 1.1) for one, many in minutes.items()}
        homes = self.random.choices(list(weights), list(weights.values()), k=self.count)
        for serial, home in enumerate(sorted(homes, key=list(weights).index), 1):
            self._enrol_one(serial, home)
        self.register.late = self.random.sample(sorted(self.of_centre("luning") - self.register.outside), 3)

    def _enrol_one(self, serial: int, home: str) -> None:
        drawn = self.random.random()
        outside, expired = drawn < self.shares.outside, drawn > 1 - self.shares.expired
        year, term = (22, "2022春") if serial % 3 else (21, "2021年秋季")
        if outside or expired:
            year, term = 19, "2019年秋季"
        no = f"{year}640012{serial + 50_000 * (year != 22):05d}"
        if self.random.random() < self.shares.doubtful and not outside and not expired:
            term = ""
            self.register.doubtful.add(no)
        if outside:
            self.register.outside.add(no)
        code = "" if self.random.random() < RATES.by_desk else f"code of {no}"
        self.register.students[no] = Student(
            student_no=no, name=f"示例{serial}", centre=home, gender="女", id_no=id_number(serial),
            programme="开放教育", level="本科", major=("行政管理", "会计学")[serial % 2], entry_term=term,
            photo_expired=expired or None, capture_code=code, class_name=f"{term}{serial // 25}班",
        )  # fmt: skip

    def _write_rosters(self, late: bool = False) -> None:
        for crew in sorted({one.venue for one in _NINGXIA.sessions}):
            here = {w.centre for one in _NINGXIA.sessions if one.venue == crew for w in one.windows}
            students = (one for one in self.register.students.values() if one.centre in here)
            rows = [_row(one) for one in students if late or one.student_no not in self.register.late]
            (self.folder / "rosters" / f"名册-{crew}.csv").write_bytes(csv_bytes([HEADER, *rows]))

    def plan(self) -> None:
        """Who is called, who comes when, and everybody told; three more come into the register afterwards."""
        self.said["eligible"] = self.command("campaign", "eligible")
        self.said["slots"] = self.command("campaign", "slots")
        self.said["one centre"] = self.command("campaign", "slots", "yanchi", "--to", self.folder / "slots")
        self._tell_slots()
        self.said["notices"] = self._notices(date(2023, 6, 26))
        self._write_rosters(late=True)
        self.said["slots later"] = self.command("campaign", "slots", "luning")
        self._tell_slots()
        self.said["notices later"] = self._notices(date(2023, 6, 30))
        self.said["notices again"] = self._notices(date(2023, 7, 1))
        self.said["told"] = self.command("campaign", "notices", "--told")

    def _tell_slots(self) -> None:
        """As `campaign slots --to` puts on record, without a poster for each centre."""
        place = self.place
        planner = Planner(place.store, build_season(place.store, inputs_now(place.folder, place.settings)))
        self.said["edition"] = {one.id: planner.tell(one.id, "操作员", "") for one in _NINGXIA.centres}

    def _notices(self, day: date) -> Made:
        """As `campaign notices` on that day."""
        place, now = self.place, datetime.combine(day, datetime.min.time())
        words, inputs = Templates(place.folder, Kind.SESSION), inputs_now(place.folder, place.settings)
        drawn = draw(place.store, inputs, words, Asked(now))
        self.said["left out"] = drawn.left_out
        return self._written(drawn.batch, words, Order(self.folder / "notices", now))

    def _written(self, batch: Batch, words: Templates, order: Order) -> Made:
        """The papers of the centres in `DRAWN`, and for the others the record alone: drawing takes the time."""
        store = self.place.store
        mine = [one for one in batch.notices if one.student.centre in DRAWN]
        made = write_notices(store, replace(batch, notices=mine), words, order)
        rest, due = differences(store, replace(batch, notices=[one for one in batch.notices if one not in mine]))
        for centre in dict.fromkeys(one.student.centre for one in due):
            mine = [one for one in due if one.student.centre == centre]
            said = tuple(one.said for one in mine)
            note_told(store, Told(act=ToldAct.MADE, kind=batch.kind, centre=centre, notices=said))
            made.sheaves.append(Sheaf(centre, (), tuple(mine)))
        made.known += rest.known
        return made

    # ---- A session and its night

    def session(self, session: str, again: Sequence[str] = ()) -> Day:
        """Its students in the order of their slots, `again` in the afternoon; then it is closed, and the night."""
        seats = told_slots(self.place.store, _NINGXIA)
        self._photograph(session, self._who_comes(session, seats), again)
        self.said[f"closed {session}"] = self.command("close", session)
        self.days[session] = self.night(session)
        return self.days[session]

    def _who_comes(self, session: str, seats: dict[str, Slot]) -> list[str]:
        if session == STUDIO:
            return []
        due = [no for no, one in self.register.students.items() if session == self._comes_to(one)]
        return sorted(due, key=lambda no: (seats[no].start if no in seats else datetime.max, no))

    def _comes_to(self, student: Student) -> str:
        """The session of their centre, another one, or none."""
        chance = Random(f"{self.seed} fate {student.student_no}")
        drawn = chance.random()
        if drawn > 1 - self.shares.elsewhere:
            return chance.choice(_NINGXIA.sessions).id
        return "" if drawn < self.shares.missed else windows_of(_NINGXIA, student.centre)[0][0].id

    def _photograph(self, session: str, students: Sequence[str], again: Sequence[str]) -> None:
        people = [self.register.students[no] for no in students]
        later = [self.register.students[no] for no in again]
        made = one_day(session, people, later, RATES, self.seed, self.truth)
        inbox, taken = self.folder / "inbox" / session, datetime.fromisoformat(session[:10]).timestamp()
        for one in made.originals:
            path = inbox / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"{session}/{one.path}".encode())
            os.utime(path, (taken, taken))
        logs = {row.ref.partition(":")[0] for row in made.rows}
        for name in sorted(logs):
            rows = [
                (row.at.isoformat(sep=" "), row.code, row.student_no or "")
                for row in made.rows
                if row.ref.startswith(f"{name}:")
            ]
            (inbox / name).write_bytes(csv_bytes([("扫码时间", "采集码", "学号"), *rows]))
            os.utime(inbox / name, (taken, taken))
        self.readings |= {
            one: reading.model_copy(update={"version": READER}) for one, reading in made.readings.items()
        }
        self.written[session] += len(made.originals) + len(logs)

    def night(self, session: str) -> Day:
        """The night of all that is closed and changed, and what is known after it."""
        plan = night_asked(self.place).plan
        run = night(plan, "nightly", alone).number if plan else 0
        return self.look(session, run)

    def asks(self, name: str) -> bool:
        """Whether somebody asks for the list of retakes that day."""
        return name in ASKED

    def look(self, session: str, run: int = 0) -> Day:
        """What is known now."""
        place, new = self.place, self.shelf.look(self.folder)
        ledger = place.ledger
        unowned = [one for one in place.season.matches if is_portrait(one) and not one.student_no]
        files = [one for each in self.campaign.sessions for one in originals(place.store, each.id)]
        return Day(
            session,
            self.command("status"),
            self.command("retakes")["retakes"] if self.asks(session) else None,
            {no: (c, source) for c, (_, b) in self.shelf.newest.items() for no, (source, _) in b.photos.items()},
            {
                row["student_no"]: row["state"]
                for _, b in self.shelf.newest.values()
                for row in b.tables["missing.csv"]
            },
            {no: one.state for no, one in ledger.students.items()},
            {no for no, one in ledger.students.items() if comes_again(standing_of(one))},
            new,
            Counter(self.written),
            {no for no in self.truth.sitter.values() if no},
            set(self.truth.troubled),
            self.decided.get("rejected", set()) | self.decided.get("returned", set()),
            {no for one in unowned for no in one.candidates},
            unbalanced(files, ledger, status_of(place.store, place.season), place.bundles),
            run,
        )  # fmt: skip

    # ---- What people decide the morning after

    def morning(self, session: str) -> None:
        """Pending pictures whose face is known are assigned; some of the delivered students are rejected."""
        place = self.place
        ledger = place.ledger
        cleared = self._clear(place.store, session, ledger.entries)
        mine: dict[str, list[str]] = {}
        for one in ledger.entries:
            if one.student_no and one.state in (FileState.DELIVERED, FileState.SUPERSEDED):
                mine.setdefault(one.student_no, []).append(one.original.sha256)
        here = {one.student_no for one in ledger.entries if one.original.session == session and one.student_no}
        for no in sorted((here & mine.keys()) - cleared):
            if self.random.random() < self.shares.rejected:
                reason = self.random.choice(REASONS)
                self._reject(mine[no], reason)
                self.decided.setdefault("rejected", set()).add(no)

    def _reject(self, captures: Sequence[str], reason: str) -> None:
        first, *others = captures
        self.said["rejected"] = self.command("review", "reject", first, "--reason", reason)
        for one in others:
            take_decision(self.place.store, "操作员", "", act=Act.REJECT, capture=one, reason=reason)

    def _clear(self, store: Store, session: str, entries: Sequence[Any]) -> set[str]:
        """Who has pending pictures; most of these are assigned to them."""
        found = set()
        for one in entries:
            sitter = self.truth.sitter.get(one.original.sha256)
            if one.state is not FileState.PENDING or one.original.session != session or not sitter:
                continue
            found.add(sitter)
            if sitter not in self.register.outside and self.random.random() < self.shares.cleared:
                what = {"capture": one.original.sha256, "student_no": sitter, "without_code": True}
                take_decision(store, "操作员", "", act=Act.ASSIGN, **what)
        return found

    # ---- Who comes again

    def tell_again(self, now: datetime) -> Made:
        """As `retakes --to` on that day."""
        place = self.place
        templates = Templates(place.folder, Kind.MAKEUP)
        batch = draw_retakes(self.campaign, place.ledger, templates, now)
        made = self._written(batch, templates, Order(self.folder / "again", now))
        self.said["told again"] = self.command("retakes", "--told")
        return made

    def coming_again(self, made: Made) -> list[str]:
        """Those of the notices who heed them."""
        told = (one.student.student_no for sheaf in made.sheaves for one in sheaf.notices)
        return sorted(no for no in told if self.random.random() < self.shares.comes_again)

    # ---- Sending

    def addresses(self) -> None:
        """Most stand in the list; two centres say theirs on site, one of them asks for the files."""
        for at, centre in enumerate(("guyuan", "xiji")):
            words = ("--contact", "王芳", "--address", f"宁夏固原市原州区某路{at + 1}号", "--signature", "王芳")
            files = "--electronic" if at else "--no-electronic"
            self.command("address", "set", centre, *words, "--phone", "0954-6012345", files)
        self.said["confirmed"] = self.command("address", "confirm", "xiji")
        self.said["addresses"] = self.command("address", "show")

    def send(self, name: str, day: str) -> None:
        """Release, courier sheet, waybills, sealing, and the parcels are gone."""
        before = self._posted()
        self.said[f"released {name}"] = self.command("shipments", "release", "all")["released"]
        sheet = self.command("manifests")
        numbers = sheet["on_courier_sheet"]
        bills = [(one, f"SF{len(self.bills) + at:013d}") for at, one in enumerate(numbers)]
        self.bills += bills
        path = self.folder / f"sf-{name}.csv"
        path.write_bytes(csv_bytes([("用户订单号", "运单号"), *bills]))
        self.said[f"waybills {name}"] = self.command("shipments", "waybills", "import", path)
        scans = "".join(f"{slip}\n{bill}\n" for slip, bill in bills)
        self.said[f"sealed {name}"] = self.command("shipments", "seal", typed=scans)["scans"]
        self.said[f"sent {name}"] = self.command("shipments", "sent", *numbers, "--date", day)["parcels"]
        self.said[f"sheet {name}"] = sheet
        self.said[f"posted {name}"] = (before, self._posted())

    def _posted(self) -> dict[str, Posted]:
        """Of each centre what `shipments list` counts, and what the parcels that go really hold."""
        place = self.place
        stay = going(place.store, parcels(place.store))
        told = {one["id"]: one for one in self.command("shipments", "list")["centres"]}
        found = {}
        for centre, packed in place.bundles.items():
            carried = Counter(item for one in parcels_to(centre, stay) for item in one.prints)
            here = [Print(student_no=one.student_no, source=one.source_sha256) for one in packed.deliveries]
            found[centre] = Posted(
                len(packed.deliveries), told[centre]["outstanding"], [carried[one] for one in here], told[centre]
            )
        return found

    def dates(self, day: str) -> None:
        """The day on which the centres get their photos, and the texts that say so."""
        self.said["undated"] = self.command("shipments", "list")["centres"]
        self.said["dated"] = self.command("shipments", "date", "all", day)
        self.said["texts"] = self.command("shipments", "notices")["files"]
        everybody = [one.id for one in _NINGXIA.centres]
        self.said["received"] = self.command("shipments", "received", *everybody, "--date", day)["parcels"]

    # ---- What comes back

    def upload(self) -> None:
        """The list for CHSI; some days later two of its pictures come back."""
        self.said["exported"] = self.command("export", "--profile", "chsi-upload", "--to", self.folder)
        back = self.random.sample(sorted(self.look("").photos), 2)
        path = self.folder / "退回.csv"
        path.write_bytes(csv_bytes([("学号", "原因"), *((no, "眼镜反光") for no in back)]))
        self.said["returned"] = self.command("returns", "import", path)
        self.said["returned again"] = self.command("returns", "import", path)
        self.decided["returned"] = set(back)

    def recall(self) -> None:
        """A picture went out that is not its student's; those round it are looked at and let go."""
        place, sure = self.place, self.look("").photos
        gone = sorted(no for no in sure if no not in self.decided["rejected"] | self.decided["returned"])
        no = self.random.choice(gone)
        what = recalling(place.store, place.season, no, "不是本人").what
        take_decision(place.store, "操作员", "", **what)
        centres = stale(place.store, self.place.season)
        night(repack_asked(self.place, centres), "rerun", alone)
        self.decided["recalled"] = {no}
        self.frozen = {self.truth.sitter[one] for one in what["captures"]} - {""}
        self.days["recall"] = self.look("recall")
        for other, (_, source) in sorted(sure.items()):
            if other != no and source in what["captures"]:
                take_decision(place.store, "操作员", "", act=Act.CHOOSE, capture=source)

    # ---- The whole of it

    def whole(self) -> None:
        """From the slots to the list for the registry."""
        self.plan()
        for one in _NINGXIA.sessions[:-1]:
            self.session(one.id)
            self.morning(one.id)
            if one.id == "2023-07-07-yongning":
                self.addresses()
                self.send("early", "2023-07-09")
            if one.id == "2023-07-13-shuangyu":
                self.upload()
        self.recall()
        self.days["before"] = self.night("before")
        self.said["again"] = self.tell_again(datetime(2023, 7, 15, 20))
        self.session(MAKEUP, self.coming_again(self.said["again"]))
        self.morning(MAKEUP)
        self.days["after"] = self.night("after")
        with (self.folder / "campaign.toml").open("a", encoding="utf-8") as file:
            file.write(LATER)
        self.said["studio"] = self.tell_again(datetime(2023, 8, 20, 9))
        self.session(STUDIO, self.coming_again(self.said["studio"]))
        self.send("late", "2023-09-05")
        self.dates("2023-09-10")
        self.said["final"] = self.command("retakes", "--final", "--to", self.folder)
        self.said["nothing"] = self.command("nightly")
        self.said["posted"] = self._posted()


_NINGXIA = load_campaign("ningxia-2023")


def is_portrait(match: Match) -> bool:
    return match.classified.kind is FrameKind.PORTRAIT


def _minutes(window: Any) -> float:
    return float((window.end - window.start).total_seconds() / 60)


def _row(one: Student) -> tuple[str, ...]:
    name = _NINGXIA.centre(one.centre).name
    return (
        one.student_no, one.name, one.gender, one.id_no, one.programme, one.level, one.major, one.entry_term,
        "是" if one.photo_expired else "", name, one.capture_code, one.class_name,
    )  # fmt: skip


@contextmanager
def given_season(season: WholeSeason) -> Iterator[None]:
    """Within it pictures are given, each portrait with the bytes of its student and original."""
    forget_seasons()
    with given(season):
        kept, pack._tagged = pack._tagged, _portrait
        try:
            yield
        finally:
            pack._tagged = kept


def _portrait(_store: Store, season: Season, student_no: str) -> bytes:
    return f"portrait of {student_no} from {season.chosen[student_no].match.sha256}".encode()

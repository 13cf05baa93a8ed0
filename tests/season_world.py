"""A modelled season on a real workspace and store: what people and nights do, done by the program itself.

Every action is also told to the facts of `tests.season_model`; what must be is compared in `tests.season_checks`.
Commands run in this process without Prefect. Whoever uses it says so within `played()`.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal

import typer

import flows.each
import flows.start
from cli.night import nightly, rerun
from cli.workspace import Workspace
from config.campaign_file import load_campaign
from config.workspace import workspace_files
from flows.order import night
from flows.plan import Plan
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import StoreTrouble, digest
from gradphoto.adapters.tables import csv_bytes
from gradphoto.decision import Act as Decided
from gradphoto.demo.plan import Roster
from gradphoto.demo.sheets import roster_bytes
from gradphoto.records import recorded
from gradphoto.roster import Student
from gradphoto.stages import seasons, snapshot
from gradphoto.stages.close import close_session, closed_sessions
from gradphoto.stages.decide import take_decision
from gradphoto.stages.inputs import InputTrouble
from gradphoto.stages.journals import load_decisions
from tasks.trouble import DELAYS
from tests.remembered import remembered
from tests.season_model import Act, Facts, Scan
from tests.season_pool import (
    CAMERAS,
    EARLY,
    G0,
    G1,
    G2,
    G3,
    L0,
    L1,
    L2,
    L3,
    NEW,
    SESSIONS,
    Y0,
    Y1,
    Y2,
    Y3,
    Camera,
    Part,
    Shot,
    Sitting,
)

CAMPAIGN = load_campaign("ningxia-2023")
LATER = "补充名册.csv"
"""The roster that comes later and may be taken out again."""
ROSTERS: dict[str, tuple[tuple[Student, ...], Literal["gb18030", "utf-8-sig", "xlsx"], bool]] = {
    "固原.csv": ((G0, G1, G2, G3, EARLY), "gb18030", True),
    "隆德.csv": ((L0, L1, L2, L3), "utf-8-sig", False),
    "盐池.xlsx": ((Y0, Y1, Y2, Y3), "xlsx", True),
    LATER: ((NEW,), "utf-8-sig", True),
}
"""By file its students, its coding, and whether it has the column of codes; the others are bound by the desk."""
LONG_AGO = 1_688_256_000
CALLS = ("create", "create_from", "keep_from", "read", "digest", "size", "copy_to", "exists", "keys")


class Killed(BaseException):
    """The process is gone: nothing that comes after is done, not even cleaning up."""


@contextmanager
def played() -> Iterator[None]:
    """Within it the commands run alone, without waiting between tries, and no picture is read twice."""
    start, delays = flows.start.start, list(DELAYS)
    flows.start.start = lambda name, plan: night(plan, name, flows.each.alone)
    DELAYS.clear()
    try:
        with remembered():
            yield
    finally:
        flows.start.start = start
        DELAYS[:] = delays


@contextmanager
def store_that_fails(call: int, late: bool, trouble: type[BaseException]) -> Iterator[list[str]]:
    """From its n-th call on the store raises `trouble`; when `late`, what the n-th call was to do is done."""
    real = {name: getattr(FolderStore, name) for name in CALLS}
    seen: list[str] = []

    def failing(name: str) -> Callable[..., Any]:
        def call_it(*arguments: Any) -> Any:
            seen.append(name)
            if len(seen) == call and late:
                real[name](*arguments)
            if len(seen) >= call:
                raise trouble("演练")
            return real[name](*arguments)

        return call_it

    for name in CALLS:
        setattr(FolderStore, name, failing(name))
    try:
        yield seen
    finally:
        for name, method in real.items():
            setattr(FolderStore, name, method)


def last(store: FolderStore) -> int:
    """The number of the newest run."""
    return Journal(store, "runs").last()


def forget() -> None:
    """What a new process knows: nothing."""
    seasons.forget_seasons()
    snapshot.load_inputs.cache_clear()


class World:
    """One workspace, what was done in it, and what must come of it."""

    def __init__(self) -> None:
        memory = Path("/dev/shm")  # nothing here is about disks
        self.folder = Path(mkdtemp(prefix="gradphoto-season-", dir=memory if memory.is_dir() else None))
        self.facts = Facts()
        self.inbox: dict[tuple[str, str], Shot | bytes] = {}
        self.homes: dict[str, str] = {}
        """The roster file of each student."""
        self.withdrawn = False
        self.cut_off = False
        """Whether an ingest may have left bytes without a record."""
        self.orphaned = False
        self.put = 0
        for name, text in workspace_files().items():
            self._write(name, text.encode())
        with (self.folder / "gradphoto.toml").open("a", encoding="utf-8") as settings:
            settings.write("\nshard_size = 5\nworkers = 1\n")
        for name in ROSTERS:
            if name != LATER:
                self._enrol(name)

    @property
    def store(self) -> FolderStore:
        return FolderStore(self.folder / "store")

    @property
    def sessions(self) -> list[str]:
        """Those with anything in their inbox."""
        return [session for session in SESSIONS if (self.folder / "inbox" / session).is_dir()]

    def away(self) -> None:
        """Leave nothing behind."""
        forget()
        shutil.rmtree(self.folder)

    # ---- What comes from the cameras

    def arrive(self, sitting: Sitting, numbers: Sequence[int], cut: bool = False) -> None:
        """Files of a sitting that were not there yet; the last of them may be cut off."""
        new = [part for part in sitting.parts if part.number in numbers and part.place not in self.inbox]
        for part in new:
            self._put(part.place, Shot(part, "cut" if cut and part is new[-1] else "whole"))

    def mend(self, part: Part) -> None:
        """A file that was cut off is copied again."""
        if self.inbox.get(part.place) == Shot(part, "cut"):
            self._put(part.place, Shot(part))

    def save_again(self, part: Part) -> None:
        """Somebody opened a picture and saved it, so the file has other bytes."""
        if self.inbox.get(part.place) == Shot(part):
            self._put(part.place, Shot(part, "saved"))

    def copy_card(self, camera: Camera, session: str) -> None:
        """What is there of a card, copied once more: beside it, or into another session's inbox."""
        top = "card-again" if session == camera.session else "not-emptied"
        for (home, path), content in list(self.inbox.items()):
            if home == camera.session and path.startswith(f"{camera.folder}/"):
                self._put((session, f"{top}/{path}"), content)

    def copy_under_another_name(self, part: Part) -> None:
        """A picked picture, under a name that tells nothing."""
        content = self.inbox.get(part.place)
        if isinstance(content, Shot) and content.form != "cut":
            session, path = part.place
            self._put((session, f"挑选/{CAMERAS.index(part.sitting.camera)}{path[-6:-4]}{path[-5]}.jpg"), content)

    def raw(self, part: Part) -> None:
        """What a camera writes beside a picture."""
        if part.place in self.inbox:
            session, path = part.place
            self._put((session, path.replace(".JPG", ".CR2")), b"II*\0\x10\0\0\0CR\x02\0" + path.encode())

    def scan(self, session: str, student: Student, bound: Student | None) -> None:
        """The desk scans a student's code; `bound` is whose the desk says it is."""
        number = bound.student_no if bound else ""
        self.facts.logs[session].append(Scan(student.capture_code, number))
        self._log(session)

    def mend_log(self, session: str, owners: dict[str, str]) -> None:
        """Rows that bind a code to somebody else are taken out of the log."""
        kept = [scan for scan in self.facts.logs[session] if scan.student_no in ("", owners.get(scan.code))]
        if len(kept) < len(self.facts.logs[session]):
            self.facts.logs[session] = kept
            self._log(session)

    def _log(self, session: str) -> None:
        rows = [
            (f"{session[:10]} 08:{at // 60:02d}:{at % 60:02d}", scan.code, scan.student_no, "1")
            for at, scan in enumerate(self.facts.logs[session])
        ]
        self._put((session, "scanlog-1.csv"), csv_bytes([("扫码时间", "采集码", "学号", "工位"), *rows]))

    def _put(self, place: tuple[str, str], content: Shot | bytes) -> None:
        if self.inbox.get(place) == content:
            return
        self.orphaned |= self.cut_off and place in self.inbox
        self.inbox[place] = content
        data = content.data if isinstance(content, Shot) else content
        if isinstance(content, Shot):
            self.facts.shots[content.sha256] = content
        file = self._write(f"inbox/{place[0]}/{place[1]}", data)
        self.put += 1
        os.utime(file, (LONG_AGO + self.put, LONG_AGO + self.put))

    def _write(self, path: str, data: bytes) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    # ---- What the office does

    def _enrol(self, name: str) -> None:
        for student in ROSTERS[name][0]:
            self.homes[student.student_no] = name
            code = student.capture_code if ROSTERS[name][2] else ""
            self.facts.roster[student.student_no] = student.model_copy(update={"capture_code": code})
        self._roster(name)

    def _roster(self, name: str) -> None:
        students = tuple(one for no, one in self.facts.roster.items() if self.homes[no] == name)
        _, coding, coded = ROSTERS[name]
        self._write(f"rosters/{name}", roster_bytes(Roster(name, students, coding, coded), CAMPAIGN))

    def add_late_roster(self) -> None:
        """One more student, in a roster of their own."""
        self._enrol(LATER)
        self.withdrawn = False

    def withdraw_late_roster(self) -> None:
        """That roster is taken out again, students and all."""
        file = self.folder / "rosters" / LATER
        if file.exists():
            file.unlink()
            self.withdrawn = True
            for no in [no for no, home in self.homes.items() if home == LATER]:
                self.facts.roster.pop(no, None)

    def correct(self, student_no: str, **changes: str) -> None:
        """A row of a roster says something else."""
        if student_no in self.facts.roster:
            one = self.facts.roster[student_no]
            if "capture_code" in changes and not ROSTERS[self.homes[student_no]][2]:
                return  # that file has no such column
            self.facts.roster[student_no] = one.model_copy(update=changes)
            self._roster(self.homes[student_no])

    def strike_out(self, student_no: str) -> None:
        """A row is taken out of its roster."""
        if self.facts.roster.pop(student_no, None):
            self._roster(self.homes[student_no])

    def put_back(self, student: Student) -> None:
        """The row as it was in the beginning."""
        home = self.homes.get(student.student_no)
        if home and (self.folder / "rosters" / home).exists():
            code = student.capture_code if ROSTERS[home][2] else ""
            self.facts.roster[student.student_no] = student.model_copy(update={"capture_code": code})
            self._roster(home)

    def decide(self, act: Act) -> None:
        """A person's decision; of a capture that was taken in and is a portrait."""
        said = {"capture": act.capture or None, "student_no": act.student_no or None, "undone": act.undone or None}
        told: dict[str, Any] = {key: value for key, value in said.items() if value}
        self.facts.acts.append(act)  # before the record: what was cut off may still stand
        take_decision(self.store, "某人", "", act=Decided(act.kind), **told)

    def portraits(self) -> list[str]:
        """The portraits that were taken in, in an order that is no digest's."""
        self.take_note()
        shots = self.facts.shots
        found = [one for one in self.facts.taken if one in shots and shots[one].part.number]
        found = [one for one in found if shots[one].form != "cut"]
        return sorted(found, key=lambda one: (shots[one].part.place, shots[one].form))

    def close(self, session: str) -> None:
        """The session is over."""
        close_session(self.store, session, "某人", "")

    # ---- Nights

    def night(self, sessions: Sequence[str] = (), drill: Sequence[str] = ()) -> int:
        """`nightly` of some sessions, or of those that are closed and changed; its exit code."""
        drills = [f"fail={centre}" for centre in drill] or None
        return self._command(nightly, sessions=list(sessions) or None, drill=drills)

    def everything(self) -> None:
        """A good night of every session that has files."""
        if self.sessions:
            assert 0 == self.night(self.sessions)
            self.cut_off = False

    def until_nothing_changed(self) -> bool:
        """`nightly` without a session until it has nothing to do; whether every session with files was closed."""
        for _ in range(4):
            before = last(self.store)
            assert 0 == self.night()
            if before == last(self.store):
                return set(self.sessions) <= closed_sessions(self.store, SESSIONS)
        raise AssertionError("one night makes work for the next without end")

    def overtaken(self, snapshot: int) -> None:
        """A night of everything that took its inputs before others did, and comes to its end after them."""
        place = Workspace(self.folder)
        plan = Plan(
            workspace=str(self.folder), store=place.store_url, snapshot=snapshot, sessions=tuple(self.sessions)
        )
        night(plan, "nightly", flows.each.alone)

    def rerun(self, centre: str) -> int:
        """`rerun` of one centre."""
        return self._command(rerun, centres=[centre])

    def _command(self, command: Callable[..., None], **arguments: Any) -> int:
        """A roster that is gone is refused first, then confirmed."""

        def run(accept: bool) -> int:
            with ExitStack() as stack:
                for redirect in (redirect_stdout, redirect_stderr):
                    stack.enter_context(redirect(StringIO()))
                try:
                    command(accept_missing_roster=accept, workspace=self.folder, as_json=True, **arguments)
                except typer.Exit as end:
                    return end.exit_code
            return 0

        try:
            return run(accept=False)
        except InputTrouble as trouble:
            if not (self.withdrawn and LATER in str(trouble)):
                raise
            return run(accept=True)

    def cut(self, action: Callable[[], object], call: int, late: bool) -> bool:
        """An action during which the process is killed at a call into the store; whether it was."""
        try:
            with store_that_fails(call, late, Killed):
                action()
        except Killed:
            self.cut_off = True
        else:
            return False
        finally:
            forget()
            self._acts_that_stand()
        return True

    def trouble(self, action: Callable[[], object], call: int) -> None:
        """An action during which the store begins to fail and stays so."""
        try:
            with store_that_fails(call, False, StoreTrouble):
                action()
        except StoreTrouble:
            pass
        self.cut_off = True
        self._acts_that_stand()

    def _acts_that_stand(self) -> None:
        del self.facts.acts[len(load_decisions(self.store)) :]

    # ---- What the store was told

    def take_note(self) -> None:
        """Which files were taken in: after a crash only the records know."""
        self.facts.taken = {}
        for session in SESSIONS:
            for original in recorded(self.store, session):
                self.facts.taken.setdefault(original.sha256, set()).add((session, original.path))

    def contents(self) -> dict[tuple[str, str], str]:
        """The digest of every file of the inbox as it is now."""
        return {
            place: content.sha256 if isinstance(content, Shot) else digest(content)
            for place, content in self.inbox.items()
        }

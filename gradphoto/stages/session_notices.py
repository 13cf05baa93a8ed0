"""The notices before a session: to each student of a centre when and where to come, what to bring, how to look.

They follow from roster and campaign as they stand in the workspace now: a day that was moved is told at once.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from config.campaign import EVERY_CENTRE, Session, Window
from config.lookup import next_makeup, windows_of
from gradphoto.adapters.notice_templates import Templates
from gradphoto.adapters.store import Store
from gradphoto.appointment import Appointment, appointment, at_slot, meets, visits_of
from gradphoto.eligibility import eligibility
from gradphoto.notices import notice
from gradphoto.packed import Packed
from gradphoto.purges import purged
from gradphoto.retakes import words
from gradphoto.roster import Student
from gradphoto.slots import Slot
from gradphoto.slots_told import told_slots
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.journals import decided
from gradphoto.stages.notice_papers import SHOWN, Again, Batch
from gradphoto.told import Act, Change, Kind, Said, newest, told_records

NOWHERE, PAST = "没有拍摄时段", "通知过，时间已过"


@dataclass
class Drawn:
    """Every notice, and who gets none: by centre how many for each reason."""

    batch: Batch
    left_out: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    cancelled: list[Again] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """Whose notices: of these centres (none: all), of that session alone, as of when; `every`: known or not."""

    now: datetime
    centres: Collection[str] = ()
    session: str = ""
    every: bool = False


def draw(store: Store, inputs: Inputs, templates: Templates, asked: Asked) -> Drawn:
    """Every notice of the centres asked for; `TemplateTrouble`. Writes nothing."""
    return _Drawing(store, inputs, templates, asked).drawn()


class _Drawing:
    """What one drawing asks the store for once."""

    def __init__(self, store: Store, inputs: Inputs, templates: Templates, asked: Asked) -> None:
        self._campaign, self._templates, self._asked = inputs.campaign, templates, asked
        self._register = inputs.register.students
        self._slots = told_slots(store, inputs.campaign)
        slotted = (self._register.get(no) for no in self._slots)
        self._divided = {student.centre for student in slotted if student}
        self._admitted = decided(store).admitted
        self._purged = purged(store)
        self._known = newest(told_records(store), Kind.SESSION, Act.MADE)
        self._delivered = _delivered(bundles_of(store, inputs.campaign).values())
        self._going_on = any(w.end > asked.now for one in inputs.campaign.sessions for w in one.windows)
        found = next_makeup(inputs.campaign, asked.now)
        self._makeup = words(*found) if found else ""
        self._doubts: dict[str, list[Student]] = {}
        self._past: list[Student] = []
        self._unplaced: dict[str, int] = {}

    def drawn(self) -> Drawn:
        left, notices = dict[str, int](), []
        for student in self._wanted():
            why, when = self._judged(student)
            if why:
                left[why] = left.get(why, 0) + 1
            elif self._too_late(student, when):
                left[PAST] = left.get(PAST, 0) + 1
            else:
                self._note(student, when)
                notices.append(notice(self._campaign, student, when, self._makeup, self._templates.text))
        groups = {one.id: self._whole(one.id) for one in self._campaign.centres}
        batch = Batch(Kind.SESSION, self._campaign, notices, groups, self._makeup)
        return Drawn(batch, left, list(self._warnings()), list(self._cancelled()))

    def _wanted(self) -> Iterator[Student]:
        """The students asked for, by centre as in the campaign, then by number."""
        order = {one.id: place for place, one in enumerate(self._campaign.centres)}
        for student in sorted(self._register.values(), key=lambda one: (order[one.centre], one.student_no)):
            mine = not self._asked.centres or student.centre in self._asked.centres
            if mine and (not self._asked.session or self._windows(student.centre)):
                yield student

    def _judged(self, student: Student) -> tuple[str, Appointment]:
        """Why a student gets no notice, else the appointment."""
        nothing = Appointment(())
        if self._purged.withdraws(student):
            return "已撤回", nothing
        if not self._eligible(student):
            return "不在本次范围", nothing
        if student.student_no in self._delivered:
            return "已有照片", nothing
        when = self._appointment(student)
        return ("", when) if when.visits else (NOWHERE, when)

    def _eligible(self, student: Student) -> bool:
        return student.student_no in self._admitted or eligibility(student, self._campaign).eligible

    def _too_late(self, student: Student, when: Appointment) -> bool:
        """Whether other words would only confuse somebody whose time is past, while the campaign goes on."""
        if self._asked.every:
            return False
        return self._going_on and when.over(self._asked.now) and student.student_no in self._known

    def _appointment(self, student: Student) -> Appointment:
        """The slot of the centre's poster, unless the roster says another time by now; else what that says."""
        windows, slot = self._windows(student.centre), self._slots.get(student.student_no)
        own = appointment(windows, student.slot)
        if slot is None or not self._among(windows, slot) or not meets(own, slot):
            return own
        return at_slot(windows, slot)._replace(doubt=own.doubt)

    def _among(self, windows: list[tuple[Session, Window]], slot: Slot) -> bool:
        return any(session.id == slot.session for session, _ in windows)

    def _windows(self, centre: str) -> list[tuple[Session, Window]]:
        """A centre that has none of its own comes with everybody else."""
        own = windows_of(self._campaign, centre) or windows_of(self._campaign, EVERY_CENTRE)
        return [pair for pair in own if self._asked.session in ("", pair[0].id)]

    def _whole(self, centre: str) -> Appointment:
        return Appointment(visits_of(self._windows(centre)))

    def _note(self, student: Student, when: Appointment) -> None:
        if when.doubt:
            self._doubts.setdefault(when.doubt, []).append(student)
        if when.over(self._asked.now):
            self._past.append(student)
        if student.centre in self._divided and not student.slot and student.student_no not in self._slots:
            self._unplaced[student.centre] = self._unplaced.get(student.centre, 0) + 1

    def _warnings(self) -> Iterator[str]:
        for doubt, students in self._doubts.items():
            named = "、".join(_place(one) for one in students[:SHOWN])
            yield f"{len(students)} 人的{doubt}，通知上写的是整段时间：{named}，请核对名册的时段一栏"
        for centre, many in self._unplaced.items():
            name = self._campaign.centre(centre).name
            yield f"{name} {many} 人没有排上时段，通知上写的是整段时间：请先用 gradphoto campaign slots 排好"
        if self._past:
            more = f"可改发补拍通知（{self._makeup}）" if self._makeup else "后面也没有补拍时段了"
            yield f"{len(self._past)} 人的拍摄时间已过，{more}"

    def _cancelled(self) -> Iterator[Again]:
        """Who was told to come and must be told not to."""
        for no, (centre, said) in sorted(self._known.items()):
            student = self._register.get(no)
            if self._asked.centres and centre not in self._asked.centres:
                continue
            if student is None:
                yield Again(no, centre, _off(said, "不在名册中"))
            elif not self._eligible(student) and not self._purged.withdraws(student):
                yield Again(no, student.centre, _off(said, "不在本次范围"))


def _off(said: Said, why: str) -> tuple[Change, ...]:
    return (Change("时间", said.when, f"不用来（{why}）"),)


def _delivered(bundles: Collection[Packed]) -> set[str]:
    return {one.student_no for packed in bundles for one in packed.deliveries}


def _place(student: Student) -> str:
    """Where the slot stands; what it says may be anything."""
    file, _, row = student.ref.rpartition(":")
    return f"{file} 第{row}行"

"""The students of a kit as a desk knows them before anybody is scanned: who, when, and whether at all."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property

from config.campaign import EVERY_CENTRE, Campaign, Window
from config.lookup import windows_of
from gradphoto.desk.answers import Card
from gradphoto.desk.names import Names
from gradphoto.eligibility import eligibility
from gradphoto.eligible import Named, Standing, named, warning_of
from gradphoto.kit import Bound, Kit
from gradphoto.matching.bindings import BATCH, DeskRow


class People:
    """One kit, looked up by number."""

    def __init__(self, kit: Kit, campaign: Campaign) -> None:
        self._kit, self._campaign = kit, campaign
        self.session = kit.session
        self.names = Names(kit.students)
        self.earlier = tuple(map(_row, kit.bound))
        self._photographed, self._admitted = frozenset(kit.photographed), frozenset(kit.admitted)
        self._holders: dict[str, list[str]] = defaultdict(list)
        for no, student in kit.students.items():
            if student.capture_code:
                self._holders[student.capture_code].append(no)

    @property
    def student_nos(self) -> Collection[str]:
        """Every number of the list."""
        return self._kit.students.keys()

    @property
    def windows(self) -> tuple[Window, ...]:
        """The session's."""
        return self._campaign.session(self.session).windows

    @property
    def timezone(self) -> str:
        """The campaign's."""
        return self._campaign.timezone

    @cached_property
    def expected(self) -> dict[str, frozenset[str]]:
        """By centre the numbers of those who are to be photographed and have no picture yet; `*` is everybody."""
        found: dict[str, set[str]] = defaultdict(set)
        for no, student in self._kit.students.items():
            if no not in self._photographed and not self.ineligible(no):
                found[student.centre].add(no)
                found[EVERY_CENTRE].add(no)
        return {centre: frozenset(numbers) for centre, numbers in found.items()}

    def centre(self, id_: str) -> str:
        """What people call a centre, or the window of all."""
        return "零星补拍" if id_ == EVERY_CENTRE else self._campaign.centre(id_).name

    def name(self, student_no: str) -> str:
        """Empty for somebody who is not on the list."""
        student = self._kit.students.get(student_no)
        return student.name if student else ""

    def code_of(self, student_no: str) -> str:
        """What the roster says; mostly nothing."""
        student = self._kit.students.get(student_no)
        return student.capture_code if student else ""

    def holders(self, code: str) -> list[str]:
        """Whose code it is by the roster."""
        return self._holders.get(code, [])

    def photographed_before(self, student_no: str) -> bool:
        """Whether there is a picture of an earlier day."""
        return student_no in self._photographed

    def ineligible(self, student_no: str) -> str:
        """Why somebody on the list is not photographed in this campaign; empty when they are."""
        if student_no in self._admitted:
            return ""
        return eligibility(self._kit.students[student_no], self._campaign).reason

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """Whom to speak to before they are photographed: outside the groups, or not clear; not the admitted."""
        every = named(self._kit.students.values(), self._campaign, self._admitted)
        return tuple(one for one in every if one.standing is not Standing.ADMITTED)

    def card(self, student_no: str) -> Card:
        """What the list says of somebody."""
        student = self._kit.students.get(student_no)
        if student is None:
            return Card(student_no=student_no, name="", listed=False)
        return Card(
            student_no=student_no,
            name=student.name,
            centre=self.centre(student.centre),
            when=self._when(student.centre, student.slot),
            id_tail=student.id_no[-4:],
            ineligible=self.ineligible(student_no),
            warning=warning_of(student, self._campaign),
        )

    def roster_questions(self, code: str, student_no: str, who: str) -> Iterator[str]:
        """What contradicts the roster; a desk cannot take that back, so it stays with a person."""
        waits = "照片要等人核对，请同时更正名册"
        for no in self.holders(code):
            if no != student_no:
                yield f"名册里这个采集码是 {self.name(no)} {no} 的，现在要绑定给 {who}：{waits}"
        if self.code_of(student_no) not in ("", code):
            yield f"名册里 {who} 有另一个采集码：{waits}"

    def _when(self, centre: str, slot: str) -> str:
        """The centre's windows in this session, or where it has none of its own those of all."""
        own = [window for session, window in windows_of(self._campaign, centre) if session.id == self.session]
        shown = own or [window for window in self.windows if window.centre == EVERY_CENTRE]
        times = "、".join(f"{window.start:%H:%M}—{window.end:%H:%M}" for window in shown)
        return f"{times}（时段 {slot}）" if slot else times


def _row(one: Bound) -> DeskRow:
    """A binding of another day as the row that made it."""
    return DeskRow(one.session, "", one.at, one.code, one.student_no, one.station == BATCH, one.station)

"""The desk's book: a session's kit and every row of its logs so far, and what they answer.

A book is made anew whenever a row was written, here or at another desk. It decides nothing by itself: whatever
contradicts what stands there is asked, and the row that is written then names the rows that it takes the place of.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from gradphoto.desk.answers import Answer, Asks, Card, Entry, Known, Refused, asking
from gradphoto.desk.code import code_doubts, code_trouble
from gradphoto.desk.people import People
from gradphoto.inputs.numbers import student_no_trouble
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.replaced import Pointer, standing_rows

_SHOWN = 6
"""Last characters of a code that tell two apart."""


class Book:
    """The answers of one moment. `seen` says who was photographed today, and when."""

    def __init__(
        self, people: People, rows: Sequence[DeskRow], seen: Mapping[str, datetime] | None = None
    ) -> None:
        self._people, self.rows, self._seen = people, rows, seen or {}
        self._own = frozenset(rows)
        self.in_force = standing_rows([*rows, *people.earlier]).binding
        self._by_code: dict[str, list[DeskRow]] = defaultdict(list)
        self._by_student: dict[str, list[DeskRow]] = defaultdict(list)
        for row in self.in_force:
            self._by_code[row.code].append(row)
            self._by_student[row.student_no or ""].append(row)

    def card(self, student_no: str) -> Card:
        """Who somebody is, as far as this desk knows."""
        bound = tuple(f"采集码 {tail(row.code)}：{self.where(row)}" for row in self._by_student[student_no])
        roster = self._people.code_of(student_no)
        if roster and roster not in {row.code for row in self._by_student[student_no]}:
            bound += (f"采集码 {tail(roster)}：名册",)
        card = self._people.card(student_no)
        return card.model_copy(update={"bound": bound, "photographed": self._photographed(student_no)})

    def about(self, code: str) -> tuple[str, str]:
        """Of a code that was just scanned: why it cannot be used, and whose it is already; either may be empty."""
        trouble = code_trouble(code, self._people.student_nos)
        holders = [f"{self._who(row.student_no or '')}，{self.where(row)}" for row in self._by_code[code]]
        named = [f"{self._who(no)}，名册" for no in self._people.holders(code)]
        return trouble, "" if trouble else "；".join(dict.fromkeys([*holders, *named]))

    def bind(self, code: str, student_no: str, by_hand: bool = False, confirmed: Iterable[str] = ()) -> Answer:
        """What becomes of a code and the number it shall belong to; `confirmed` were answered."""
        trouble = code_trouble(code, self._people.student_nos) or student_no_trouble(student_no)
        if trouble:
            return Refused(why=trouble)
        others = self._others(code, student_no)
        same = [row for row in self._by_code[code] if row.student_no == student_no and self._scanned_here(row)]
        if same and not others:
            return Known(said=f"{self._who(student_no)} 已登记过这个采集码（{self.where(same[0])}），不用再登记")
        questions = [*code_doubts(code, by_hand), *self._questions(code, student_no, others)]
        named = tuple(sorted({Pointer(row.station, row.at) for row in others}))
        return asking(questions, confirmed, Entry(code=code, student_no=student_no, replaces=named))

    def undo(self, station: str, confirmed: Iterable[str] = ()) -> Asks | Entry | Refused:
        """Take back the last binding of a station that is still in force; it is asked always."""
        mine = [row for row in self.in_force if row.station == station and row in self._own]
        if not mine:
            return Refused(why="这个工位没有可以撤销的登记")
        last = max(mine, key=lambda row: (row.at, row.ref))
        question = (
            f"撤销 {self._who(last.student_no or '')} 的登记（采集码 {tail(last.code)}，{self.where(last)}）"
        )
        return asking([question], confirmed, Entry(code=last.code, replaces=(Pointer(station, last.at),)))

    def conflicts(self) -> list[str]:
        """What two desks said at the same time, or a roster and a desk: pending until somebody settles it here."""
        found = []
        for code, rows in self._by_code.items():
            every = {row.student_no or "" for row in rows} | set(self._people.holders(code))
            if len(every) > 1:
                found.append(f"采集码 {tail(code)} 绑定了{'、'.join(map(self._who, sorted(every)))}")
        for student_no, rows in self._by_student.items():
            codes = {row.code for row in rows} | ({self._people.code_of(student_no)} - {""})
            if len(codes) > 1:
                found.append(f"{self._who(student_no)} 有采集码{'、'.join(tail(code) for code in sorted(codes))}")
        return sorted(found)

    def where(self, row: DeskRow) -> str:
        """When and where a row was written."""
        if row.batch:
            return "事先发来的截图"
        if row.session != self._people.session:
            return f"{row.at:%m}月{row.at:%d}日 {row.session}"
        return f"{row.at:%H:%M}" + (f" 工位{row.station}" if row.station else "")

    def _scanned_here(self, row: DeskRow) -> bool:
        """Whether somebody stood at a desk of this session."""
        return row.session == self._people.session and not row.batch

    def _others(self, code: str, student_no: str) -> list[DeskRow]:
        """The rows in force that contradict the binding."""
        of_code = [row for row in self._by_code[code] if row.student_no != student_no]
        return [*of_code, *(row for row in self._by_student[student_no] if row.code != code)]

    def _questions(self, code: str, student_no: str, others: Iterable[DeskRow]) -> Iterator[str]:
        who, card = self._who(student_no), self.card(student_no)
        for row in others:
            if row.code == code:
                old = self._who(row.student_no or "")
                yield f"这个采集码已绑定给 {old}（{self.where(row)}），现在要改给 {who}"
            else:
                yield f"{who} 已绑定另一个采集码 {tail(row.code)}（{self.where(row)}），现在要换成 {tail(code)}"
        yield from self._people.roster_questions(code, student_no, who)
        if not card.listed:
            yield f"本场名单里没有学号 {student_no}：请逐位核对；照这样登记，照片要等人核对"
        if card.ineligible:
            yield f"{who} {card.ineligible}：照片要等人准入"
        if card.photographed:
            yield f"{who} {card.photographed}，还要再拍"

    def _photographed(self, student_no: str) -> str:
        if student_no in self._seen:
            return f"今天 {self._seen[student_no]:%H:%M} 已拍"
        return "以前已拍过" if self._people.photographed_before(student_no) else ""

    def _who(self, student_no: str) -> str:
        name = self._people.name(student_no)
        return f"{name} {student_no}" if name else f"学号 {student_no}（不在名单）"


def tail(code: str) -> str:
    """A code by its end, as the desk shows it."""
    return code if len(code) <= _SHOWN else f"…{code[-_SHOWN:]}"

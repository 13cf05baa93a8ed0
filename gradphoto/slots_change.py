"""Who must be told: students whose slot is another than they were told, or who have none any more. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gradphoto.roster import Student
from gradphoto.slots import Slot


class Change(NamedTuple):
    """One student, what they were told, and what holds now; `after` is None when there is no slot for them now."""

    student: Student
    before: Slot | None
    after: Slot | None

    @property
    def says(self) -> tuple[str, str]:
        """Before and after, as people read them."""
        return (
            self.before.text if self.before else "（尚未通知）",
            self.after.text if self.after else "（没有时段）",
        )


def changes(students: Iterable[Student], before: Mapping[str, Slot], after: Mapping[str, Slot]) -> list[Change]:
    """Those of the students for whom something changes, by the new time, then by number.

    Of a slot only session and beginning count: whoever comes at the same time as before need not be told.
    """
    found = [Change(one, before.get(one.student_no), after.get(one.student_no)) for one in students]
    moved = [one for one in found if _begins(one.before) != _begins(one.after)]
    return sorted(moved, key=lambda one: (one.after is None, one.after or one.before, one.student.student_no))


def _begins(slot: Slot | None) -> tuple[object, ...]:
    return slot[:2] if slot else ()

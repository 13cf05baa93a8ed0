"""What rosters say in 时段 and cannot be done, a line each with file and row. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from config.campaign import Campaign
from gradphoto.discreet import quoted
from gradphoto.inputs.problems import Held
from gradphoto.roster import Student
from gradphoto.slots import Opening, named
from gradphoto.slots_said import Wish

UNREADABLE = "写法看不懂，应如 08:30、8:30—9:00、上午 或 7月3日 08:30，请更正；这名学生没有排时段"


def odd(campaign: Campaign, centre: str, student: Student, said: Wish | None) -> Held:
    """A time that is not understood (`said` is None), or in none of the centre's windows."""
    if said is None:
        return _held(student, f"{quoted(student.slot)} {UNREADABLE}")
    why = f"{quoted(student.slot)} 不在 {named(campaign, centre)} 的拍摄时间内，请更正；这名学生没有排时段"
    return _held(student, why)


def crowded(found: Sequence[Opening], seats: Mapping[str, int], people: Mapping[str, Student]) -> tuple[Held, ...]:
    """A line for each slot into which rosters put more students than it takes."""
    by_spot: dict[int, list[str]] = defaultdict(list)
    for no, at in seats.items():
        by_spot[at].append(no)
    return tuple(
        _held(
            people[numbers[found[at].places]],
            f"{found[at].slot.text} 名册指定了 {len(numbers)} 人，只够 {found[at].places} 人，请调整",
        )
        for at, numbers in sorted(by_spot.items())
        if len(numbers) > found[at].places
    )


def crowded_out(student: Student) -> Held:
    """A part of the day in which there is no room any more."""
    return _held(student, f"{quoted(student.slot)} 已排满，请调整；这名学生没有排时段")


def _held(student: Student, message: str) -> Held:
    file, _, row = student.ref.rpartition(":")
    return Held(file=file or "名册", row=int(row) if row.isdecimal() else 0, column="时段", message=message)

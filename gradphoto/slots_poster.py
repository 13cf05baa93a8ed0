"""What the poster for the wall says: a centre's slots with number and masked name. Pure.

A public wall shows nobody's whole name, and nothing else of a person but the student number.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from config.campaign import Campaign
from gradphoto.appointment import day_words
from gradphoto.roster import Student
from gradphoto.slots import Slot, named
from gradphoto.slots_plan import Plan, class_of

RULES = (
    "请按自己的时段到场，排队保持间距，听从现场安排。",
    "进场前请打开手机相册里的采集码：没有采集码不能拍摄。",
)
"""What whoever reads the wall must know: sections 2.1.2, 2.2.1 and 2.2.2 of the notice."""


class Block(NamedTuple):
    """One slot: its times, how many come, of which classes, and each student's number and masked name."""

    times: str
    total: str
    classes: str
    lines: tuple[tuple[str, str], ...]


class Day(NamedTuple):
    """One session of the centre."""

    day: str
    address: str
    blocks: tuple[Block, ...]


class Poster(NamedTuple):
    """A centre's poster. By its edition people see whether an older one hangs on the wall."""

    title: str
    edition: int
    days: tuple[Day, ...]


def poster(campaign: Campaign, plan: Plan, students: Mapping[str, Student], edition: int) -> Poster:
    """The poster of one plan; slots in which nobody comes are left out."""
    by_slot: dict[Slot, list[Student]] = {}
    for no, slot in plan.seats.items():
        by_slot.setdefault(slot, []).append(students[no])
    sessions = [campaign.session(id_) for id_ in dict.fromkeys(slot.session for slot in by_slot)]
    days = (
        Day(
            day_words(session.date),
            session.address,
            tuple(_block(slot, people) for slot, people in by_slot.items() if slot.session == session.id),
        )
        for session in sessions
    )
    return Poster(f"{named(campaign, plan.centre)}　毕业生图像采集时段表", edition, tuple(days))


def masked_name(name: str) -> str:
    """A name with its second character masked.

    >>> masked_name("王小明"), masked_name("王五"), masked_name("王")
    ('王*明', '王*', '*')
    """
    return f"{name[0]}*{name[2:]}" if len(name) > 1 else "*"


def _block(slot: Slot, people: list[Student]) -> Block:
    counts = Counter(class_of(one) or "未写班级" for one in people)
    classes = "、".join(f"{name} {count} 人" for name, count in counts.items())
    lines = tuple((one.student_no, masked_name(one.name)) for one in people)
    return Block(slot.times, f"{len(people)} 人", classes, lines)

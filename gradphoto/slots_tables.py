"""The tables of a centre's slots as rows of text; the first row of each is its header. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from config.campaign import Campaign
from gradphoto.appointment import day_words
from gradphoto.roster import Student
from gradphoto.slots_change import Change
from gradphoto.slots_plan import Plan, class_of

Rows = list[tuple[str, ...]]

PEOPLE = ("序号", "日期", "时段", "学号", "姓名", "班级", "地点")
SLOTS = ("日期", "时段", "可排人数", "已排人数", "班级")
CHANGES = ("学号", "姓名", "原时段", "新时段")
LEFT = ("学号", "姓名", "班级", "原因")


def people_rows(campaign: Campaign, plan: Plan, students: Mapping[str, Student]) -> Rows:
    """Who comes when, in the order in which they come."""
    rows: Rows = [PEOPLE]
    for number, (no, slot) in enumerate(plan.seats.items(), 1):
        one, session = students[no], campaign.session(slot.session)
        day = day_words(session.date)
        rows.append((str(number), day, slot.times, no, one.name, class_of(one), session.address))
    return rows


def slot_rows(plan: Plan, students: Mapping[str, Student]) -> Rows:
    """Each slot: how many it takes, how many come, of which classes."""
    rows: Rows = [SLOTS]
    for slot, places, _ in plan.openings:
        numbers = plan.of(slot)
        classes = Counter(class_of(students[no]) or "未写班级" for no in numbers)
        words = "、".join(f"{name} {count} 人" for name, count in classes.items())
        rows.append((day_words(slot.start.date()), slot.times, str(places), str(len(numbers)), words))
    return rows


def change_rows(changes: Iterable[Change]) -> Rows:
    """Who must be told, with what they were told before."""
    return [CHANGES, *((one.student.student_no, one.student.name, *one.says) for one in changes)]


def left_rows(plan: Plan, students: Mapping[str, Student]) -> Rows:
    """Who has no slot, and why."""
    reasons = dict.fromkeys(plan.unplaced, "时间不够，没有排上")
    reasons |= {no: "名册的时段用不上，见提示" for no in students if no not in reasons and no not in plan.seats}
    return [LEFT, *((no, students[no].name, class_of(students[no]), why) for no, why in sorted(reasons.items()))]

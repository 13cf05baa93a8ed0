"""Who comes when: nobody twice, no slot too full, classes together, and who was told a time keeps it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign import Campaign
from config.lookup import windows_of
from gradphoto.roster import Student
from gradphoto.slots import Slot, openings
from gradphoto.slots_change import changes
from gradphoto.slots_plan import Plan, class_of, plan
from gradphoto.slots_poster import masked_name
from gradphoto.slots_said import Wish, wish
from gradphoto.slots_words import remarks
from tests.planning import CAMPAIGN, at_rate, many, student, waiting_for

CENTRES = ("guyuan", "longde", "qingtongxia", "shizuishan-gongmao")
MORNING = datetime(2023, 7, 3, 8, 30)


@st.composite
def halls(draw: st.DrawFn) -> tuple[Campaign, str, float]:
    """A centre, a waiting area of some size or none, and a rate."""
    capacity = draw(st.none() | st.integers(1, 40))
    campaign = waiting_for(capacity, draw(st.sampled_from((5, 10, 15, 20, 60))))
    return campaign, draw(st.sampled_from(CENTRES)), draw(st.sampled_from((7, 31.5, 60, 90, 200)))


def people(most: int = 120, slots: Sequence[str] = ("",)) -> st.SearchStrategy[list[Student]]:
    """Students of a few classes, in any order, whose roster says one of these slots."""
    one = st.tuples(st.sampled_from(("一班", "二班", "三班", "四班")), st.sampled_from(slots))
    return st.lists(one, max_size=most).flatmap(
        lambda drawn: st.permutations([student(at, name, slot=slot) for at, (name, slot) in enumerate(drawn)])
    )


def planned(hall: tuple[Campaign, str, float], students: Sequence[Student], before: Plan | None = None) -> Plan:
    campaign, centre, rate = hall
    return plan(campaign, centre, students, at_rate(rate, campaign), before.seats if before else {})


def taken(found: Plan) -> list[tuple[int, int]]:
    """Of each slot how many come and how many there is room for."""
    return [(len(found.of(each.slot)), each.places) for each in found.openings]


# ---- The slots of a window


@given(halls())
def test_slots_fill_their_windows_one_after_the_other_and_take_no_more_than_is_photographed(
    hall: tuple[Campaign, str, float],
) -> None:
    campaign, centre, rate = hall
    found = openings(campaign, centre, at_rate(rate, campaign))

    for number, (session, window) in enumerate(windows_of(campaign, centre)):
        own = [each for each in found if each.window == number]
        hours = (window.end - window.start) / timedelta(hours=1)
        assert [window.start, *(each.slot.end for each in own)] == [*(each.slot.start for each in own), window.end]
        assert sum(each.places for each in own) <= rate * hours
        assert session.capacity is None or max(each.places for each in own) <= session.capacity


def test_nobody_is_lost_to_rounding_slot_by_slot() -> None:
    places = [each.places for each in openings(CAMPAIGN, "guyuan", at_rate(67))]

    assert ([16, 17, 17, 17, 16, 17], 100) == (places, sum(places))


@pytest.mark.parametrize(("capacity", "minutes"), [(None, 15), (23, 15), (22, 10), (14, 5), (3, 5)])
def test_where_few_can_wait_the_slots_are_shorter(capacity: int | None, minutes: int) -> None:
    campaign = waiting_for(capacity)

    assert minutes == at_rate(90, campaign)(campaign.session("2023-07-03-guyuan")).minutes


# ---- Who comes in which


@given(halls(), people(slots=("", "08:30", "上午", "第一批", "23:00")))
def test_everybody_is_somewhere_and_nobody_twice(hall: tuple[Campaign, str, float], some: list[Student]) -> None:
    found = planned(hall, some)
    without = {one.student_no for one in some} - set(found.seats) - set(found.unplaced)
    rows = {f"名册.csv:{held.row}" for held in found.held}

    assert set() == set(found.seats) & set(found.unplaced)
    assert all(one.ref in rows for one in some if one.student_no in without)


@given(halls(), people())
def test_no_slot_is_too_full_and_nobody_is_left_out_while_there_is_room(
    hall: tuple[Campaign, str, float], some: list[Student]
) -> None:
    found = planned(hall, some)

    assert all(come <= places for come, places in taken(found))
    assert not found.unplaced or all(come == places for come, places in taken(found))


@given(halls(), people())
def test_a_class_is_parted_only_where_no_slot_has_room_for_it(
    hall: tuple[Campaign, str, float], some: list[Student]
) -> None:
    found = planned(hall, some)
    classes: dict[str, list[Slot | None]] = defaultdict(list)
    for one in some:
        classes[class_of(one)].append(found.seats.get(one.student_no))

    for slots in classes.values():
        if len(set(slots)) > 1:
            room = [each.places - len(found.of(each.slot)) + slots.count(each.slot) for each in found.openings]
            assert max(room, default=0) < len(slots)


@given(halls(), people())
def test_whoever_is_added_later_moves_nobody(hall: tuple[Campaign, str, float], some: list[Student]) -> None:
    before = planned(hall, some)
    late = student(900, "二班")
    after = planned(hall, [late, *some], before)

    assert before.seats == {no: slot for no, slot in after.seats.items() if no != late.student_no}
    assert (late.student_no in after.seats) == any(come < places for come, places in taken(before))


@given(halls(), people(), st.data())
def test_whoever_is_struck_out_moves_nobody(
    hall: tuple[Campaign, str, float], some: list[Student], data: st.DataObject
) -> None:
    before = planned(hall, some)
    left = data.draw(st.lists(st.sampled_from(some), unique=True)) if some else []
    after = planned(hall, left, before)

    numbers = {one.student_no for one in left}
    assert {no: slot for no, slot in before.seats.items() if no in numbers}.items() <= after.seats.items()


@given(halls(), people(slots=("", "下午", "09:00")), st.randoms())
def test_the_order_of_the_roster_changes_nothing(
    hall: tuple[Campaign, str, float], some: list[Student], random: st.DataObject
) -> None:
    turned = some[:]
    random.shuffle(turned)  # type: ignore[attr-defined]

    assert planned(hall, some) == planned(hall, turned)


@given(halls(), st.integers(0, 30), people())
def test_a_smaller_waiting_area_moves_only_whom_it_must(
    hall: tuple[Campaign, str, float], capacity: int, some: list[Student]
) -> None:
    """Whoever is told another time had a slot that is too small now, or that is not there any more."""
    campaign, centre, rate = hall
    before = planned(hall, some)
    smaller = waiting_for(max(1, capacity), campaign.slots.minutes)
    after = planned((smaller, centre, rate), some, before)

    assert all(come <= places for come, places in taken(after))
    starts = {each.slot.start: each for each in after.openings}
    for no, slot in before.seats.items():
        new = starts.get(slot.start)
        if new and after.seats.get(no, new.slot).start != slot.start:
            assert len(after.of(new.slot)) == new.places


def test_a_class_goes_into_one_half_of_the_day_rather_than_over_lunch() -> None:
    """Qingtongxia: 08:30—11:30 and 14:30—16:30; after 55 of another class 25 places are left of the morning."""
    some = [*many(245, "大班", centre="qingtongxia"), *many(40, "小班", 300, "qingtongxia")]
    found = plan(CAMPAIGN, "qingtongxia", some, at_rate(90))

    small = {found.seats[one.student_no].start.hour for one in some if one.class_name == "小班"}
    assert {14} == small


def test_without_a_class_those_of_one_programme_level_major_and_term_come_together() -> None:
    assert "开放教育 本科 2021年秋季" == class_of(student(1))
    assert "法学一班" == class_of(student(1, " 法学一班 "))


# ---- What is told of it


def test_a_window_that_is_too_short_says_by_how_many_how_long_and_who_waits() -> None:
    found = plan(CAMPAIGN, "guyuan", many(140), at_rate(90))
    longde = plan(CAMPAIGN, "longde", many(30, centre="longde"), at_rate(90))
    line, *_ = remarks(CAMPAIGN, {"guyuan": found, "longde": longde}, None)

    assert (135, 5, 4) == (found.places, len(found.unplaced), found.short_minutes)
    assert line == (
        "固原学院：时间不够，差 5 人，还要 4 分钟；其后紧接 隆德学习中心 10:00，会被推迟；"
        "同场还空 隆德学习中心 15 人"
    )


def test_a_waiting_area_that_holds_less_than_the_camera_takes_makes_it_longer() -> None:
    found = plan(waiting_for(3), "guyuan", many(56), at_rate(90, waiting_for(3)))

    assert (18 * 3, 2, 4) == (found.places, len(found.unplaced), found.short_minutes)


def test_a_centre_without_a_window_is_said_to_have_none() -> None:
    sessions = tuple(one for one in CAMPAIGN.sessions if one.venue != "yanchi")
    campaign = CAMPAIGN.model_copy(update={"sessions": sessions})
    found = plan(campaign, "yanchi", many(2, centre="yanchi"), at_rate(90))

    assert ["盐池学院：没有拍摄时段，2 人无法安排"] == remarks(campaign, {"yanchi": found}, None)


def test_told_slots_that_are_too_long_for_a_smaller_waiting_area_are_said() -> None:
    told = plan(CAMPAIGN, "guyuan", many(100), at_rate(90))
    grids = {one.session: one for one in told.grids}
    campaign = waiting_for(12)
    found = plan(campaign, "guyuan", many(100), lambda session: grids[session.id], told.seats)
    lines = [line for line in remarks(campaign, {"guyuan": found}, None) if "--anew" in line]

    assert (72, 28) == (len(found.seats), len(found.unplaced))
    assert ["固原学院：等候区只容 12 人，每段改成 5 分钟可以多排；要改请加 --anew，已通知的会变"] == lines


def test_sessions_that_went_slower_than_planned_are_said() -> None:
    found = plan(CAMPAIGN, "guyuan", many(3), at_rate(90))
    slow = [line for line in remarks(CAMPAIGN, {"guyuan": found}, 60) if "--rate 60" in line]

    assert 1 == len(slow)
    assert "--rate" not in "".join(remarks(CAMPAIGN, {"guyuan": found}, 88))


def test_only_whose_beginning_changes_must_be_told() -> None:
    one, two, three = many(3)
    before = {
        one.student_no: Slot("s", MORNING, MORNING + timedelta(minutes=15)),
        two.student_no: Slot("s", MORNING, MORNING + timedelta(minutes=15)),
    }
    after = {
        one.student_no: Slot("s", MORNING, MORNING + timedelta(minutes=10)),
        three.student_no: Slot("s", MORNING, MORNING + timedelta(minutes=10)),
    }

    told = [(change.student, change.says) for change in changes([one, two, three], before, after)]
    assert [
        (three, ("（尚未通知）", "7月3日 08:30—08:40")),
        (two, ("7月3日 08:30—08:45", "（没有时段）")),
    ] == told


# ---- What a roster says


@pytest.mark.parametrize(
    ("text", "start", "end", "exact"),
    [
        ("08:30", time(8, 30), time(8, 30), True),
        ("8点", time(8), time(8), True),
        ("8：30～9：00", time(8, 30), time(9), False),
        ("下午2:30—3:00", time(14, 30), time(15), False),
        ("上午", time.min, time(12), False),
        ("2023/7/3 8:30", time(8, 30), time(8, 30), True),
        ("2023-07-03T08:30:00", time(8, 30), time(8, 30), True),
        ("7月3日 下午", time(12), time.max, False),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, start: time, end: time, exact: bool) -> None:
    found = wish(text, 2023)

    assert found == Wish(found and found.day, start, end, exact)
    assert found.day in (None, MORNING.date())


@pytest.mark.parametrize("text", ["第一批", "0830", "25:00", "7月32日 8:30", "9:00—8:30", "1", "7月3日"])
def test_what_is_not_understood_is_nothing(text: str) -> None:
    assert wish(text, 2023) is None


def test_the_rosters_own_time_wins_over_what_was_told() -> None:
    before = plan(CAMPAIGN, "guyuan", many(3), at_rate(90))
    own = [*many(2), student(3, slot="09:20")]
    after = plan(CAMPAIGN, "guyuan", own, at_rate(90), before.seats)

    assert "09:15—09:30" == after.seats[own[2].student_no].times
    assert {MORNING} == {after.seats[one.student_no].start for one in own[:2]}


def test_a_time_outside_the_window_or_that_nobody_understands_is_named_by_row_and_nothing_is_guessed() -> None:
    some = [student(1, slot="14:00"), student(2, slot="第一批"), student(3)]
    found = plan(CAMPAIGN, "guyuan", some, at_rate(90))

    assert [some[2].student_no] == list(found.seats)
    assert [
        "名册.csv 第2行「时段」：'14:00' 不在 固原学院 的拍摄时间内",
        "名册.csv 第3行「时段」：3个字符 写法看不懂",
    ] == [held.text.partition("，")[0] for held in found.held]


def test_too_many_in_one_slot_by_the_roster_stay_there_and_are_named() -> None:
    some = [student(at, slot="08:30") for at in range(1, 26)]
    found = plan(CAMPAIGN, "guyuan", some, at_rate(90))

    assert (25, 22) == taken(found)[0]
    assert ["名册.csv 第24行「时段」：7月3日 08:30—08:45 名册指定了 25 人，只够 22 人，请调整"] == [
        held.text for held in found.held
    ]


def test_a_half_of_the_day_that_is_full_is_named_and_is_no_lack_of_time() -> None:
    some = [student(at, slot="下午", centre="qingtongxia") for at in range(1, 182)]
    found = plan(CAMPAIGN, "qingtongxia", some, at_rate(90))

    assert (180, (), 0) == (len(found.seats), found.unplaced, found.short_minutes)
    assert ["名册.csv 第182行「时段」：2个字符 已排满，请调整；这名学生没有排时段"] == [
        one.text for one in found.held
    ]


# ---- The wall


@given(st.text(min_size=1, max_size=6))
def test_no_whole_name_is_on_the_wall(name: str) -> None:
    shown = masked_name(name)

    assert "*" in shown
    assert name != shown or "*" in name

"""Slots that people were told: kept on record, compared with what holds now, on paper, and gone after a purge."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.campaign_slots import slots
from cli.workspace import Workspace
from config.bad_input import BadInput
from gradphoto.adapters.lettering import FONTS, Lettering
from gradphoto.adapters.notice_templates import Templates
from gradphoto.adapters.slot_poster import slot_poster
from gradphoto.adapters.tables import csv_bytes
from gradphoto.purge import Purge, Scope, mark
from gradphoto.purge_rules import redacted
from gradphoto.roster import Student
from gradphoto.slots_move import MoveTrouble, move
from gradphoto.slots_plan import plan
from gradphoto.slots_poster import poster
from gradphoto.slots_told import last_told, tell, told_slots
from gradphoto.stages.close import close_session
from gradphoto.stages.ingest import ingest
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.kit import workspace_kit
from gradphoto.stages.seasons import build_season
from gradphoto.stages.session_notices import Asked, draw
from gradphoto.stages.slots import Planner
from gradphoto.stages.slots_move import try_move
from gradphoto.stages.slots_papers import write_slots
from gradphoto.stages.snapshot import take_snapshot
from gradphoto.told import Kind
from tests.planning import CAMPAIGN, at_rate, many, office, student, write_roster
from tests.small_night import program

GUYUAN, YANCHI = "2023-07-03-guyuan", "2023-07-02-yanchi"
AT = "2023-06-20T09:00:00+08:00"
needs_font = pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")

MORNING = "start = 2023-07-03T10:00:00\nend = 2023-07-03T10:30:00"
AFTERNOON = "start = 2023-07-03T13:00:00\nend = 2023-07-03T13:30:00"
LONGDE = many(20, "法学一班", centre="longde")
SOME = [*LONGDE, *many(30, "会计二班", 101)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return office(tmp_path / "office", SOME)


def planner(folder: Path, rate: float | None = None, anew: bool = False) -> Planner:
    """As a command makes it, of the workspace as it stands now."""
    place = Workspace(folder)
    return Planner(place.store, build_season(place.store, inputs_now(place.folder, place.settings)), rate, anew)


def edit(folder: Path, before: str, after: str) -> None:
    """Change the campaign as somebody does in an editor."""
    path = folder / "campaign.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def numbers(students: Iterable[Student]) -> list[str]:
    return [one.student_no for one in students]


# ---- What was told


def test_nothing_is_told_until_it_is_put_on_record(folder: Path) -> None:
    found = planner(folder).planned("longde")

    assert (0, [], {}) == (found.edition, found.changes, told_slots(planner(folder).store, CAMPAIGN))


def test_what_was_told_is_told_once_and_a_late_student_moves_nobody(folder: Path) -> None:
    first = planner(folder).tell("longde", "某人", AT)
    again = planner(folder).tell("longde", "某人", AT)
    late = student(50, "法学一班", "longde")
    write_roster(folder, [*SOME, late])
    then = planner(folder).planned("longde")

    assert (1, 1, first.plan.seats) == (first.edition, again.edition, again.plan.seats)
    assert (0, [late.student_no]) == (then.edition, numbers(one.student for one in then.changes))
    assert first.plan.seats.items() <= then.plan.seats.items()


def test_of_two_who_tell_at_once_the_second_goes_on_from_the_first(folder: Path) -> None:
    one, two = planner(folder), planner(folder, rate=30)
    found = two.planned("longde").plan
    first = one.tell("longde", "甲", AT)

    assert not tell(two.store, found, 0, "乙", AT)
    second = two.tell("longde", "乙", AT)
    assert (2, 2) == (second.edition, last_told(one.store, "longde").number)
    assert {first.plan.seats[one.student.student_no] for one in second.changes} == {
        one.before for one in second.changes
    }


def test_the_rate_that_was_told_stays_until_another_is_named(folder: Path) -> None:
    planner(folder, rate=40).tell("longde", "某人", AT)
    kept, asked, anew = planner(folder), planner(folder, rate=80), planner(folder, anew=True)

    assert [40, 80, 90] == [each.planned("longde").plan.grids[0].rate for each in (kept, asked, anew)]
    assert ["told", "option", "campaign"] == [
        each.planned("longde").plan.grids[0].by for each in (kept, asked, anew)
    ]


def test_a_closed_session_says_how_fast_it_went_and_the_next_are_planned_by_it(folder: Path) -> None:
    place = Workspace(folder)
    begin = datetime(2023, 7, 2, 10)
    rows = [(f"{begin + timedelta(seconds=60 * at):%Y-%m-%d %H:%M:%S}", f"CODE-{at}", "") for at in range(40)]
    inbox = folder / "inbox" / YANCHI
    inbox.mkdir()
    (inbox / "scanlog-1.csv").write_bytes(csv_bytes([("扫码时间", "采集码", "学号"), *rows]))
    ingest(place.store, YANCHI, inbox, f"inbox/{YANCHI}", 200)
    before = planner(folder).planned("longde").plan.grids[0]
    close_session(place.store, YANCHI, "某人", AT)
    after = planner(folder).planned("longde").plan.grids[0]

    assert ((90, "campaign"), (60, "measured")) == ((before.rate, before.by), (after.rate, after.by))


def test_who_is_outside_the_notices_groups_has_no_slot(folder: Path) -> None:
    outside = student(60, centre="longde").model_copy(update={"entry_term": "2019年秋季"})
    write_roster(folder, [*SOME, outside])

    assert outside.student_no not in planner(folder).people["longde"]


def test_who_was_told_and_is_outside_now_must_be_told_too(folder: Path) -> None:
    planner(folder).tell("longde", "某人", AT)
    outside = LONGDE[0].model_copy(update={"entry_term": "2019年秋季"})
    write_roster(folder, [outside, *SOME[1:]])
    (change,) = planner(folder).planned("longde").changes

    assert (outside.student_no, None) == (change.student.student_no, change.after)


def test_the_desk_knows_the_slot_that_was_told_unless_a_roster_says_one(folder: Path) -> None:
    write_roster(folder, [*SOME[1:], LONGDE[0].model_copy(update={"slot": "10:15"})])
    told = planner(folder).tell("longde", "某人", AT).plan.seats
    place = Workspace(folder)
    known = workspace_kit(place.store, place.folder, place.settings, GUYUAN).students

    assert ["10:15", *(told[no].times for no in numbers(LONGDE[1:]))] == [known[no].slot for no in numbers(LONGDE)]
    assert {""} == {one.slot for one in known.values() if one.centre == "guyuan"}


def test_after_a_purge_the_record_names_the_purged_no_more() -> None:
    grid = at_rate(90)(CAMPAIGN.session(GUYUAN))
    lines = [
        {"centre": "longde", "grids": [grid.model_dump()], "who": "某人", "at": AT},
        *({"seat": {"student_no": no, "session": GUYUAN, "start": "", "end": ""}} for no in ("1", "2")),
    ]
    one = Purge(scope=Scope(students=("1",)), snapshot=1, marks=(mark("1"),))
    all_ = Purge(scope=Scope(centre="longde"), snapshot=1)
    key = "slots/longde/000001.jsonl"

    assert [lines[0], lines[2]] == redacted(one, key, lines)
    assert lines[:1] == redacted(all_, key, lines)
    assert lines == redacted(all_, "slots/xiji/000001.jsonl", lines)


def test_a_slot_outside_the_centres_window_holds_no_more(folder: Path) -> None:
    found = planner(folder).tell("longde", "某人", AT)
    held = told_slots(planner(folder).store, planner(folder).campaign)
    edit(folder, MORNING, AFTERNOON)

    assert found.plan.seats == held
    assert {} == told_slots(planner(folder).store, planner(folder).campaign)


# ---- A centre is moved


def test_moving_one_centre_touches_its_students_and_nobody_elses(folder: Path) -> None:
    planner(folder).tell("longde", "某人", AT)
    planner(folder).tell("guyuan", "某人", AT)
    tried = try_move(planner(folder), "longde=2023-07-08")

    assert sorted(numbers(LONGDE)) == sorted(numbers(one.student for one in tried.planned.changes))
    assert {8} == {one.after.start.day for one in tried.planned.changes if one.after}
    assert [GUYUAN, "2023-07-08-guyuan"] == [one.session for one in tried.effects]
    assert "同场还有 固原学院、西吉学习中心、彭阳学习中心" in tried.effects[0].todo
    assert ("隆德学习中心", "新华社宁夏分社图像信息采集中心") == tuple(one.whom for one in tried.contacts)


def test_what_the_move_would_write_is_what_it_tried(folder: Path) -> None:
    """The lines that it shows, put into the campaign in place of the old ones, make that campaign."""
    planner(folder).tell("longde", "某人", AT)
    tried = try_move(planner(folder), "longde=2023-07-08")
    old = (
        '[[sessions.windows]]\ncentre = "longde"\nstart = 2023-07-03T10:00:00\nend = 2023-07-03T10:30:00\n'
        "inferred = true\n"
    )
    edit(folder, old, "")
    with (folder / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + tried.toml)
    found = planner(folder)

    assert tried.move.campaign == found.campaign
    assert tried.planned == found.planned("longde")
    assert {} == told_slots(found.store, found.campaign), "what was told holds no more"


def test_a_move_into_a_session_that_is_there_writes_its_windows_only(folder: Path) -> None:
    """A second `[[sessions]]` of one id would be refused: the lines go to the end of the one that is there."""
    tried = try_move(planner(folder), "longde=2023-07-04-tongxin")
    head, _, windows = tried.toml.partition("\n")
    old = MORNING + "\ninferred = true\n"
    edit(folder, '[[sessions.windows]]\ncentre = "longde"\n' + old, "")
    before = '[[sessions]]\nid = "2023-07-05-zhongwei"'
    edit(folder, before, windows + "\n" + before)

    assert "# 写在已有的场次 2023-07-04-tongxin 那一段的末尾" == head
    assert tried.move.campaign == planner(folder).campaign


def test_whoever_found_no_slot_is_counted_before_the_whole_window_is_told_to_them(folder: Path) -> None:
    """Of 20 at 30 an hour 15 fit into the half hour; of a centre that was not divided yet nobody is missed."""
    planner(folder, rate=30).tell("longde", "某人", AT)
    place = Workspace(folder)
    asked = Asked(datetime.fromisoformat(AT).replace(tzinfo=None))
    drawn = draw(place.store, inputs_now(folder, place.settings), Templates(folder, Kind.SESSION), asked)

    assert 1 == len(drawn.warnings)
    assert drawn.warnings[0].startswith("隆德学习中心 5 人没有排上时段，通知上写的是整段时间")


def test_before_anything_was_told_an_edited_day_is_compared_with_the_last_run(folder: Path) -> None:
    place = Workspace(folder)
    take_snapshot(place.store, place.folder, place.settings)
    edit(folder, MORNING, AFTERNOON)
    found = planner(folder)

    assert ({10}, {13}) == tuple(
        {slot.start.hour for slot in slots if slot}
        for slots in zip(*((one.before, one.after) for one in found.planned("longde").changes), strict=True)
    )
    assert [] == found.planned("guyuan").changes


@pytest.mark.parametrize(
    ("text", "target", "times"),
    [
        ("longde=2023-07-08", "2023-07-08-guyuan", ["10:00—10:30"]),
        ("longde=2023-07-05-zhongwei", "2023-07-05-zhongwei", ["11:30—12:00"]),
        ("longde=2023-07-05-zhongwei@14:30", "2023-07-05-zhongwei", ["14:30—15:00"]),
        ("qingtongxia=2023-07-09@9:00", "2023-07-09-qingtongxia", ["09:00—12:00", "15:00—17:00"]),
    ],
)
def test_a_moved_centre_comes_at_its_own_time_or_when_venue_and_crew_are_free(
    text: str, target: str, times: list[str]
) -> None:
    found = move(CAMPAIGN, text)

    assert (target, times, ()) == (
        found.target,
        [f"{one.start:%H:%M}—{one.end:%H:%M}" for one in found.windows],
        found.clashes,
    )


def test_a_time_at_which_the_venue_is_busy_is_said() -> None:
    assert ("2023-07-03-guyuan 08:30—10:00（guyuan）同一场地",) == move(
        CAMPAIGN, "yanchi=2023-07-03-guyuan@08:00"
    ).clashes[:1]


@pytest.mark.parametrize(
    "text",
    ["longde", "nowhere=2023-07-08", "longde=2023-13-01", "longde=2023-07-08-mars", "longde=2023-07-08@25:00",
     "longde=2023-07-08@23:50"],
)  # fmt: skip
def test_a_move_that_cannot_be_is_one_line(text: str) -> None:
    with pytest.raises(MoveTrouble) as refused:
        move(CAMPAIGN, text)

    assert 1 == len(str(refused.value).splitlines())


# ---- On paper


@needs_font
@needs_poppler
@pytest.mark.parametrize("paper", ["a3", "a4"])
def test_the_poster_names_everybody_by_number_and_nobody_by_whole_name(tmp_path: Path, paper: str) -> None:
    some = [student(at, "一班", name=f"买买提·艾力{at:02d}") for at in range(30)]
    found = plan(CAMPAIGN, "guyuan", some, at_rate(90))
    made = slot_poster(poster(CAMPAIGN, found, {one.student_no: one for one in some}, 3), Lettering(), paper)  # type: ignore[arg-type]
    (tmp_path / "a.pdf").write_bytes(made)
    text = subprocess.run(
        ["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout

    assert set(numbers(some)) <= set(text.split())
    assert "买买提" not in text
    words = ("买*提·艾力07", "08:30—08:45", "08:45—09:00", "固原学院", "第3版")
    assert all(word in "".join(text.split()) for word in words)


@needs_font
def test_the_same_plan_makes_the_same_papers_and_writes_over_nothing(folder: Path, tmp_path: Path) -> None:
    one = planner(folder)
    told, letters = one.tell("longde", "某人", AT), Lettering()
    first = write_slots(CAMPAIGN, told, tmp_path / "a", letters)
    again = write_slots(CAMPAIGN, planner(folder).tell("longde", "某人", AT), tmp_path / "b", letters)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "时段-longde.pdf").write_text("mine", encoding="utf-8")
    beside = write_slots(CAMPAIGN, told, tmp_path / "c", letters)

    assert [path.read_bytes() for path in first.paths] == [path.read_bytes() for path in again.paths]
    assert ["时段-longde-2.xlsx", "时段-longde-2.pdf"] == [path.name for path in beside.paths]
    assert "mine" == (tmp_path / "c" / "时段-longde.pdf").read_text(encoding="utf-8")


@needs_font
def test_the_workbook_has_who_comes_when_and_who_must_be_told(folder: Path, tmp_path: Path) -> None:
    planner(folder).tell("longde", "某人", AT)
    late = student(50, "法学一班", "longde")
    write_roster(folder, [*SOME, late])
    written = write_slots(CAMPAIGN, planner(folder).tell("longde", "某人", AT), tmp_path, Lettering())
    book = openpyxl.load_workbook(written.paths[0])

    assert ["时段表", "各时段人数", "须通知的变动"] == book.sheetnames
    assert 1 + 21 == book["时段表"].max_row
    assert [(late.student_no, "（尚未通知）")] == [
        (row[0], row[2]) for row in list(book["须通知的变动"].values)[1:]
    ]


# ---- The command


@needs_font
def test_the_command_tells_writes_and_counts(folder: Path) -> None:
    write_roster(folder, [*SOME, *many(60, "隆德大班", 200, "longde")])
    done = program("campaign", "slots", GUYUAN, "--to", folder / "out", "--json", folder=folder)
    document = json.loads(done.stdout)
    longde = next(one for one in document["centres"] if one["id"] == "longde")

    assert ["guyuan", "longde", "xiji", "pengyang"] == [one["id"] for one in document["centres"]]
    assert (80, 45, 35, 24, 1) == (
        longde["expected"],
        longde["places"],
        len(longde["unplaced"]),
        longde["short_minutes"],
        longde["edition"],
    )
    assert 45 == sum(len(slot["students"]) for slot in longde["slots"])
    assert ["时段-guyuan.pdf", "时段-guyuan.xlsx", "时段-longde.pdf", "时段-longde.xlsx"] == sorted(
        path.name for path in (folder / "out").iterdir()
    )


@needs_font
def test_nothing_is_told_where_nothing_can_be_written(folder: Path) -> None:
    (folder / "out").write_text("no folder", encoding="utf-8")
    with pytest.raises(OSError, match="out"):
        slots("longde", to=folder / "out", workspace=folder)

    assert not (folder / "store" / "slots").exists()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"only": "nowhere"}, "nowhere"),
        ({"rate": float("nan")}, "--rate"),
        ({"paper": "a5"}, "a5"),
        ({"move": "longde=2023-07-08", "to": Path("out")}, "--move"),
        ({"move": "longde"}, "longde"),
        ({"move": ""}, "--move"),
    ],
)
def test_what_cannot_be_is_one_line(folder: Path, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        slots(**asked, workspace=folder)

    assert 1 == len(str(refused.value).splitlines())
    assert not (folder / "store" / "slots").exists()

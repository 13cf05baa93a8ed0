"""Notices: what each student is told, that only what changed is made again, and that nobody is told too much."""

import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from config.campaign_file import load_campaign
from config.lookup import windows_of
from config.workspace import FOLDERS, workspace_files
from gradphoto.adapters.lettering import FONTS
from gradphoto.adapters.notice_templates import Templates, TemplateTrouble, shipped_templates
from gradphoto.adapters.tables import csv_bytes
from gradphoto.appointment import appointment
from gradphoto.notices import Notice, due, notice
from gradphoto.purge import Purge, Scope, mark
from gradphoto.purge_rules import redacted
from gradphoto.roster import Student
from gradphoto.slots import Grid, Slot
from gradphoto.slots_plan import Plan
from gradphoto.slots_told import tell
from gradphoto.stages.fsck import fsck
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.notice_papers import Again, Made, Order, differences, write_notices
from gradphoto.stages.notices_sent import call_off, pass_on
from gradphoto.stages.place import Place
from gradphoto.stages.session_notices import Asked, draw
from gradphoto.told import Act, Kind, Told, newest, note_told, told_records
from tests.small_night import program

needs_font = pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")
pytestmark = needs_font

BEFORE, AT = datetime(2023, 6, 26, 9), "2023-06-26T09:00:00+08:00"
HEADER = ("学号", "姓名", "学习中心", "办学类型", "层次", "入学学期", "身份证号", "采集码", "时段")
ID_NO, CODE = "11010519491231002X", "CODE-SECRET"


def row(serial: int, centre: str, slot: str = "", term: str = "2021秋", name: str = "马莉") -> tuple[str, ...]:
    return (f"21640012{serial:05d}", name, centre, "开放教育", "本科", term, ID_NO, f"{CODE}-{serial}", slot)


ANNA, BOB, CARL = row(50001, "盐池学院"), row(50002, "固原学院", "8:30—8:45"), row(50003, "石嘴山学院")
EARLY = row(50004, "盐池学院", term="2015秋")
ROWS = [ANNA, BOB, CARL, EARLY]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with three students to be told, and one outside the notice's groups."""
    folder = tmp_path / "office"
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for name, text in workspace_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    enrol(folder, ROWS)
    return folder


def enrol(folder: Path, rows: list[tuple[str, ...]]) -> None:
    (folder / "rosters" / "r.csv").write_bytes(csv_bytes([HEADER, *rows]))


def campaign(folder: Path, old: str, new: str) -> None:
    """A change in the campaign's file."""
    path = folder / "campaign.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def batch_of(folder: Path, now: datetime = BEFORE, **asked: Any) -> tuple[Place, Templates, Any]:
    place, templates = Place(folder), Templates(folder, Kind.SESSION)
    inputs = inputs_now(place.folder, place.settings)
    return place, templates, draw(place.store, inputs, templates, Asked(now, **asked))


def made(folder: Path, to: str = "out", now: datetime = BEFORE, every: bool = False, **asked: Any) -> Made:
    place, templates, drawn = batch_of(folder, now, **asked)
    order = Order(folder / to, now, AT, every)
    return write_notices(place.store, drawn.batch, templates, order)


def tell_all(folder: Path) -> None:
    """Everybody is told, without any paper: what later changes is compared with."""
    place, _, drawn = batch_of(folder)
    for one in drawn.batch.notices:
        told = Told(act=Act.MADE, kind=Kind.SESSION, centre=one.student.centre, at=AT, notices=(one.said,))
        note_told(place.store, told)


def changed(folder: Path, now: datetime = BEFORE) -> tuple[list[str], list[Again]]:
    """Who would get a notice, and what is otherwise in those that somebody has already."""
    place, _, drawn = batch_of(folder, now)
    found, wanted = differences(place.store, drawn.batch)
    return [one.student.student_no for one in wanted], found.again


def whose(made: Made) -> list[str]:
    return [one.student.student_no for sheaf in made.sheaves for one in sheaf.notices]


def table(path: Path) -> list[dict[str, str]]:
    header, *rows = load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(header, (cell or "" for cell in each), strict=True)) for each in rows]


# ---- What is told


def test_each_student_is_told_day_slot_place_code_and_every_rule_with_its_reason(folder: Path) -> None:
    found = made(folder)
    place = Place(folder)
    (bob,) = [row for sheaf in found.sheaves for row in table(sheaf.paths[0]) if row["学号"] == BOB[0]]
    for text in (bob["微信文字"], found.sheaves[1].notices[0].page):
        assert "7月3日（周一）8:30—8:45" in text
        assert place.campaign_now.session("2023-07-03-guyuan").address in text
        assert "截图保存在手机相册" in text
        assert "没有学信网采集码无法采集" in text
        for rule in place.campaign_now.requirements:
            if rule.about == "photo":
                assert f"{rule.text.rstrip('；')}。原因：{rule.why}" in text
    assert "7月3日（周一）8:30—8:45" in bob["短信文字"]


def test_everybody_who_is_expected_gets_one_and_the_others_are_counted(folder: Path) -> None:
    _, _, drawn = batch_of(folder)
    assert [ANNA[0], BOB[0], CARL[0]] == [one.student.student_no for one in drawn.batch.notices]
    assert {"不在本次范围": 1} == drawn.left_out


def test_a_session_is_told_to_its_own_centres_alone(folder: Path) -> None:
    _, _, drawn = batch_of(folder, session="2023-07-03-guyuan")
    assert [BOB[0]] == [one.student.student_no for one in drawn.batch.notices]


def test_the_slot_of_the_poster_is_told_and_another_one_in_the_roster_goes_before_it(folder: Path) -> None:
    store = Place(folder).store
    slot = Slot("2023-07-02-yanchi", datetime(2023, 7, 2, 10, 15), datetime(2023, 7, 2, 10, 30))
    grid = Grid(session=slot.session, rate=60, minutes=15)
    seats = {ANNA[0]: slot}
    assert tell(store, Plan(centre="yanchi", grids=(grid,), openings=(), seats=seats), 0, "", AT)
    _, _, drawn = batch_of(folder, centres=("yanchi",))
    assert "7月2日（周日）10:15—10:30" == drawn.batch.notices[0].appointment.when
    enrol(folder, [row(50001, "盐池学院", "11:00-11:10"), *ROWS[1:]])
    _, _, drawn = batch_of(folder, centres=("yanchi",))
    assert "7月2日（周日）11:00—11:10" == drawn.batch.notices[0].appointment.when


def test_neither_id_number_nor_code_nor_telephone_leaves_the_house(folder: Path) -> None:
    found = made(folder)
    sent = b"".join(path.read_bytes() for sheaf in found.sheaves for path in sheaf.paths)
    kept = b"".join(path.read_bytes() for path in (folder / "store" / "told").iterdir())
    for word in (ID_NO, CODE, "2967052"):
        assert word.encode() not in sent + kept
    assert "马莉".encode() not in kept
    assert {f"通知-{one}" for one in ("yanchi", "guyuan", "shizuishan")} == {
        path.stem for sheaf in found.sheaves for path in sheaf.paths
    }


# ---- What changed


def test_the_same_again_makes_nothing_and_all_makes_the_same_bytes(folder: Path) -> None:
    asked = {"centres": ("yanchi",)}
    first = made(folder, **asked)
    again = made(folder, **asked)
    assert ([], 1) == (whose(again), again.known)
    again = made(folder, to="elsewhere", every=True, **asked)
    for one, two in zip(first.sheaves, again.sheaves, strict=True):
        assert [path.read_bytes() for path in one.paths] == [path.read_bytes() for path in two.paths]


def test_a_moved_day_makes_that_centres_notices_and_says_old_and_new(folder: Path) -> None:
    made(folder, centres=("yanchi",))
    campaign(folder, "2023-07-02", "2023-07-08")
    found = made(folder, centres=("yanchi",))
    assert [ANNA[0]] == whose(found)
    ((no, centre, changes),) = found.again
    assert (ANNA[0], "yanchi") == (no, centre)
    assert ["时间：7月2日（周日）10:00—11:30 → 7月8日（周六）10:00—11:30"] == [one.text for one in changes]
    assert "通知-yanchi-2.xlsx" == found.sheaves[0].paths[0].name
    assert changes[0].text == table(found.sheaves[0].paths[0])[0]["与上次通知不同之处"]


def test_a_new_slot_changes_one_notice_and_another_address_all_of_the_venue(folder: Path) -> None:
    tell_all(folder)
    enrol(folder, [ANNA, row(50002, "固原学院", "9:00—9:15"), *ROWS[2:]])
    numbers, again = changed(folder)
    assert ([BOB[0]], ["时间"]) == (numbers, [one.what for one in again[0].changes])
    campaign(folder, "石嘴山市大武口区朝阳西街287号", "石嘴山市大武口区朝阳西街288号")
    numbers, again = changed(folder)
    assert ([BOB[0], CARL[0]], ["地点"]) == (numbers, [one.what for one in again[1].changes])


def test_an_edited_template_changes_all_of_them_and_says_that_only_words_did(folder: Path) -> None:
    tell_all(folder)
    (folder / "templates").mkdir()
    text = shipped_templates()["session-sms.txt"].decode("utf-8-sig")
    (folder / "templates" / "session-sms.txt").write_text(f"{text}请准时。", encoding="utf-8")
    numbers, again = changed(folder)
    assert [ANNA[0], BOB[0], CARL[0]] == numbers
    assert {"文字有改动"} == {change.text for one in again for change in one.changes}
    assert all(one.sms.endswith("请准时。") for one in batch_of(folder)[2].batch.notices)


def test_who_was_told_and_is_struck_from_the_roster_must_be_told_not_to_come(folder: Path) -> None:
    tell_all(folder)
    enrol(folder, [ANNA, BOB])
    _, _, drawn = batch_of(folder)
    ((no, centre, (change,)),) = drawn.cancelled
    assert (CARL[0], "shizuishan") == (no, centre)
    assert change.text.endswith("→ 不用来（不在名册中）")
    call_off(Place(folder).store, Kind.SESSION, drawn.cancelled, AT)
    assert [] == batch_of(folder)[2].cancelled
    enrol(folder, ROWS)
    assert [CARL[0]] == changed(folder)[0]


def test_whoever_moves_to_another_centre_is_told_the_new_one_and_not_twice(folder: Path) -> None:
    tell_all(folder)
    enrol(folder, [row(50001, "固原学院"), *ROWS[1:]])
    numbers, again = changed(folder)
    assert ([ANNA[0]], ["时间", "地点"]) == (numbers, [one.what for one in again[0].changes])
    assert [] == batch_of(folder)[2].cancelled
    tell_all(folder)
    assert ([], []) == changed(folder)


def test_while_the_campaign_goes_on_nobody_whose_time_is_past_is_told_again(folder: Path) -> None:
    tell_all(folder)
    campaign(folder, "盐池县职业技术学校强技楼", "盐池县职业技术学校")
    now = datetime(2023, 7, 3, 7)
    assert ([], []) == changed(folder, now)
    assert {"不在本次范围": 1, "通知过，时间已过": 1} == batch_of(folder, now)[2].left_out


def test_a_list_of_changes_writes_nothing(folder: Path) -> None:
    place, _, drawn = batch_of(folder)
    found, wanted = differences(place.store, drawn.batch)
    assert ([ANNA[0], BOB[0], CARL[0]], []) == ([one.student.student_no for one in wanted], found.again)
    assert [] == told_records(place.store)


def test_what_was_passed_on_is_noted_once(folder: Path) -> None:
    tell_all(folder)
    store = Place(folder).store
    assert {"yanchi": 1} == pass_on(store, Kind.SESSION, ["yanchi"], AT)
    assert {} == pass_on(store, Kind.SESSION, ["yanchi"], AT)
    assert {ANNA[0]} == set(newest(told_records(store), Kind.SESSION, Act.PASSED_ON))


# ---- Slots in doubt, short messages that do not fit


def test_a_slot_that_cannot_be_is_named_by_file_and_row(folder: Path) -> None:
    enrol(folder, [row(50001, "盐池学院", "8:00"), *ROWS[1:]])
    (line,) = batch_of(folder)[2].warnings
    assert "1 人的时段不在教学点的拍摄时间之内" in line
    assert "r.csv 第2行" in line
    assert ANNA[1] not in line


def test_a_message_that_fits_in_no_form_is_left_empty_and_named(folder: Path) -> None:
    campaign(folder, "平罗县职业教育中心", "平罗县" + "很长的地址" * 30)
    enrol(folder, [row(50009, "平罗学院")])
    found = made(folder)
    (line,) = found.warnings
    assert f"首先是学号 {row(50009, '')[0]}" in line
    assert ("", "") == tuple(table(found.sheaves[0].paths[0])[0][key] for key in ("短信文字", "短信条数"))


# ---- Templates


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("好\n{% if %}", "第2行"),
        ("好\n\n{{ nobody }}", "第3行：用了没有的项（'nobody' is undefined）"),
        ("{{ student.id_no }}", "第1行：用了没有的项"),
        ("{{ student.__class__.__mro__ }}", "第1行"),
        ("{{ 1 // 0 }}", "第1行：不能执行（ZeroDivisionError）"),
        ("{% include 'session-page.txt' %}{{ nobody }}", "第1行"),
        ("{# nothing #}", "没有写出任何文字"),
    ],
)
def test_a_wrong_template_is_refused_with_file_and_line(folder: Path, text: str, says: str) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "session-wechat.txt").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateTrouble) as trouble:
        made(folder)
    assert says in str(trouble.value)
    assert "session-wechat.txt" in str(trouble.value)
    assert not (folder / "out").exists()


def test_a_template_in_another_coding_is_refused_by_name(folder: Path) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "session-sms.txt").write_bytes("你好".encode("gb18030"))
    with pytest.raises(TemplateTrouble, match=r"session-sms\.txt：不是 UTF-8"):
        made(folder)


# ---- On paper


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode()


@needs_poppler
def test_three_slips_are_on_a_page_or_one_and_no_word_is_lost(folder: Path) -> None:
    enrol(folder, [row(serial, "盐池学院") for serial in range(50001, 50005)])
    place, templates, drawn = batch_of(folder)
    for per_page, pages in ((3, 2), (1, 4)):
        order = Order(folder / f"{per_page}", BEFORE, AT, every=True, per_page=per_page)
        found = write_notices(place.store, drawn.batch, templates, order)
        text = text_of(found.sheaves[0].paths[2])
        assert pages == text.count("\f")
        words = re.sub(r"\s", "", text)
        for one in found.sheaves[0].notices:
            assert re.sub(r"^[#*] |\s", "", one.page, flags=re.MULTILINE) in words


def test_a_text_that_no_slip_holds_is_refused_and_nothing_is_written(folder: Path) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "session-page.txt").write_text("很长的话" * 2000, encoding="utf-8")
    with pytest.raises(TemplateTrouble, match="在纸上放不下"):
        made(folder)
    assert [] == told_records(Place(folder).store)


# ---- The record


def test_a_purge_takes_the_student_out_and_leaves_the_head(folder: Path) -> None:
    tell_all(folder)
    lines = [json.loads(line) for line in (folder / "store/told/000001.jsonl").read_text().splitlines()[1:]]
    assert ANNA[0] in json.dumps(lines)
    for purge in (Purge(scope=Scope(students=(ANNA[0],)), snapshot=1, marks=(mark(ANNA[0]),)),
                  Purge(scope=Scope(centre="yanchi"), snapshot=1)):  # fmt: skip
        assert lines[:1] == redacted(purge, "told/000001.jsonl", lines)
    other = Purge(scope=Scope(centre="guyuan"), snapshot=1, marks=(mark(BOB[0]),))
    assert lines == redacted(other, "told/000001.jsonl", lines)


def test_fsck_knows_the_record_and_names_it_when_it_is_spoiled(folder: Path) -> None:
    tell_all(folder)
    store = Place(folder).store
    assert [] == fsck(store)
    path = folder / "store/told/000001.jsonl"
    path.write_bytes(path.read_bytes().replace(b"yanchi", b"nobody"))
    assert any("told/000001.jsonl" in fault for fault in fsck(store))


# ---- The command


def said(folder: Path, *arguments: str) -> Any:
    done = program("campaign", "notices", *arguments, "--json", folder=folder)
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def test_the_command_makes_them_once_and_says_which(folder: Path) -> None:
    first = said(folder, "--centre", "guyuan", "--to", str(folder / "x"))
    assert [("guyuan", 1)] == [(one["id"], one["made"]) for one in first["centres"]]
    assert all(Path(path).is_file() for path in first["centres"][0]["files"])
    again = said(folder, "--centre", "guyuan", "--list")
    assert ([], 1) == (again["centres"], again["known"])


def test_the_templates_are_handed_out_for_editing(folder: Path) -> None:
    files = said(folder, "--templates")["files"]
    assert set(shipped_templates()) == {Path(path).name for path in files}


# ---- A law


SLOTS = st.sampled_from(["", "8:30", "8:45", "9:00—9:15", "上午"])


@given(st.lists(st.tuples(SLOTS, SLOTS, st.booleans()), max_size=8))
def test_exactly_those_are_due_who_were_told_another_time_or_nothing(said: list[tuple[str, str, bool]]) -> None:
    before, after, expected = {}, [], []
    for serial, (old, new, told) in enumerate(said):
        if told:
            before[number(serial)] = ("guyuan", plain(serial, old).said)
        after.append(plain(serial, new))
        same = appointment(WINDOWS, old).when == appointment(WINDOWS, new).when
        expected += [] if told and same else [number(serial)]
    assert expected == [one.student.student_no for one in due(after, before, every=False)]
    assert [] == due(after, {one.student.student_no: ("guyuan", one.said) for one in after}, every=False)


NINGXIA = load_campaign("ningxia-2023")
WINDOWS = windows_of(NINGXIA, "guyuan")
SHIPPED = Templates(Path("/nowhere"), Kind.SESSION)


def number(serial: int) -> str:
    return f"21640012{serial:05d}"


def plain(serial: int, slot: str) -> Notice:
    student = Student(student_no=number(serial), name="马莉", centre="guyuan", slot=slot)
    return notice(NINGXIA, student, appointment(WINDOWS, slot), "", SHIPPED.text)

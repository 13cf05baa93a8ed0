"""What of logs and records stays after a purge, whose a file is, and who would lose by it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.workspace import Workspace
from config.campaign_file import load_campaign
from gradphoto.adapters.journal import Line
from gradphoto.adapters.tables import csv_bytes, xlsx_bytes
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.inputs.scanlog_purge import redact_scanlog
from gradphoto.purge import Purge, Scope, Tombstone, in_force, mark, marked
from gradphoto.purge_rules import redacted
from gradphoto.stages.fsck import fsck
from gradphoto.stages.purge_refusal import others_lost
from tests.purging import listing, purge, speaking_of, student
from tests.small_night import ANNA, BOB, DORA, EMIL, build, run, small

HEADER = ("扫码时间", "采集码", "学号", "备注")
ROWS = [
    HEADER,
    ("2023-07-03 09:00:00", "CODE-A", "2164001250001", ""),
    ("2023-07-03 09:01:00", "CODE-B", "2164001250002", "两行\n的备注，“引号”"),
    ("2023-07-03 09:02:00", "CODE-A", "", "又来了"),
    ("坏的时间", "CODE-C", " 2164001250001 ", ""),
    ("2023-07-03 09:03:00", "CODE-AB", "2164001250003", ""),
]
GONE = frozenset(map(mark, ("2164001250001", "CODE-A")))


def rows_of(data: bytes) -> list[tuple[str, str | None]]:
    rows, _ = read_scanlog(data, "s", "log", load_campaign("ningxia-2023", Path()))
    return [(row.ref, row.student_no) for row in rows]


TEXT = csv_bytes(ROWS).decode("utf-8-sig")
LOGS = {
    "utf-8": TEXT.encode("utf-8-sig"),
    "gb18030": TEXT.encode("gb18030"),
    "lf": TEXT.replace("\r\n", "\n").encode(),
    "tabs": TEXT.replace(",", "\t").encode("utf-16"),
    "xlsx": xlsx_bytes("日志", ROWS),
}


@pytest.mark.parametrize("data", LOGS.values(), ids=LOGS)
def test_of_a_log_the_rows_of_the_purged_go_and_the_others_keep_their_numbers(data: bytes) -> None:
    made = redact_scanlog(data, GONE)
    assert made
    assert made.data
    assert 3 == made.rows
    assert [("log:3", "2164001250002"), ("log:6", "2164001250003")] == rows_of(made.data)
    assert b"2164001250001" not in made.data
    assert "的备注，“引号”".encode() in made.data
    assert redact_scanlog(made.data, GONE) is None


def test_a_log_that_does_not_speak_of_them_stays_as_it_is() -> None:
    assert redact_scanlog(csv_bytes(ROWS), frozenset({mark("CODE"), mark("21640012500")})) is None


def test_a_log_that_nobody_can_read_goes_altogether_when_it_speaks_of_them() -> None:
    broken = '扫码时间,采集码,学号\r\n2023,"CODE-A,2164001250001\r\n'.encode()
    assert (None, 1) == redact_scanlog(broken, GONE)
    assert redact_scanlog(broken, frozenset({mark("CODE-B")})) is None


def test_a_number_is_known_as_a_word_and_never_as_a_part_of_another() -> None:
    marks = frozenset({mark("123")})
    assert [True, True, False, False] == [marked([cell], marks) for cell in (" 123", "学号:123。", "1234", "A123")]
    assert not marked(["", " "], frozenset({mark("")}))


DIGESTS = st.sampled_from([character * 64 for character in "abcd"])
NUMBERS = st.sampled_from(["1", "2", "3"])
PRINTS = st.lists(st.fixed_dictionaries({"student_no": NUMBERS, "source": DIGESTS}), max_size=3)
PARTS = st.fixed_dictionaries({"student_no": NUMBERS, "source_sha256": DIGESTS})
LINES = {
    "ingests/s/000001.jsonl": st.fixed_dictionaries({"sha256": DIGESTS, "size": st.just(1)}),
    "readings/r1/000001.jsonl": st.fixed_dictionaries({"sha256": DIGESTS}),
    "renders/r1-p1-x/000001.jsonl": st.fixed_dictionaries({"source": DIGESTS}),
    "decisions/000001.jsonl": st.fixed_dictionaries(
        {"number": st.just(1), "capture": DIGESTS, "student_no": NUMBERS}
    ),
    "packed/guyuan/000001.jsonl": st.fixed_dictionaries({"delivery": PARTS}),
    "parcels/000001.jsonl": st.fixed_dictionaries(
        {"parcel": st.fixed_dictionaries({"centre": st.just("guyuan"), "prints": PRINTS, "portraits": st.just(1)})}
    ),
    "runs/000001.jsonl": st.fixed_dictionaries({"flow": st.just("nightly")}),
}
PURGE = Purge(
    scope=Scope(students=("1",)),
    snapshot=1,
    marks=(mark("1"),),
    tombstones=(
        Tombstone(sha256="a" * 64, size=1),
        Tombstone(sha256="b" * 64, size=1, successor="e" * 64, successor_size=2),
    ),
)


@pytest.mark.parametrize("key", LINES)
@given(data=st.data())
def test_what_is_redacted_speaks_of_nobody_purged_and_a_second_time_changes_nothing(
    key: str, data: st.DataObject
) -> None:
    lines: list[Line] = data.draw(st.lists(LINES[key], max_size=6))
    stay = redacted(PURGE, key, lines)
    assert stay == redacted(PURGE, key, stay)
    assert not any(word in repr(stay) for word in ("a" * 64, "'student_no': '1'"))
    others = [line for line in lines if redacted(PURGE, key, [line]) == [line]]
    assert all(line in stay for line in others)


def test_a_purge_is_read_back_as_it_was_written() -> None:
    whole = PURGE.model_copy(update={"delete": ("originals/aa/a",), "redact": ("runs/000001.jsonl",)})
    assert whole == Purge.from_lines(whole.to_lines())
    assert frozenset({"1"}) == in_force([whole]).students


def test_whoever_would_lose_a_picture_by_it_is_named(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    season = Workspace(tmp_path).season
    slates = {match.sha256 for match in season.matches if match.student_no == EMIL.student_no}
    cut = replace(season, captures=tuple(one for one in season.captures if one.sha256 not in slates))
    assert [EMIL.student_no] == others_lost(season, cut, {ANNA.student_no})
    assert [] == others_lost(season, cut, {EMIL.student_no})


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """Anna stands in Guyuan's first bundle, and belongs to Xiji since."""
    build(tmp_path, small())
    run(tmp_path)
    roster = tmp_path / "rosters" / "名册.csv"
    lines = roster.read_bytes().decode("gb18030").replace("固原学院", "西吉学习中心", 1)
    roster.write_bytes(lines.encode("gb18030"))
    run(tmp_path)
    return tmp_path


def zips(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("store/bundles/*/*.zip"))


def test_of_a_student_who_moved_every_bundle_goes(moved: Path) -> None:
    assert ["guyuan-v0001.zip", "guyuan-v0002.zip", "longde-v0001.zip", "xiji-v0001.zip"] == zips(moved)
    purge(moved, student(ANNA.student_no))
    assert ["guyuan-v0002.zip", "longde-v0001.zip", "xiji-v0002.zip"] == zips(moved)
    assert [] == fsck(Workspace(moved).store)


def test_with_a_centre_the_bundles_of_others_stay_and_are_listed(moved: Path) -> None:
    (line,) = (each.total for each in listing(moved, Scope(centre="xiji")).beyond if "转来" in each.total)
    assert "guyuan 照片包第 1 版" in line
    purge(moved, Scope(centre="xiji"))
    assert ["guyuan-v0001.zip", "guyuan-v0002.zip", "longde-v0001.zip"] == zips(moved)
    assert [] == fsck(Workspace(moved).store)
    assert set() == speaking_of(moved, ANNA.capture_code)
    assert {BOB.student_no, DORA.student_no, EMIL.student_no} == {
        no for no, one in Workspace(moved).ledger.students.items() if one.state.value == "delivered"
    }

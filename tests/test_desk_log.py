"""The desk's log: what was said to be written is there once and in order, whatever happens to the desk."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from config.bad_input import BadInput
from gradphoto.adapters.desk_log import DeskLog, open_log, row_bytes
from gradphoto.adapters.desk_logs import DeskLogs
from gradphoto.desk.answers import Entry
from gradphoto.inputs.scanlog import DESK_HEAD
from tests.desk_venue import CAMPAIGN, ROOT, SESSION, rows_of
from tests.desk_writer import START

ENTRY = Entry(code="u-code", student_no="2164001250001")
ROW = row_bytes(START, "1", ENTRY)
OTHER = Entry(code="v-code", student_no="2164001450002")


def writer(folder: Path, first: int, rows: int, *limit: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.desk_writer", str(folder), str(first), str(rows), *map(str, limit)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")


def said_until(process: subprocess.Popen[str], lines: int) -> list[str]:
    """The first lines, then a kill, then whatever was said meanwhile."""
    assert process.stdout
    heard = [process.stdout.readline().strip() for _ in range(lines)]
    process.kill()
    heard += process.stdout.read().split()
    process.wait()
    return heard


# ---- Kills


def test_every_row_that_was_said_is_there_once_and_in_order_however_often_it_is_killed(
    tmp_path: Path, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    random, said, kills = Random(6), [], amount(8, 300)
    for turn in range(kills):
        station, *numbers = said_until(writer(tmp_path, 1000 * turn, 1000), random.randint(2, 60))
        assert "1" == station
        said += [int(number) for number in numbers]
    rows, held = rows_of(tmp_path / "scanlog-1.csv")
    written = [int(row.code.split('"')[1]) for row in rows]
    assert sorted(set(written)) == written
    assert set(said) <= set(written)
    assert len(written) - len(said) <= kills
    assert len(held) <= kills
    figure(
        f"{kills} kills, {len(said)} rows said and there, {len(written) - len(said)} more written, {len(held)} cut"
    )


@pytest.mark.parametrize("cut", range(len(ROW)))
def test_a_row_that_was_cut_off_anywhere_is_held_before_and_after_the_desk_starts_again(
    tmp_path: Path, cut: int
) -> None:
    path = tmp_path / "scanlog-1.csv"
    path.write_bytes(DESK_HEAD + ROW + ROW[:cut])
    before, held_before = rows_of(path)
    log = open_log(tmp_path)
    log.append(START + timedelta(seconds=9), OTHER)
    after, held_after = rows_of(path)
    assert ["u-code"] == [row.code for row in before]
    assert ["u-code", "v-code"] == [row.code for row in after]
    assert [cut > 0] * 2 == [bool(held_before), bool(held_after)]
    log.close()


@pytest.mark.parametrize(
    "rest", [b'2023-07-03T09:00:00.000,"a,b', "2023-07-03T09:00:00.000,码".encode()[:-1], b'"', b"\xe7", b"x\r"]
)
def test_half_a_quote_or_half_a_character_spoils_no_other_row(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "scanlog-1.csv"
    path.write_bytes(DESK_HEAD + ROW + rest)
    open_log(tmp_path).append(START + timedelta(seconds=9), OTHER)
    rows, held = rows_of(path)
    assert (["u-code", "v-code"], [3]) == ([row.code for row in rows], [one.row for one in held])


@pytest.mark.parametrize("cut", range(len(DESK_HEAD)))
def test_a_header_that_was_cut_off_is_begun_again(tmp_path: Path, cut: int) -> None:
    (tmp_path / "scanlog-1.csv").write_bytes(DESK_HEAD[:cut])
    open_log(tmp_path).append(START, ENTRY)
    assert DESK_HEAD + ROW == (tmp_path / "scanlog-1.csv").read_bytes()


# ---- Disks


def test_on_a_full_disk_a_row_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    process = writer(tmp_path, 0, 30, 1200)
    out, _ = process.communicate()
    _, *lines = out.splitlines()
    said = [line for line in lines if line.isdecimal()]
    refused = [line for line in lines if line.startswith("!没有记录：scanlog-1.csv 写不进去")]
    rows, held = rows_of(tmp_path / "scanlog-1.csv")
    assert len(lines) == len(said) + len(refused)
    assert len(said) > 5
    assert len(refused) > 5
    assert ([], said) == (held, [str(int((row.student_no or "")[-5:])) for row in rows])


def test_after_room_was_made_the_desk_goes_on(tmp_path: Path) -> None:
    writer(tmp_path, 0, 30, 1200).communicate()
    before = len(rows_of(tmp_path / "scanlog-1.csv")[0])
    open_log(tmp_path).append(START, OTHER)
    assert before + 1 == len(rows_of(tmp_path / "scanlog-1.csv")[0])


@pytest.mark.parametrize("gone", [Path.unlink, lambda path: path.rename(path.with_suffix(".bak"))])
def test_a_log_that_was_taken_away_takes_no_row(tmp_path: Path, gone: Callable[[Path], object]) -> None:
    log = open_log(tmp_path)
    gone(log.path)
    with pytest.raises(BadInput, match="被移走或替换了"):
        log.append(START, ENTRY)


# ---- Stations


def stations(*logs: DeskLog) -> list[str]:
    return [log.station for log in logs]


def test_a_second_desk_gets_the_next_station_and_a_third_the_one_that_was_left(tmp_path: Path) -> None:
    one, two = open_log(tmp_path), open_log(tmp_path)
    assert ["1", "2"] == stations(one, two)
    one.close()
    assert ["1", "3"] == stations(open_log(tmp_path), open_log(tmp_path))


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert ["东门", "东门-2"] == stations(open_log(tmp_path, "东门"), open_log(tmp_path, "东门"))


def test_a_station_whose_desk_was_killed_is_free(tmp_path: Path) -> None:
    said_until(writer(tmp_path, 0, 1000), 5)
    assert "1" == open_log(tmp_path).station


@pytest.mark.parametrize("name", ["", "a/b", "..", "a b", "batch", "nul?", "x" * 21, "=1"])
def test_a_name_that_no_file_may_have_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="工位名"):
        open_log(tmp_path, name)


def test_a_log_that_somebody_wrote_by_hand_is_left_alone(tmp_path: Path) -> None:
    by_hand = "采集码,扫码时间,学号\nu-code,2023-07-03 09:00:00,\n".encode()
    (tmp_path / "scanlog-1.csv").write_bytes(by_hand)
    assert "2" == open_log(tmp_path).station
    assert by_hand == (tmp_path / "scanlog-1.csv").read_bytes()


def test_a_desk_sees_what_the_other_wrote(tmp_path: Path) -> None:
    one, two = open_log(tmp_path), open_log(tmp_path)
    logs = DeskLogs(tmp_path, SESSION, CAMPAIGN)
    one.append(START, ENTRY)
    assert ["u-code"] == [row.code for row in logs.look()[0]]
    two.append(START, OTHER)
    assert ["u-code", "v-code"] == [row.code for row in logs.look()[0]]


def test_a_log_that_cannot_be_read_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    open_log(tmp_path).append(START, ENTRY)
    (tmp_path / "scanlog-old.csv").write_bytes(b"\xff\xff\x80")
    rows, held = DeskLogs(tmp_path, SESSION, CAMPAIGN).look()
    assert (["u-code"], ["scanlog-old.csv"]) == ([row.code for row in rows], [one.file for one in held])


def test_a_log_is_its_owners_alone(tmp_path: Path) -> None:
    log = open_log(tmp_path / "inbox" / SESSION)
    assert [0o600, 0o700] == [path.stat().st_mode & 0o777 for path in (log.path, log.path.parent)]

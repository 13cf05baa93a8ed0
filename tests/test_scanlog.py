"""Desk logs: when a code was scanned, in the campaign's time, and what is held."""

from datetime import datetime

import pytest

from config.campaign_file import load_campaign
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import DeskRow
from tests.test_sheets import workbook

CAMPAIGN = load_campaign("ningxia-2023")
SESSION = "2023-07-02-yanchi"
NAME = "scanlog1.csv"
AT = datetime(2023, 7, 2, 10, 5, 6)


def read(*rows: str, header: str = "扫码时间,采集码,学号") -> tuple[list[DeskRow], list[Held]]:
    return read_scanlog("\n".join([header, *rows]).encode(), SESSION, NAME, CAMPAIGN)


def test_a_row_binds_its_code_where_the_desk_knew_the_student() -> None:
    rows, held = read("2023-07-02 10:05:06, AbC=/9 ,2164001250017", "2023-07-02 10:05:06,x,")
    assert [] == held
    assert [
        DeskRow(SESSION, "scanlog1.csv:2", AT, "AbC=/9", "2164001250017"),
        DeskRow(SESSION, "scanlog1.csv:3", AT, "x", None),
    ] == rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-07-02 10:05:06", AT),
        ("2023-07-02T10:05:06", AT),
        ("2023-07-02T10:05:06+08:00", AT),
        ("2023-07-02T10:05:06+0800", AT),
        ("2023-07-02T02:05:06Z", AT),
        ("2023-07-01T22:05:06.5-04:00", AT.replace(microsecond=500_000)),
        ("2023-07-02T10:05:06.123456789", AT.replace(microsecond=123_456)),
        ("2023/7/2 10:05:06", AT),
        ("2023/7/2 10:05", AT.replace(second=0)),
        ("2023-7-2 9:05", AT.replace(hour=9, second=0)),
    ],
)
def test_times_are_the_campaigns_own(text: str, expected: datetime) -> None:
    rows, _ = read(f"{text},x,")
    assert [expected] == [row.at for row in rows]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2023-07-02,x,", "扫码时间"),
        ("10:05:06,x,", "扫码时间"),
        ("2023-02-30 10:05:06,x,", "扫码时间"),
        ("2023-07-02 25:05:06,x,", "扫码时间"),
        ("0001-01-01T00:00:00+14:00,x,", "扫码时间"),
        ("45109.42,x,", "扫码时间"),
        ("02/07/2023 10:05:06,x,", "扫码时间"),
        (",x,", "扫码时间"),
        ("2023-07-02 10:05:06,,", "采集码"),
        ("2023-07-02 10:05:06,1.2E+17,", "采集码"),
        ("2023-07-02 10:05:06,x,2.16401E+12", "学号"),
        ("2023-07-02 10:05:06,x,21 64", "学号"),
    ],
)
def test_a_bad_row_is_held_and_the_rest_is_read(row: str, column: str) -> None:
    rows, held = read(row, "2023-07-02 10:05:06,y,")
    assert ["y"] == [row.code for row in rows]
    assert [(NAME, 2, column)] == [(each.file, each.row, each.column) for each in held]


def test_a_log_saved_as_a_workbook_is_read_too() -> None:
    data = workbook(["扫码时间", "采集码"], [AT, "x"])
    rows, held = read_scanlog(data, SESSION, "scanlog.xlsx", CAMPAIGN)
    assert ([AT], []) == ([row.at for row in rows], held)


@pytest.mark.parametrize("data", [b"", b"\xff\xff\x80", "时间,码\n".encode(), b"PK\x03\x04"])
def test_a_log_that_cannot_be_read_is_held_by_its_name(data: bytes) -> None:
    rows, held = read_scanlog(data, SESSION, NAME, CAMPAIGN)
    assert ([], [(NAME, 0)]) == (rows, [(each.file, each.row) for each in held])

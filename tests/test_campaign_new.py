"""A new year: the same weekdays, nothing confirmed in silence, a file that can be checked and shifted again."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.campaign_check import check_campaign
from config.campaign_file import load_campaign, parse_campaign, read_campaign
from config.campaign_new import MARK, NewYearError, new_year, open_points
from config.toml_tokens import comments
from tests.small_night import program

SHIPPED = ("ningxia-2023", "jianghe-2024")
TEXT = {name: read_campaign(name)[1] for name in SHIPPED}
OLD = load_campaign("ningxia-2023")
YEARS = st.integers(2000, 2099)


@pytest.mark.parametrize("name", SHIPPED)
@settings(max_examples=15)
@given(year=YEARS)
def test_every_day_falls_on_its_weekday_as_near_as_can_be_and_in_the_same_order(name: str, year: int) -> None:
    old = load_campaign(name)
    if year == old.sessions[0].date.year:
        return
    made = new_year(TEXT[name], year, name)
    new = parse_campaign(made.text, "new")
    assert made.days % 7 == 0
    assert abs((new.sessions[0].date - old.sessions[0].date.replace(year=year)).days) <= 3
    for before, after in zip(old.sessions, new.sessions, strict=True):
        assert before.date.weekday() == after.date.weekday()
        assert made.days == (after.date - before.date).days
        assert f"{after.date}-{after.venue}" == after.id
        assert [(w.centre, w.start.time(), w.end.time()) for w in before.windows] == [
            (w.centre, w.start.time(), w.end.time()) for w in after.windows
        ]
    assert [] == check_campaign(made.text)
    assert old.centres == new.centres


@given(year=YEARS.filter(lambda year: year != 2023))
@settings(max_examples=10)
def test_who_is_photographed_entered_so_many_years_later(year: int) -> None:
    new = parse_campaign(new_year(TEXT["ningxia-2023"], year, "x").text, "new")
    shift = year - 2023
    assert [[f"{int(term[:4]) + shift}{term[4:]}" for term in group.terms] for group in OLD.groups] == [
        list(group.terms) for group in new.groups
    ]
    assert f"开放教育{2021 + shift}年秋季、{2022 + shift}年春季入学的专、本科学员" == new.groups[0].name


def test_what_nobody_can_know_is_emptied_or_open_and_each_line_is_named() -> None:
    made = new_year(TEXT["ningxia-2023"], 2024, "x")
    new = parse_campaign(made.text, "new")
    assert new.notice is not None
    assert ("ningxia-2024", "2024年宁夏开放大学毕业生图像信息采集") == (new.id, new.name)
    assert ("", "NX24", date(2024, 6, 30)) == (new.notice.number, new.parcel_prefix, new.notice.first_day)
    lines = made.text.splitlines()
    assert {point.line for point in made.points} == {at for at, line in enumerate(lines, 1) if f"{MARK}：" in line}
    open_keys = [lines[point.line - 1].split("=")[0].strip() for point in made.points]
    assert (13, 13, 3) == (open_keys.count("date"), open_keys.count("address"), lines_about(lines, "采集对象"))
    assert {"number", "issued", "delivery", "person", "parcel_prefix", "institution_code"} <= set(open_keys)
    assert "2023年7月2日（周日） → 2024年6月30日（周日）" in [point.what for point in made.points]


def lines_about(lines: list[str], what: str) -> int:
    return sum(f"{MARK}：{what}" in line for line in lines)


def test_comments_and_order_of_the_old_file_stay() -> None:
    made = new_year(TEXT["ningxia-2023"], 2024, "x")
    old = [words for _, words in comments(TEXT["ningxia-2023"])]
    new = [words.split(f"；{MARK}：")[0] for _, words in comments(made.text) if not words.startswith(f"{MARK}：")]
    assert old == new[1:]
    assert len(TEXT["ningxia-2023"].splitlines()) + 1 == len(made.text.splitlines())


def test_a_year_later_the_marks_are_the_new_ones_and_there_and_back_is_the_same_campaign() -> None:
    once = new_year(TEXT["ningxia-2023"], 2024, "x")
    twice = new_year(once.text, 2025, "x")
    assert all(line.count(MARK) <= 1 for line in twice.text.splitlines()[1:])
    assert "NX25" == parse_campaign(twice.text, "x").parcel_prefix
    back = parse_campaign(new_year(once.text, 2023, "x").text, "x")
    assert (OLD.sessions, OLD.groups) == (back.sessions, back.groups)


def test_a_confirmed_line_is_open_no_more() -> None:
    made = new_year(TEXT["ningxia-2023"], 2024, "x")
    first = made.points[0]
    lines = made.text.splitlines()
    lines[first.line - 1] = lines[first.line - 1].split("  #")[0]
    assert list(made.points[1:]) == list(open_points("\n".join(lines)))


@pytest.mark.parametrize("year", [2023, 1999, 2100])
def test_a_year_of_no_use_is_refused(year: int) -> None:
    with pytest.raises(NewYearError, match=f"--year {year}"):
        new_year(TEXT["ningxia-2023"], year, "x")


def test_the_command_says_what_is_open_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    done = program("campaign", "new", "--from", "ningxia-2023", "--year", "2024", "--to", str(path), "--json")
    said = json.loads(done.stdout)
    assert (str(path), "ningxia-2024", 364) == (said["path"], said["campaign"], said["shift_days"])
    text = path.read_text(encoding="utf-8")
    assert said["open"] == [point._asdict() for point in open_points(text)]
    again = program("campaign", "new", "--from", "ningxia-2023", "--year", "2025", "--to", str(path))
    assert (2, 1) == (again.returncode, len(again.stderr.splitlines()))
    assert text == path.read_text(encoding="utf-8")

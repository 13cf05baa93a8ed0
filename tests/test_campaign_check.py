"""Checking a campaign file: every kind of mistake is found, on its line, and none that is not there."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign_check import check_campaign
from config.campaign_file import read_campaign
from config.toml_lines import key_lines, line_of

SHIPPED = read_campaign("ningxia-2023")[1]
SPARE_WINDOW = """
[[sessions.windows]]
centre = "zhishu"
start = 2023-07-16T09:00:00
end = 2023-07-16T09:30:00
"""
SPARE_SESSION = """
[[sessions]]
id = "2023-07-12-yinchuan"
date = 2023-07-12
venue = "yinchuan"
address = "银川"
crew = "xinhua"
windows = [
    { centre = "zhishu", start = 2023-07-12T08:00:00, end = 2023-07-12T08:30:00 },
    { centre = "zhishu", start = 2023-07-12T11:30:00, end = 2023-07-12T12:30:00 },
]
"""


def line(of: str, text: str = SHIPPED) -> int:
    return text[: text.index(of)].count("\n") + 1


def test_the_shipped_campaign_has_no_mistake() -> None:
    assert [] == check_campaign(SHIPPED)


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ('person = "郝建忠"', 'person = "郝建忠', "不是有效的 TOML"),
        ("start = 2023-07-03T08:30:00", "start = 2023-07-03T8:30:00", "不是有效的 TOML"),
        ('venue = "guyuan"', 'venue = "guyuan"\nvenue = "guyuan"', "写了两次"),
        ('person = "郝建忠"', 'preson = "郝建忠"', "contact.preson：不认识的项"),
        ('person = "郝建忠"', "person = 7", "contact.person：应为加引号的文字"),
        ("date = 2023-07-03", "date = 20230703", "sessions.date：应为不加引号的日期"),
        ('id = "longde"', 'id = "隆德"', "centres.id：'隆德' 写法不对"),
        ('centre = "longde"', 'centre = "longed"', "sessions.windows.centre：没有编号为 'longed' 的学习中心"),
        ("end = 2023-07-02T11:30:00", "end = 2023-07-02T10:00:00", "sessions.windows.end：10:00—10:00"),
        ("end = 2023-07-06T16:30:00", "end = 2023-07-06T04:30:00", "24小时制"),
        ("start = 2023-07-03T11:30:00", "start = 2023-07-03T11:00:00", "同一场地 guyuan"),
        ('id = "2023-07-04-tongxin"', 'id = "2023-07-04-xiji"', "sessions.id：'2023-07-04-xiji' 应为"),
        ("end = 2023-07-04T11:30:00", "end = 2023-07-05T11:30:00", "日期 2023-07-05 不是本场次的 2023-07-04"),
        ('id = "xiji"', 'id = "longde"', "centres.id：longde 与前面重复"),
        ('id = "adult"', 'id = "open"', "groups.id：open 与前面重复"),
        ('number = "2.1.2"', 'number = "2.1.1"', "requirements.number：2.1.1 与前面重复"),
        ('name = "西吉学习中心"', 'name = "隆 德学习中心"', "centres.name：“隆 德学习中心”也指学习中心 longde"),
        ('aliases = ["西吉县"]', 'aliases = ["隆德县"]', "centres.aliases：“隆德县”也指学习中心 longde"),
        ('aliases = ["西吉县"]', 'aliases = ["西吉县", "西吉 县"]', "重复"),
        ('address = "平罗县职业教育中心"', 'address = " "', "sessions.address：不能为空"),
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Nowhere"', "timezone：没有 'Asia/Nowhere' 这个时区"),
        ('terms = ["2022"]', 'terms = ["2022秋"]', "groups.terms：'2022秋' 写法不对"),
    ],
)
def test_each_kind_of_mistake_is_found_on_its_line(right: str, wrong: str, named: str) -> None:
    assert right in SHIPPED
    at = line(right) + wrong.count("\n")
    found = check_campaign(SHIPPED.replace(right, wrong, 1))
    assert [True] == [named in m.message for m in found if m.line == at and named in m.message]
    assert all(1 == len(m.message.splitlines()) for m in found)


@pytest.mark.parametrize("key", ["person", "crew", "centre", "end", "timezone"])
def test_a_missing_key_is_named_at_the_table_that_lacks_it(key: str) -> None:
    lines = SHIPPED.split("\n")
    gone = next(index for index, text in enumerate(lines) if text.startswith(f"{key} ="))
    header = next((i for i in range(gone, -1, -1) if lines[i].startswith("[")), 0)
    found = check_campaign("\n".join(lines[:gone] + lines[gone + 1 :]))
    assert (header + 1, True) in [(m.line, f"{key}：缺少此项" in m.message) for m in found]


def test_a_centre_without_a_window_is_named_where_it_stands() -> None:
    found = check_campaign(SHIPPED.replace('centre = "luning"', 'centre = "pingluo"'))
    where = line('id = "luning"')
    assert [(where, "centres.id：学习中心 luning 没有任何拍摄时段，请补上时段或删去该中心")] == found


def test_one_venue_cannot_photograph_two_centres_at_once() -> None:
    text = SHIPPED + SPARE_WINDOW
    [mistake] = check_campaign(text)
    assert line("start = 2023-07-16T09:00:00", text) == mistake.line
    assert "与 2023-07-16-jinfeng 的 08:30—11:30（zhishu）重叠：同一场地 jinfeng" in mistake.message


def test_one_crew_cannot_be_at_two_venues_at_once() -> None:
    text = SHIPPED + SPARE_SESSION
    [mistake] = check_campaign(text)
    assert line("start = 2023-07-12T11:30:00", text) == mistake.line
    assert "同一摄制组 xinhua" in mistake.message
    assert [] == check_campaign(SHIPPED + SPARE_SESSION.replace('"xinhua"', '"second"'))


def test_all_mistakes_are_found_in_one_go() -> None:
    text = (
        SHIPPED.replace('person = "郝建忠"', 'person = "郝建忠')
        .replace("date = 2023-07-05", "date = 5")
        .replace('centre = "xiji"', 'centre = "xijii"')
        .replace("end = 2023-07-13T17:00:00", "end = 2023-07-13T05:00:00")
    )
    expected = ['person = "郝建忠', 'id = "xiji"', 'centre = "xijii"', "date = 5", "end = 2023-07-13T05:00:00"]
    assert [line(of, text) for of in expected] == [mistake.line for mistake in check_campaign(text)]


def test_what_cannot_be_made_out_is_said_and_nothing_is_guessed() -> None:
    text = SHIPPED.replace("[contact]", "[contact")
    [mistake] = check_campaign(text)
    assert line("[contact", text) == mistake.line
    assert "其后的内容未能检查" in mistake.message


@pytest.mark.parametrize(
    "text", ["", "nonsense", 'a = """', "sessions = 1", "centres = [1]", "[sessions]\nwindows = 1"]
)
def test_no_text_is_too_odd_to_be_checked(text: str) -> None:
    assert check_campaign(text)


@given(st.integers(0, SHIPPED.count("\n") - 1), st.text("[]{}=\"'#.,\\ \r0a中", max_size=6))
def test_no_line_is_too_odd_to_be_checked(at: int, odd: str) -> None:
    lines = SHIPPED.split("\n")
    text = "\n".join([*lines[:at], odd, *lines[at + 1 :]])
    assert all(1 <= mistake.line <= len(lines) for mistake in check_campaign(text))


def test_lines_are_told_through_every_form_of_toml() -> None:
    text = (
        'a.b = 1 # [[no]]\n"x.y" = """\n[[no]]\n"""\n[t]\nc = [\n  { d = 1 },\n  { d = "]" },\n]\n[[s]]\n'
        "e = 2023-07-02 10:00:00\n[[s.w]]\nf = 1\n[[s.w]]\nf = '''\n'''\n[[s]]\n[s.g]\nh = 1"
    )
    lines = key_lines(text)
    assert tomllib.loads(text)
    expected = {
        ("a", "b"): 1, ("x.y",): 2, ("t",): 5, ("t", "c"): 6, ("t", "c", 1, "d"): 8, ("s", 0): 10,
        ("s", 0, "e"): 11, ("s", 0, "w", 1): 14, ("s", 0, "w", 1, "f"): 15, ("s", 1): 17, ("s", 1, "g", "h"): 19,
    }  # fmt: skip
    assert expected == {place: lines.get(place) for place in expected}
    assert 10 == line_of(("s", 0, "missing"), lines)

"""Who is photographed: the notice's three groups, and how registers write what they ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign_file import load_campaign
from gradphoto.eligibility import alarms, eligibility, level_of, programme_of, terms_of
from gradphoto.roster import Student

CAMPAIGN = load_campaign("ningxia-2023")


def a_student(
    programme: str = "", level: str = "", entry_term: str = "", photo_expired: bool | None = None, no: int = 1
) -> Student:
    return Student(
        student_no=f"{no:013d}",
        name="张三",
        centre="yanchi",
        programme=programme,
        level=level,
        entry_term=entry_term,
        photo_expired=photo_expired,
    )


@pytest.mark.parametrize(
    ("student", "group"),
    [
        (a_student("开放教育", "本科", "2021秋"), "open"),
        (a_student("开放教育", "专科", "2021年秋季"), "open"),
        (a_student("开放", "专升本", "2022春"), "open"),
        (a_student("成人高等教育", "专科", "2022级"), "adult"),
        (a_student("函授", "高起专", "2022春"), "adult"),
        (a_student("业余", "高中起点专科", "202209"), "adult"),
        (a_student("开放教育", "本科", "2015秋", photo_expired=True), "photo-expired"),
        (a_student(photo_expired=True), "photo-expired"),
    ],
)
def test_a_student_of_any_of_the_notices_groups_is_eligible(student: Student, group: str) -> None:
    found = eligibility(student, CAMPAIGN)
    assert (True, group, "", "") == (found.eligible, found.group, found.reason, found.warning)


@pytest.mark.parametrize(
    "student",
    [
        a_student("开放教育", "本科", "2021春"),
        a_student("开放教育", "本科", "2022秋"),
        a_student("成人教育", "本科", "2022级"),
        a_student("成人教育", "专升本", "2022级"),
        a_student("成人教育", "专科", "2021级"),
        a_student("开放教育", "本科", "2015秋", photo_expired=False),
        a_student("", "", "2015秋"),
        a_student("成人教育", "", "2021秋"),
    ],
)
def test_a_student_who_is_known_to_be_in_no_group_is_not(student: Student) -> None:
    found = eligibility(student, CAMPAIGN)
    assert (False, None, "") == (found.eligible, found.group, found.warning)
    assert "不属于通知规定的采集对象" in found.reason


@pytest.mark.parametrize(
    ("student", "named"),
    [
        (a_student(), "办学类型"),
        (a_student("", "本科", "2021秋"), "办学类型"),
        (a_student("远程", "本科", "2021秋"), "办学类型"),
        (a_student("开放教育", "本科", ""), "入学学期"),
        (a_student("开放教育", "本科", "去年"), "入学学期"),
        (a_student("开放教育", "本科", "2022级"), "入学学期"),
        (a_student("成人教育", "", "2022级"), "层次"),
    ],
)
def test_a_student_whose_columns_do_not_say_is_eligible_with_a_warning(student: Student, named: str) -> None:
    found = eligibility(student, CAMPAIGN)
    assert (True, None, "") == (found.eligible, found.group, found.reason)
    assert named in found.warning.partition("未填或")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021秋", {"2021-autumn"}),
        ("2021年秋季", {"2021-autumn"}),
        ("２０２１ 年 秋季学期", {"2021-autumn"}),
        ("21秋", {"2021-autumn"}),
        ("2021级秋季", {"2021-autumn"}),
        ("2021-秋", {"2021-autumn"}),
        ("202109", {"2021-autumn"}),
        ("2021-09", {"2021-autumn"}),
        ("2021-09-01", {"2021-autumn"}),
        ("20210901", {"2021-autumn"}),
        ("2021年9月", {"2021-autumn"}),
        ("2021/9/1", {"2021-autumn"}),
        ("2021.9", {"2021-autumn"}),
        ("2022春", {"2022-spring"}),
        ("202203", {"2022-spring"}),
        ("2022年3月1日", {"2022-spring"}),
        ("2022年春季入学", {"2022-spring"}),
        ("2021级", {"2021"}),
        ("2022", {"2022"}),
        ("2022年", {"2022"}),
        ("202201", {"2022"}),
        ("2021秋、2022春", {"2021-autumn", "2022-spring"}),
        ("2021-09-01 00:00:00", {"2021-autumn"}),
        ("2021-09-01T00:00:00", {"2021-autumn"}),
        ("2021年9月1日入学", {"2021-autumn"}),
        ("秋季2021", {"2021-autumn"}),
        ("2021年下半年", {"2021-autumn"}),
        ("2021年秋季批次", {"2021-autumn"}),
        ("2021-2022学年第一学期", {"2021-autumn"}),
        ("2021-2022-2", {"2022-spring"}),
        ("二〇二一年秋季", {"2021-autumn"}),
        ("22级", {"2022"}),
        ("22级春", {"2022-spring"}),
        ("2021-2023-1", set()),
        ("2022届", set()),
        ("202113", set()),
        ("2021秋或更早", set()),
        ("1", set()),
        ("", set()),
    ],
)
def test_entry_terms_are_understood_as_registers_write_them(text: str, expected: set[str]) -> None:
    assert expected == terms_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("开放教育", "open"),
        ("开放", "open"),
        ("成人教育", "adult"),
        ("成人高等教育", "adult"),
        ("函授", "adult"),
        ("业余", "adult"),
        ("成人教育（业余）", "adult"),
        ("开放教育/成人教育", None),
        ("国开", "open"),
        ("成高", "adult"),
        ("网络教育", None),
        ("普通全日制", None),
        ("", None),
    ],
)
def test_programmes(text: str, expected: str | None) -> None:
    assert expected == programme_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本科", "undergraduate"),
        ("高中起点本科", "undergraduate"),
        ("高中起点", "undergraduate"),
        ("高起本", "undergraduate"),
        ("专升本", "undergraduate"),
        ("专科起点本科", "undergraduate"),
        ("本科（专科起点）", "undergraduate"),
        ("本科(高中起点)", "undergraduate"),
        ("专科", "junior"),
        ("高起专", "junior"),
        ("高中起点专科", "junior"),
        ("专科（高中起点）", "junior"),
        ("大专", "junior"),
        ("本科（专升本）", "undergraduate"),
        ("专升本（本科）", "undergraduate"),
        ("专科起点", "undergraduate"),
        ("专科起点升本科", "undergraduate"),
        ("专接本", "undergraduate"),
        ("开放本科", "undergraduate"),
        ("大学专科", "junior"),
        ("高职（专科）", "junior"),
        ("高升专", "junior"),
        ("成人专科", "junior"),
        ("专科层次", "junior"),
        ("硕士", None),
        ("专本连读", None),
        ("", None),
    ],
)
def test_levels(text: str, expected: str | None) -> None:
    assert expected == level_of(text)


@given(st.integers(2000, 2099), st.sampled_from(["-spring", "-autumn", ""]))
def test_canonical_words_stand_for_themselves(year: int, season: str) -> None:
    assert {f"{year}{season}"} == terms_of(f"{year}{season}")
    assert ["open", "adult"] == [programme_of(word) for word in ("open", "adult")]
    assert ["undergraduate", "junior"] == [level_of(word) for word in ("undergraduate", "junior")]


@given(st.text(max_size=12))
def test_whatever_is_understood_is_understood_again(text: str) -> None:
    for term in terms_of(text):
        assert {term} == terms_of(term)
    assert programme_of(text) in (None, "open", "adult")
    assert level_of(text) in (None, "undergraduate", "junior")


@pytest.mark.parametrize(("outside", "alarmed"), [(0, False), (5, False), (6, True), (100, True)])
def test_more_than_five_per_cent_outside_is_an_alarm(outside: int, alarmed: bool) -> None:
    terms = ["2015秋"] * outside + ["2021秋"] * (100 - outside)
    found = alarms([a_student("开放教育", "本科", term) for term in terms], CAMPAIGN)
    assert alarmed == bool(found)
    if alarmed:
        assert found[0].startswith(f"盐池学院：100名学生中有{outside}名（{outside}.0%）不在本次采集范围，超过5%")

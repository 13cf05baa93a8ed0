"""The campaign: the notice row by row, and how centres, sessions and windows are found in it."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign import Campaign
from config.campaign_check import check_campaign
from config.campaign_file import CampaignError, load_campaign, parse_campaign, read_campaign
from config.lookup import find_centre, makeup_window, windows_of

CAMPAIGN = load_campaign("ningxia-2023")
SHIPPED = read_campaign("ningxia-2023")[1]

YANCHI = "宁夏盐池县花马池镇五原南路 (盐池县职业技术学校强技楼)"
GUYUAN = "固原市原州区警民路与上海路 (原萧关东路) 交汇处 固原职业技术学院 (原固原农校)"
TONGXIN = "同心县豫海镇 永安西路思源学校东门 师资培训中心三楼"
ZHONGWEI = "中卫职业技术学校培训楼二楼"
QINGTONGXIA = "青铜峡市汉坝东街2-11号 塞上e家网创园五楼"
WUZHONG = "吴忠市利通区第五中学东门 (金花园B区斜对面)"
YONGNING = "永宁县胜利路口文昌中学旁边"
SHIZUISHAN = "石嘴山市大武口区朝阳西街287号"
PINGLUO = "平罗县职业教育中心"
SHUANGYU = "贺兰县德胜工业园区恒安南街238号"
LUNING = "银川市兴庆区民族南街771号光耀广场1楼大厅"
JINFENG = "宁夏职业技术学院宁夏开放大学金凤校区（黄河东路670号）"

SCHEDULE = [
    ("2023-07-02-yanchi", "yanchi", "10:00", "11:30", YANCHI, ""),
    ("2023-07-03-guyuan", "guyuan", "08:30", "10:00", GUYUAN, ""),
    ("2023-07-03-guyuan", "longde", "10:00", "10:30", GUYUAN, "date venue"),
    ("2023-07-03-guyuan", "xiji", "10:30", "11:30", GUYUAN, "date venue"),
    ("2023-07-03-guyuan", "pengyang", "11:30", "12:00", GUYUAN, "date venue"),
    ("2023-07-04-tongxin", "tongxin", "10:00", "11:30", TONGXIN, ""),
    ("2023-07-05-zhongwei", "zhongwei", "08:30", "10:30", ZHONGWEI, ""),
    ("2023-07-05-zhongwei", "zhongning", "10:30", "11:30", ZHONGWEI, "date venue"),
    ("2023-07-06-qingtongxia", "qingtongxia", "08:30", "11:30", QINGTONGXIA, ""),
    ("2023-07-06-qingtongxia", "qingtongxia", "14:30", "16:30", QINGTONGXIA, ""),
    ("2023-07-07-wuzhong", "wuzhong", "09:00", "10:30", WUZHONG, ""),
    ("2023-07-07-wuzhong", "hongsibu", "10:30", "11:30", WUZHONG, "date venue"),
    ("2023-07-07-yongning", "yongning", "14:30", "16:00", YONGNING, ""),
    ("2023-07-11-shizuishan", "shizuishan", "08:30", "11:30", SHIZUISHAN, ""),
    ("2023-07-11-shizuishan", "shizuishan", "14:30", "15:30", SHIZUISHAN, ""),
    ("2023-07-11-shizuishan", "shizuishan-gongmao", "15:30", "16:00", SHIZUISHAN, "date venue"),
    ("2023-07-12-pingluo", "pingluo", "08:30", "12:00", PINGLUO, ""),
    ("2023-07-13-shuangyu", "shuangyu", "08:30", "11:30", SHUANGYU, ""),
    ("2023-07-13-shuangyu", "shuangyu", "14:30", "17:00", SHUANGYU, ""),
    ("2023-07-14-luning", "luning", "08:30", "12:00", LUNING, ""),
    ("2023-07-15-jinfeng", "xinshangwu", "08:30", "10:00", JINFENG, ""),
    ("2023-07-15-jinfeng", "binhe", "10:00", "11:30", JINFENG, "date venue"),
    ("2023-07-15-jinfeng", "xinshuofang", "14:30", "17:30", JINFENG, "date venue"),
    ("2023-07-16-jinfeng", "zhishu", "08:30", "11:30", JINFENG, "venue"),
    ("2023-07-16-jinfeng", "*", "14:30", "17:00", JINFENG, "date venue"),
]

CENTRES = {
    "yanchi": "盐池学院",
    "guyuan": "固原学院",
    "longde": "隆德学习中心",
    "xiji": "西吉学习中心",
    "pengyang": "彭阳学习中心",
    "tongxin": "同心学院",
    "zhongwei": "中卫学院",
    "zhongning": "中宁学习中心",
    "qingtongxia": "青铜峡学习中心",
    "wuzhong": "吴忠学院",
    "hongsibu": "红寺堡学习中心",
    "yongning": "永宁学院",
    "shizuishan": "石嘴山学院",
    "shizuishan-gongmao": "石嘴山工贸学院",
    "pingluo": "平罗学院",
    "shuangyu": "银川市双玉学习中心",
    "luning": "银川市鲁宁学习中心",
    "xinshangwu": "新商务技工学校学习中心",
    "binhe": "银川市滨河学习中心",
    "xinshuofang": "银川市新朔方学习中心",
    "zhishu": "直属学院",
}


def test_the_shipped_campaign_says_every_row_of_the_schedule() -> None:
    found = [
        (s.id, w.centre, f"{w.start:%H:%M}", f"{w.end:%H:%M}", s.address, " ".join(w.inferred))
        for s in CAMPAIGN.sessions
        for w in s.windows
    ]
    assert SCHEDULE == found


def test_every_window_lies_on_the_day_in_its_sessions_id() -> None:
    for session in CAMPAIGN.sessions:
        days = {w.start.date() for w in session.windows} | {w.end.date() for w in session.windows}
        assert {session.date} == days
        assert f"{session.date}-{session.venue}" == session.id


def test_the_centres_bear_the_names_of_the_notice() -> None:
    assert CENTRES == {centre.id: centre.name for centre in CAMPAIGN.centres}


def test_one_crew_can_do_it_all() -> None:
    assert {"xinhua"} == {session.crew for session in CAMPAIGN.sessions}


def test_three_groups_are_photographed() -> None:
    found = [(g.programmes, g.levels, g.terms, g.photo_expired) for g in CAMPAIGN.groups]
    assert [
        (("open",), ("junior", "undergraduate"), ("2021-autumn", "2022-spring"), False),
        (("adult",), ("junior",), ("2022",), False),
        ((), (), (), True),
    ] == found


def test_the_rest_of_the_notice_is_kept_too() -> None:
    notice, contact = CAMPAIGN.notice, CAMPAIGN.contact
    assert notice is not None
    assert ("宁开大教函〔2023〕43号", date(2023, 6, 25)) == (notice.number, notice.issued)
    assert (notice.first_day, notice.last_day) == (CAMPAIGN.sessions[0].date, CAMPAIGN.sessions[-1].date)
    assert ("郝建忠", "0951-2967052", "342137544@qq.com") == (contact.person, contact.phone, contact.email)
    assert ("宁夏开放大学", "") == (CAMPAIGN.institution, CAMPAIGN.institution_code)


def test_the_requirements_keep_the_notices_numbers_and_its_gap() -> None:
    expected = ["2.1.1", "2.1.2", "2.1.3", "2.2.1", "2.2.2", "2.3.1", "2.3.2", "2.3.3", "2.3.4", "2.3.6"]
    assert expected == [r.number for r in CAMPAIGN.requirements if r.about != "photo"]
    photo = [r for r in CAMPAIGN.requirements if r.about == "photo"]
    assert [f"2.3.4({n})" for n in range(1, 7)] == [r.number for r in photo]
    assert "不得穿着蓝色上衣、制式服装、吊带衫；" == photo[4].text


def test_the_makeup_window_belongs_to_every_centre() -> None:
    makeup = makeup_window(CAMPAIGN)
    assert makeup is not None
    session, window = makeup
    assert ("2023-07-16-jinfeng", "*", datetime(2023, 7, 16, 14, 30)) == (
        session.id, window.centre, window.start,
    )  # fmt: skip


def test_a_centre_photographed_morning_and_afternoon_has_two_windows() -> None:
    found = [(s.id, w.start.hour) for s, w in windows_of(CAMPAIGN, "shizuishan")]
    assert [("2023-07-11-shizuishan", 8), ("2023-07-11-shizuishan", 14)] == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("binhe", "binhe"),
        ("滨河学习中心", "binhe"),
        ("银川市 滨河学习中心", "binhe"),
        ("隆德", "longde"),
        ("隆德县学习中心", "longde"),
        ("盐池学习中心", "yanchi"),
        ("ＹＡＮＣＨＩ", "yanchi"),
        ("石嘴山", "shizuishan"),
        ("石嘴山工贸", "shizuishan-gongmao"),
        ("宁夏开放大学直属学院", "zhishu"),
        ("学习中心", None),
        ("银川市", None),
        ("*", None),
        ("", None),
    ],
)
def test_a_roster_may_write_a_centre_as_people_do(text: str, expected: str | None) -> None:
    centre = find_centre(CAMPAIGN, text)
    assert expected == (centre and centre.id)


@given(st.sampled_from([(c.id, t) for c in CAMPAIGN.centres for t in (c.id, c.name, *c.aliases)]), st.data())
def test_spaces_never_change_which_centre_is_meant(entry: tuple[str, str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entry[1])))
    centre = find_centre(CAMPAIGN, f"{entry[1][:at]}\u3000 {entry[1][at:]}")
    assert centre is not None
    assert entry[0] == centre.id


def test_a_name_that_could_mean_two_centres_means_neither() -> None:
    twin = CAMPAIGN.centre("pingluo").model_copy(update={"id": "pingluo-2", "name": "平罗学习中心"})
    assert find_centre(CAMPAIGN, "平罗") == CAMPAIGN.centre("pingluo")
    both = CAMPAIGN.model_copy(update={"centres": (*CAMPAIGN.centres, twin)})
    assert find_centre(both, "平罗") is None
    assert find_centre(both, "平罗学习中心") == twin


def test_sessions_come_in_order_of_time_however_they_are_written() -> None:
    turned = CAMPAIGN.model_dump() | {"sessions": CAMPAIGN.sessions[::-1]}
    assert CAMPAIGN == Campaign.model_validate(turned)


def test_a_campaign_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text("\ufeff" + SHIPPED.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert CAMPAIGN == load_campaign(path) == load_campaign("campaign.toml", tmp_path)
    assert CAMPAIGN == parse_campaign(*reversed(read_campaign("campaign.toml", tmp_path)))


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ('name = "隆德学习中心"', "name = 5", "centres.name：应为加引号的文字"),
        ("date = 2023-07-02", 'date = "2023-07-02"', "sessions.date：应为不加引号的日期"),
        ("start = 2023-07-02T10:00:00", "start = 2023-07-02T10:00:00Z", "sessions.windows.start：时间不要带时区"),
        ('levels = ["junior"]', 'levels = ["专科"]', "groups.levels：只能是"),
        ('centre = "xiji"', 'centre = "xijii"', "sessions.windows.centre：没有编号为 'xijii' 的学习中心"),
        ("max_pause_seconds = 120", "max_pause_seconds = true", "rules.max_pause_seconds：应为数字"),
        ('timezone = "Asia/Shanghai"', "", "timezone：缺少此项"),
    ],
)
def test_a_wrong_campaign_is_refused_in_one_line_with_file_line_and_key(
    right: str, wrong: str, named: str
) -> None:
    assert right in SHIPPED
    with pytest.raises(CampaignError) as refused:
        parse_campaign(SHIPPED.replace(right, wrong, 1), "own.toml")
    line = SHIPPED[: SHIPPED.index(right)].count("\n") + 1 if wrong else 1
    assert str(refused.value).startswith(f"活动文件 own.toml 第{line}行：{named}")
    assert 1 == len(str(refused.value).splitlines())


def test_a_mistake_in_planning_does_not_keep_a_night_from_its_work() -> None:
    late = SHIPPED.replace("end = 2023-07-03T10:00:00", "end = 2023-07-03T10:15:00")
    assert 1 == len(check_campaign(late))
    assert parse_campaign(late, "own.toml")


@pytest.mark.parametrize("name", ["ningxia-1999", "../specs/chsi-2017"])
def test_a_campaign_that_does_not_exist_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(CampaignError, match=name):
        load_campaign(name)


def test_a_campaign_saved_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.write_bytes(SHIPPED.replace("〔", "").encode("gb18030"))
    with pytest.raises(CampaignError, match="UTF-8"):
        load_campaign(path)

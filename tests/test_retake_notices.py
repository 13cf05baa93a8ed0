"""Who comes again: told why, when and where; who was told; a later session; who has no portrait in the end."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from config.campaign import Campaign
from config.campaign_file import load_campaign, parse_campaign, read_campaign
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.lettering import FONTS
from gradphoto.adapters.notice_templates import Templates
from gradphoto.adapters.store import Store
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.ledger import Ledger, Standings
from gradphoto.retakes import make_up, retakes, standing_of
from gradphoto.roster import Student
from gradphoto.stages.notice_papers import Batch, Order, write_notices
from gradphoto.stages.notices_sent import pass_on
from gradphoto.stages.retake_notices import (
    draw_retakes,
    final_book,
    final_counts,
    final_list,
    open_ends,
    passed_on,
    stay_away,
)
from gradphoto.states import StudentState
from gradphoto.told import Kind, told_records

NINGXIA = read_campaign("ningxia-2023")[1]
CAMPAIGN = load_campaign("ningxia-2023")
LATER = """
[[sessions]]
id = "2023-09-02-studio"
date = 2023-09-02
venue = "studio"
address = "银川市影棚"
crew = "xinhua"

[[sessions.windows]]
centre = "*"
start = 2023-09-02T09:00:00
end = 2023-09-02T12:00:00
"""
BEFORE, AFTER, AT = datetime(2023, 7, 10, 9), datetime(2023, 7, 17, 9), "2023-07-10T09:00:00+08:00"
TEMPLATES = Templates(Path("/nowhere"), Kind.MAKEUP)
MISSED, GLASSES, WAITING, DONE = "2164001250001", "2164001250002", "2164001250003", "2164001250004"


def ledger(**states: tuple[StudentState, str]) -> Ledger:
    """A ledger of students, all of Yanchi but the last, by number with state and reason."""
    usual = {
        MISSED: (StudentState.MISSING, ""),
        GLASSES: (StudentState.REJECTED, "眼镜"),
        WAITING: (StudentState.PENDING, ""),
        DONE: (StudentState.DELIVERED, ""),
    }
    told = {no: states.get(f"_{no}", state) for no, state in usual.items()}
    return Ledger((), {no: _one(no, *state) for no, state in told.items()})


def _one(no: str, state: StudentState, reason: str) -> Standings:
    student = Student(student_no=no, name="马莉", centre="longde" if no == DONE else "yanchi")
    found = (Discrepancy(code="rejected", detail=reason),) if reason else ()
    return Standings(student, state, found)


def batch(now: datetime = BEFORE, campaign: Campaign = CAMPAIGN, known: Ledger | None = None) -> Batch:
    return draw_retakes(campaign, known or ledger(), TEMPLATES, now)


def later() -> Campaign:
    return parse_campaign(NINGXIA + LATER, "campaign.toml")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return FolderStore(tmp_path / "store")


def test_only_who_comes_again_is_told_why_and_what_the_notice_asks_and_where() -> None:
    missed, glasses = batch().notices
    assert (MISSED, GLASSES) == (missed.student.student_no, glasses.student.student_no)
    assert "原因：没有拍到您的照片，或拍摄时没有出示采集码。" in missed.wechat
    assert "需要补拍" in missed.wechat
    assert "原因：戴了眼镜。\n要求：不得佩戴眼镜以及使用头部遮盖物。" in glasses.wechat
    assert "需要重新拍摄" in glasses.wechat
    for text in (glasses.wechat, glasses.sms, glasses.page):
        assert "7月16日（周日）14:30—17:00" in text
        assert CAMPAIGN.sessions[-1].address in text
        assert "戴了眼镜" in text or text == glasses.sms


def test_after_the_make_up_a_later_session_is_the_one_that_is_told() -> None:
    assert "7月16日 14:30—17:00" in make_up(later(), BEFORE)
    assert "9月2日 09:00—12:00 银川市影棚" == make_up(later(), AFTER)
    assert "9月2日（周六）9:00—12:00" == batch(AFTER, later()).notices[0].appointment.when
    (row, *_) = retakes(later(), map(standing_of, ledger().students.values()), AFTER)
    assert ("9月2日 09:00—12:00 银川市影棚", "没有拍到您的照片，或拍摄时没有出示采集码") == (row.when, row.plain)


def test_nobody_is_told_to_come_again_whose_own_centre_is_still_to_come() -> None:
    morning = datetime(2023, 7, 2, 10)
    assert [GLASSES] == [one.student.student_no for one in batch(morning).notices]
    over = datetime(2023, 7, 2, 11, 30)
    assert [MISSED, GLASSES] == [one.student.student_no for one in batch(over).notices]


def test_with_nothing_ahead_the_notice_says_that_the_time_will_be_told() -> None:
    (missed, _) = batch(AFTER).notices
    assert "另行通知" in missed.wechat
    assert "另行通知" in missed.sms
    assert "7月16日" not in missed.wechat + missed.sms + missed.page


@pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")
def test_it_is_known_who_was_told_and_who_must_be_told_again(store: Store, tmp_path: Path) -> None:
    def notes(now: datetime, campaign: Campaign = CAMPAIGN) -> list[str]:
        return list(passed_on(told_records(store), batch(now, campaign)).values())

    def make(now: datetime, campaign: Campaign = CAMPAIGN) -> Any:
        return write_notices(store, batch(now, campaign), TEMPLATES, Order(tmp_path / "out", now, AT))

    assert ["未做", "未做"] == notes(BEFORE)
    first = make(BEFORE)
    assert ["补拍-yanchi.xlsx", "补拍-yanchi.txt", "补拍-yanchi.pdf"] == [p.name for p in first.sheaves[0].paths]
    assert ["已做未发", "已做未发"] == notes(BEFORE)
    assert {"yanchi": 2} == pass_on(store, Kind.MAKEUP, ["yanchi", "longde"], AT)
    assert ["已通知", "已通知"] == notes(BEFORE)
    assert ["有变化", "有变化"] == notes(AFTER, later())
    again = make(AFTER, later()).again
    assert ["时间", "地点"] == [change.what for change in again[0].changes]
    assert ["已做未发", "已做未发"] == notes(AFTER, later())


@pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")
def test_whoever_has_a_portrait_before_the_make_up_is_told_to_stay_away(store: Store, tmp_path: Path) -> None:
    write_notices(store, batch(), TEMPLATES, Order(tmp_path / "out", BEFORE, AT))
    found = ledger(**{f"_{GLASSES}": (StudentState.DELIVERED, "")})
    (one,) = stay_away(told_records(store), batch(known=found), found)
    assert (GLASSES, "不用来（已有照片）") == (one.student_no, one.changes[0].new)
    assert [] == stay_away(told_records(store), batch(AFTER, known=found), found)


def test_the_final_list_has_everybody_without_a_portrait_and_its_counts_add_up(tmp_path: Path) -> None:
    known = ledger()
    left = final_list(CAMPAIGN, known)
    assert [MISSED, GLASSES, WAITING] == [one.student_no for one in left]
    assert {"yanchi": (3, 0, 3)} == final_counts(known, left)
    path = tmp_path / "f.xlsx"
    path.write_bytes(final_book(CAMPAIGN, known, left))
    book = load_workbook(path)
    assert [("盐池学院", MISSED), ("盐池学院", GLASSES), ("盐池学院", WAITING)] == [
        cells[:2] for cells in book["仍无照片"].iter_rows(min_row=2, values_only=True)
    ]
    assert [("盐池学院", "3", "0", "3")] == list(book["各教学点人数"].iter_rows(min_row=2, values_only=True))


def test_while_a_make_up_is_ahead_or_a_session_open_the_list_is_not_final() -> None:
    ids = [session.id for session in CAMPAIGN.sessions]
    assert [] == open_ends(CAMPAIGN, AFTER, ids)
    assert ["还有补拍场次 2023-07-16-jinfeng，这份名单还会变"] == open_ends(CAMPAIGN, BEFORE, ids)
    assert ["场次 2023-07-16-jinfeng 还没有关闭"] == open_ends(CAMPAIGN, AFTER, ids[:-1])

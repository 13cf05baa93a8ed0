"""The sheets of a plan as people would have saved them: rosters, desk logs, the mailing list."""

from collections.abc import Sequence
from datetime import timedelta

from config.campaign import Campaign
from config.workspace import MAILING_COLUMNS
from gradphoto.adapters.tables import csv_bytes, xlsx_bytes
from gradphoto.demo.plan import Day, Plan, Roster
from gradphoto.roster import Student

_COLUMNS = ("学号", "姓名", "学习中心", "办学类型", "层次", "专业", "入学学期")
_CODE = "采集码"


def roster_bytes(roster: Roster, campaign: Campaign) -> bytes:
    """One roster in its coding."""
    header = (*_COLUMNS, _CODE) if roster.with_codes else _COLUMNS
    rows = [header, *(_student(one, campaign)[: len(header)] for one in roster.students)]
    if roster.coding == "xlsx":
        return xlsx_bytes("名册", rows)
    return csv_bytes(rows).decode("utf-8-sig").encode(roster.coding)


def _student(one: Student, campaign: Campaign) -> Sequence[str]:
    """The cells in the order of the columns, the code last."""
    centre = campaign.centre(one.centre).name
    return (
        one.student_no,
        one.name,
        centre,
        one.programme,
        one.level,
        one.major,
        one.entry_term,
        one.capture_code,
    )


def scanlog_bytes(day: Day, plan: Plan) -> bytes:
    """The desk's log of one session, half a minute before each sitting; it binds what no roster binds."""
    coded = {one.student_no for roster in plan.rosters if roster.with_codes for one in roster.students}
    scans = sorted(
        (
            (at - timedelta(seconds=35 + at.minute % 9), sitting.student)
            for card in day.cards
            for at, sitting in card.turns
            if sitting.scanned
        ),
        key=lambda scan: (scan[0], scan[1].student_no),
    )
    rows = [
        (f"{at:%Y-%m-%d %H:%M:%S}", one.capture_code, "" if one.student_no in coded else one.student_no, "1")
        for at, one in scans
    ]
    return csv_bytes([("扫码时间", _CODE, "学号", "工位"), *rows])


def mailing_bytes(plan: Plan, campaign: Campaign) -> bytes:
    """Where each centre's prints go; nobody lives or answers there."""
    centres = {one.centre for roster in plan.rosters for one in roster.students}
    named = [(place, one) for place, one in enumerate(campaign.centres, 1) if one.id in centres]
    rows = [
        (
            one.name,
            "示例收件人",
            f"0950-000{place:04d}",
            "",
            "" if one.id in plan.no_address else f"示例市示例路{place}号 {one.name}",
            "是" if place % 2 else "否",
            "示例地址，请勿寄送",
        )
        for place, one in named
    ]
    return csv_bytes([MAILING_COLUMNS, *rows])

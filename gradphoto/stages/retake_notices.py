"""The notices to whoever comes again, and the list of who is without a portrait at the end.

Who it is follows from the last run; when and where from the campaign as it stands in the workspace now, so that a
later session is told as soon as it is written into it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from config.campaign import EVERY_CENTRE, Campaign
from config.lookup import next_makeup, windows_of
from gradphoto.adapters.notice_templates import Templates
from gradphoto.adapters.workbook import Sheet, workbook_bytes
from gradphoto.appointment import Appointment, visits_of
from gradphoto.matching.ledger import Ledger, Standings
from gradphoto.notices import Notice, Reason, notice
from gradphoto.retakes import Standing, comes_again, in_order, rules_of, standing_of, without_portrait
from gradphoto.stages.notice_papers import Again, Batch
from gradphoto.states import STUDENT_WORDS, StudentState
from gradphoto.told import Act, Change, Kind, Told, newest

FINAL = "仍无照片.xlsx"
_FINAL_COLUMNS = ("教学点", "学号", "姓名", "办学类型", "层次", "专业", "入学学期", "状态", "原因")
_COUNTS = ("教学点", "应采集", "已入包", "仍无照片")


def draw_retakes(
    campaign: Campaign, ledger: Ledger, templates: Templates, now: datetime, centres: Collection[str] = ()
) -> Batch:
    """A notice for everybody who comes again, of these centres or of all; `TemplateTrouble`. Writes nothing.

    Not for whom nobody has photographed because their own centre's turn is still to come.
    """
    when = next_visit(campaign, now)
    people = [standing_of(one) for one in ledger.students.values() if not centres or one.student.centre in centres]
    notices = [
        _notice(campaign, ledger.students[one.student_no], one, when, templates)
        for one in in_order(campaign, filter(comes_again, people))
        if not waits(campaign, one, now)
    ]
    return Batch(Kind.MAKEUP, campaign, notices, {one.id: when for one in campaign.centres})


def waits(campaign: Campaign, one: Standing, now: datetime) -> bool:
    """Whether somebody is without a picture while a window of their own centre is not over."""
    ahead = any(window.end > now for _, window in windows_of(campaign, one.centre))
    return ahead and one.state is StudentState.MISSING


def next_visit(campaign: Campaign, now: datetime) -> Appointment:
    """The next make-up window of all that is not over; without a visit where there is none."""
    found = next_makeup(campaign, now)
    return Appointment(visits_of([found] if found else []))


def passed_on(records: Collection[Told], batch: Batch) -> dict[str, str]:
    """By student in Chinese what is known of their notice, told by what it says and not by its wording."""
    made, sent = newest(records, Kind.MAKEUP, Act.MADE), newest(records, Kind.MAKEUP, Act.PASSED_ON)
    found = {}
    for one in batch.notices:
        no, said = one.student.student_no, (one.appointment.when, one.appointment.where, one.why)
        last = [(known[no][1].when, known[no][1].where, known[no][1].why) for known in (sent, made) if no in known]
        told = no in sent and last[0] == said
        found[no] = "已通知" if told else "未做" if not last else "已做未发" if last[-1] == said else "有变化"
    return found


def stay_away(
    records: Collection[Told], batch: Batch, ledger: Ledger, centres: Collection[str] = ()
) -> list[Again]:
    """Who was told to come to that very time, and has a portrait by now."""
    wanted = {one.student.student_no for one in batch.notices}
    when = next(iter(batch.groups.values())).when if batch.groups else ""
    return [
        Again(no, centre, (Change("补拍", said.when, "不用来（已有照片）"),))
        for no, (centre, said) in sorted(newest(records, Kind.MAKEUP, Act.MADE).items())
        if when and said.when == when and no not in wanted and (not centres or centre in centres)
        if (one := ledger.students.get(no)) and one.state is StudentState.DELIVERED
    ]


def open_ends(campaign: Campaign, now: datetime, closed: Collection[str]) -> list[str]:
    """Why the final list is not final yet, a Chinese line each."""
    ahead = [session.id for session, one in windows_of(campaign, EVERY_CENTRE) if one.end > now]
    lines = [f"还有补拍场次 {' '.join(dict.fromkeys(ahead))}，这份名单还会变"] if ahead else []
    waiting = [one.id for one in campaign.sessions if one.id not in closed]
    return lines + ([f"场次 {' '.join(waiting)} 还没有关闭"] if waiting else [])


def final_list(campaign: Campaign, ledger: Ledger, centres: Collection[str] = ()) -> list[Standing]:
    """Everybody who is without a portrait, by centre."""
    every = [one for one in ledger.students.values() if not centres or one.student.centre in centres]
    return without_portrait(campaign, map(standing_of, every))


def final_counts(ledger: Ledger, left: Collection[Standing]) -> dict[str, tuple[int, int, int]]:
    """By centre how many are expected, have a portrait, and have none; they add up."""
    without = [one.centre for one in left]
    counts = {}
    for centre in dict.fromkeys(one.centre for one in left):
        done = sum(one.state is StudentState.DELIVERED for one in ledger.of_centre(centre))
        counts[centre] = (done + without.count(centre), done, without.count(centre))
    return counts


def final_book(campaign: Campaign, ledger: Ledger, left: Collection[Standing]) -> bytes:
    """The same as a workbook: the students, and the counts of each centre."""
    rows = [_final_row(campaign, ledger.students, one) for one in left]
    counts = final_counts(ledger, left).items()
    totals = [(campaign.centre(centre).name, *map(str, numbers)) for centre, numbers in counts]
    return workbook_bytes([Sheet("仍无照片", [_FINAL_COLUMNS, *rows]), Sheet("各教学点人数", [_COUNTS, *totals])])


def _final_row(campaign: Campaign, students: Mapping[str, Standings], one: Standing) -> tuple[str, ...]:
    student = students[one.student_no].student
    about = (student.programme, student.level, student.major, student.entry_term)
    head = (campaign.centre(one.centre).name, one.student_no, one.name)
    return (*head, *about, STUDENT_WORDS[one.state], one.plain)


def _notice(
    campaign: Campaign, one: Standings, known: Standing, when: Appointment, templates: Templates
) -> Notice:
    again = one.state is not StudentState.MISSING
    reason = Reason(known.plain, rules_of(known.reasons, campaign), again)
    return notice(campaign, one.student, when, "", templates.text, reason)

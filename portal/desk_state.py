"""What the desk's page shows without being asked: the last rows, the counts, and what is at odds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.campaign import EVERY_CENTRE
from gradphoto.desk.book import Book, tail
from gradphoto.desk.people import People
from gradphoto.eligible import WORDS, Named, Standing
from gradphoto.language import shown
from gradphoto.matching.bindings import DeskRow
from gradphoto.pace import Count, counts, pace
from portal.marked import marked

LAST = 10
"""Rows."""
NAMED = 200
"""Students who are named beforehand."""
_OUTSIDE = "{name} {number}（{centre}）{word}：{says}|名单"


def state_of(people: People, book: Book, seen: Mapping[str, datetime] | None, now: datetime) -> dict[str, Any]:
    """The document, in words where people read it; `seen` None: nobody looks at the pictures."""
    scanned: dict[str, datetime] = {}
    for row in book.in_force:
        if row.student_no and row.session == people.session and not row.batch:
            scanned[row.student_no] = min(row.at, scanned.get(row.student_no, row.at))
    seconds = pace((scanned if seen is None else seen).values())
    last = sorted((row for row in book.rows if not row.batch), key=lambda row: (row.at, row.ref))[-LAST:]
    day = people.windows[0].start.date() if people.windows else now.date()
    return {
        "clock": ""
        if now.date() == day
        else shown(f"这台电脑的时钟是 {now:%Y-%m-%d}，不是本场的 {day}：请核对场次和时钟"),
        "conflicts": [shown(one) for one in book.conflicts()],
        "total": len(scanned),
        "pictures": seen is not None,
        "pace": None if seconds is None else round(seconds),
        "counts": [_count(people, one) for one in counts(people.windows, people.expected, scanned, seen, now)],
        "rows": [_row(people, book, row) for row in reversed(last)],
        **_named(people),
    }


def _named(people: People) -> dict[str, Any]:
    """Whom somebody should speak to before they queue: those outside the groups, and how many are not clear."""
    outside = [one for one in people.named if one.standing is Standing.INELIGIBLE]
    return {
        "outside": [_outside(people, one) for one in outside[:NAMED]],
        "outsiders": len(outside),
        "unclear": len(people.named) - len(outside),
    }


def _outside(people: People, one: Named) -> str:
    word, centre = shown(WORDS[one.standing]), people.centre(one.centre)
    return marked(_OUTSIDE).format(
        name=one.name, number=one.student_no, centre=centre, word=word, says=shown(one.says)
    )


def _row(people: People, book: Book, row: DeskRow) -> dict[str, Any]:
    name = people.name(row.student_no or "")
    return {
        "at": f"{row.at:%H:%M:%S}",
        "station": row.station,
        "name": name or shown("（不在名单）" if row.student_no else "（撤销）" if row.replaces else "（未绑定）"),
        "student_no": row.student_no or "",
        "code": tail(row.code),
        "void": bool(row.student_no) and row not in book.in_force,
        "took_over": bool(row.student_no and row.replaces),
    }


def _count(people: People, count: Count) -> dict[str, Any]:
    times = marked("、|之间").join(f"{start:%H:%M}—{end:%H:%M}" for start, end in count.windows)
    return {
        "centre": shown("零星补拍") if count.centre == EVERY_CENTRE else people.centre(count.centre),
        "times": times,
        "expected": count.expected,
        "scanned": count.scanned,
        "waiting": count.waiting,
        "photographed": count.photographed,
        "to_come": count.to_come,
        "ends": f"{count.ends:%H:%M}" if count.ends else "",
        "late": count.late,
    }

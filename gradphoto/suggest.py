"""Whose a pending capture may be: every student whom any evidence names, and why, the likeliest first. Pure.

A suggestion decides nothing; a person does. So clocks that may be hours off are no harm here: they only change
the order of a list.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from config.campaign import EVERY_CENTRE, Window
from gradphoto.matching.bindings import Bindings, DeskRow
from gradphoto.matching.evidence import Evidence
from gradphoto.matching.match import Match

NEAR = timedelta(minutes=15)
"""How far a scan may be from a capture to be told."""
_WORDS = {
    "slate": "采集码照",
    "desk": "扫码记录",
    "sidecar": "附属文件",
    "name": "文件名",
    "window": "时段",
    "decision": "人工决定",
}
_RUN, _MAYBE, _BESIDE, _SCANNED, _WINDOW, _WAITING = 100, 60, 40, 30, 5, 50
"""How much a piece of evidence weighs against the others; `_WAITING` for whoever has no portrait yet."""


class Suggestion(NamedTuple):
    """A student who may be the sitter, and the evidence in Chinese words, the weightiest first."""

    student_no: str
    why: tuple[str, ...]


Waiting = Mapping[str, Collection[str]]
"""Students' numbers by centre."""


@dataclass(frozen=True)
class Around:
    """What is known round one capture."""

    before: Match | None
    """The nearest capture before it on the same body that is somebody's."""
    after: Match | None
    rows: Sequence[DeskRow]
    """Of its session's desks."""
    windows: Sequence[Window]
    """Of its session."""
    waiting: Waiting
    """Students without a portrait that is theirs."""


def suggest(match: Match, around: Around, bindings: Bindings, most: int) -> list[Suggestion]:
    """At most so many students for a capture, the likeliest first, ties by number."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for student_no, weight, words in _evidence(match, around, bindings):
        if student_no in bindings.register and words not in {said for _, said in found[student_no]}:
            found[student_no].append((weight, words))

    def likely(no: str) -> int:
        waiting = no in around.waiting.get(bindings.register[no].centre, ())
        return sum(weight for weight, _ in found[no]) + (_WAITING if waiting else 0)

    ranked = sorted(found, key=lambda no: (-likely(no), no))
    return [
        Suggestion(no, tuple(words for _, words in sorted(found[no], key=lambda each: -each[0])))
        for no in ranked[:most]
    ]


def _evidence(match: Match, around: Around, bindings: Bindings) -> Iterable[tuple[str, int, str]]:
    """Student, weight and words of every piece of evidence."""
    yield from ((each.says, _RUN, _said(each)) for each in match.evidence if each.says)
    yield from ((no, _MAYBE, "同一段照片可能的归属") for no in sorted(match.candidates))
    for beside, words in ((around.before, "前一张是该学生"), (around.after, "后一张是该学生")):
        if beside and beside.student_no:
            yield beside.student_no, _BESIDE, words
    taken = _taken(match)
    yield from _scanned(taken, around.rows, bindings)
    yield from _windows(taken, around)


def _said(evidence: Evidence) -> str:
    return f"{_WORDS.get(evidence.kind, evidence.kind)} {evidence.ref}"


def _taken(match: Match) -> datetime | None:
    reading = match.classified.frame.reading
    return datetime.fromisoformat(reading.taken) if reading and reading.taken else None


def _scanned(
    taken: datetime | None, rows: Iterable[DeskRow], bindings: Bindings
) -> Iterable[tuple[str, int, str]]:
    """Whoever the desk scanned near that time; the nearer the weightier."""
    for row in rows:
        if row.batch or taken is None or abs(row.at - taken) > NEAR:
            continue
        minutes = round(abs(row.at - taken) / timedelta(minutes=1))
        for student_no in sorted({row.student_no or "", *bindings.owner(row.code).candidates} - {""}):
            yield student_no, _SCANNED - minutes, f"{row.at:%H:%M}扫码，相差{minutes}分钟"


def _windows(taken: datetime | None, around: Around) -> Iterable[tuple[str, int, str]]:
    """Whoever waits of the centres whose window it is; of all the session's when none is open."""
    windows = [one for one in around.windows if taken and one.start <= taken <= one.end] or around.windows
    centres = {window.centre for window in windows}
    for centre in around.waiting.keys() if EVERY_CENTRE in centres else centres:
        for student_no in around.waiting.get(centre, ()):
            yield student_no, _WINDOW, "本时段的中心，还没有照片"

"""What waits for a person, as one document for the review page: the queue in shooting order, and all it shows."""

from collections.abc import Iterator
from typing import Any

from gradphoto.discrepancy import FILE, GEOMETRY, MATCHING, Discrepancy
from gradphoto.language import shown
from gradphoto.matching.entry import Entry
from gradphoto.matching.kind import Kind
from gradphoto.original import Digest
from gradphoto.rejection import Rejection, rule_of
from gradphoto.stages.review import for_a_person
from gradphoto.stages.season import Season
from gradphoto.stages.strips import Strip, strips
from gradphoto.states import FILE_WORDS, FileState
from gradphoto.suggest import suggest
from portal.cards import MOST
from portal.scene import Scene, around

BESIDE = 4
"""Frames before and after that are shown beside a capture."""
MARKS = {
    FileState.DELIVERED: "包",
    FileState.SUPERSEDED: "备",
    FileState.SLATE: "码",
    FileState.COMPANION: "附",
    FileState.DUPLICATE: "重",
    FileState.QUARANTINED: "坏",
    FileState.PENDING: "待",
    FileState.REJECTED: "退",
}
"""A letter for each state, for whoever does not see the colours."""


def pending(scene: Scene, session: str | None) -> dict[str, Any]:
    """The document; `session` narrows it to one. `after` is the number of the last decision that it knows."""
    queue, beside, others = [], set(), 0
    for strip in strips(scene.season, session):
        for at, sha256 in enumerate(strip.frames):
            if not _waits(scene.entries[sha256]):
                continue
            if scene.matches[sha256].classified.kind is not Kind.PORTRAIT:
                others += 1
                continue
            item = _item(scene, strip, at)
            queue.append(item)
            beside |= set(item["beside"])
    return {
        "after": scene.season.last_decision,
        "queue": queue,
        "frames": {sha256: _frame(scene, sha256) for sha256 in sorted(beside)},
        "others": others,
        "reasons": list(_reasons(scene.season)),
    }


def _waits(entry: Entry) -> bool:
    return entry.state is FileState.PENDING and for_a_person(entry)


def _item(scene: Scene, strip: Strip, at: int) -> dict[str, Any]:
    """One capture with everything that a decision needs."""
    sha256 = strip.frames[at]
    entry, match, candidate = scene.entries[sha256], scene.matches[sha256], scene.season.candidates[sha256]
    reading = scene.season.readings[sha256]
    found = suggest(match, around(scene, strip, at), scene.season.bindings, MOST)
    return {
        "sha256": sha256,
        "session": strip.session,
        "body": strip.body,
        "path": entry.original.path,
        "taken": _time(reading.taken),
        "student_no": entry.student_no,
        "name": scene.cards.name(entry.student_no),
        "reasons": [{"code": each.code, "text": shown(each.text), "asks": _asks(each)} for each in entry.reasons],
        "width": reading.width,
        "height": reading.height,
        "face": reading.face.model_dump(include={"crown", "eye", "chin", "cx", "width"}) if reading.face else None,
        "crop": _crop(candidate.crop) if candidate.crop else None,
        "candidates": [scene.cards.card(each.student_no, each.why) for each in found],
        "beside": list(strip.frames[max(0, at - BESIDE) : at + BESIDE + 1]),
    }


def _asks(reason: Discrepancy) -> str:
    """What a reason asks of the person: `whose` it is, to `admit`, nothing (`crop`), or to `look`."""
    if reason.code == "ineligible":
        return "admit"
    if reason.code in MATCHING:
        return "whose"
    return "crop" if reason.code in GEOMETRY or reason.code in FILE else "look"


def _crop(crop: Any) -> dict[str, float]:
    return {edge: getattr(crop, edge) for edge in ("left", "top", "right", "bottom")}


def _frame(scene: Scene, sha256: Digest) -> dict[str, Any]:
    """A neighbour in the strip."""
    entry, reading = scene.entries[sha256], scene.season.readings.get(sha256)
    return {
        "file": entry.original.name,
        "taken": _time(reading.taken if reading else None),
        "state": entry.state.value,
        "mark": shown(MARKS[entry.state]),
        "word": shown(FILE_WORDS[entry.state]),
        "name": scene.cards.name(entry.student_no),
    }


def _time(taken: str | None) -> str:
    return f"{taken[5:10]} {taken[11:19]}" if taken else shown("没有时间")


def _reasons(season: Season) -> Iterator[dict[str, str]]:
    """Why a picture may be refused, with what the notice says of it."""
    for each in Rejection:
        rule = rule_of(each.value, season.inputs.campaign.requirements)
        yield {"code": each.value, "word": shown(each.word), "rule": rule}

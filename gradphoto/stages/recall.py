"""Recall: the decision that freezes the pictures round one that went out, and which centres then need a bundle."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gradphoto.adapters.store import Store
from gradphoto.decision import Act, Decision
from gradphoto.discreet import quoted
from gradphoto.matching.places import frames_by_session
from gradphoto.original import Digest
from gradphoto.packed import Packed, journal
from gradphoto.recall import again, around, wrong
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.review import Refused, What
from gradphoto.stages.season import Season

Versions = Mapping[str, Sequence[Packed]]
"""Every version of each centre's bundle, oldest first."""


class Recall(NamedTuple):
    """What to keep, or the number of the decision that stands already."""

    what: What
    stands: Decision | None


def every_version(store: Store, season: Season) -> dict[str, list[Packed]]:
    """All bundles that were ever packed, by centre in the campaign's order."""
    centres = (centre.id for centre in season.inputs.campaign.centres)
    return {
        centre: [Packed.from_lines(lines) for _, lines in journal(store, centre).records()] for centre in centres
    }


def recalling(store: Store, season: Season, student_no: str, reason: str) -> Recall:
    """The fields of the decision; `Refused` in one line when there is nothing to recall."""
    if not reason.strip():
        raise Refused("--reason 不能为空：请写明召回的原因")
    capture = _delivered(every_version(store, season), season, student_no)
    sessions = frames_by_session(
        season.captures, season.duplicates, season.readings, season.inputs.campaign, season.sidecars.places
    )
    mine = {match.sha256 for match in season.matches if student_no in match.students} & set(season.candidates)
    frozen = (around(capture, sessions, season.bindings) | mine) & set(season.candidates) | {capture}
    what = {"student_no": student_no, "capture": capture, "captures": tuple(sorted(frozen))}
    stands = again(season.standing, student_no, capture)
    return Recall({"act": Act.RECALL, "reason": reason.strip(), **what}, stands)


def _delivered(versions: Versions, season: Season, student_no: str) -> Digest:
    """The picture under that number in a newest bundle, else the one that was delivered last."""
    student = season.inputs.register.students.get(student_no)
    found = [
        (packed is every[-1], bool(student and student.centre == packed.centre), packed.version, one.source_sha256)
        for every in versions.values()
        for packed in every
        for one in packed.deliveries
        if one.student_no == student_no
    ]
    if found:
        return max(found)[-1]
    if student is None:
        raise Refused(f"名册中没有学号 {quoted(student_no)}，也从未交付过其照片")
    raise Refused(f"学号 {student_no} 的照片从未交付过，没有可召回的")


def stale(store: Store, season: Season) -> list[str]:
    """The centres whose newest bundle holds what was recalled: they need another."""
    bundles = bundles_of(store, season.inputs.campaign)
    return [centre for centre, packed in bundles.items() if wrong(packed, packed, season.standing)]

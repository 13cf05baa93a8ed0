"""Alarms from the desk's side: who was expected, who was scanned, whose code was photographed."""

from collections.abc import Iterator

from config.campaign import EVERY_CENTRE
from config.lookup import windows_of
from gradphoto.alarm import Alarm, Scene, listed
from gradphoto.matching.bindings import DeskRow

LEAST_EXPECTED = 20
"""Students of whom a share says something."""
FEW_STUDENTS = 0.5
"""Less than this share of those expected were photographed: cards or a whole camera may be missing."""
LEAST_SCANNED = 10
FEW_SLATES = 0.8
"""Less than this share of those scanned have a slate: too many slates unreadable, or a card is missing."""


def desk_alarms(scene: Scene) -> Iterator[Alarm]:
    """Expected against photographed, scanned against read, and what only one of desk and camera knows."""
    yield from _few_students(scene)
    yield from _scans(scene)
    yield from _unknown_slates(scene)
    yield from _nobody_sat(scene)
    yield from _bound_elsewhere(scene)


def _few_students(scene: Scene) -> Iterator[Alarm]:
    """Of the centres that have only this window; the make-up session expects nobody in particular."""
    centres = _centres(scene)
    if EVERY_CENTRE in centres or not scene.matches:
        return
    only_here = [
        one for one in centres if {session.id for session, _ in windows_of(scene.campaign, one)} == {scene.session}
    ]
    expected = {no for centre in only_here for no in scene.at_home.get(centre, ()) if no not in scene.outside}
    came = expected & (scene.photographed | {no for match in scene.slates for no in match.students})
    if len(expected) >= LEAST_EXPECTED and len(came) < FEW_STUDENTS * len(expected):
        yield scene.alarm("few-students", f"应采{len(expected)}人，只拍到{len(came)}人：请确认存储卡都已拷入")


def _scans(scene: Scene) -> Iterator[Alarm]:
    """Every code once. Whoever has a portrait all the same needs no slate."""
    rows = sorted(_scanned(scene), key=lambda row: (row.at, row.ref))
    scans = {row.code: row for row in rows}
    lost = [
        row
        for code, row in scans.items()
        if code not in scene.shown and not scene.bindings.owner(code).candidates & scene.photographed
    ]
    read = len(scans) - len(lost)
    if len(scans) >= LEAST_SCANNED and read < FEW_SLATES * len(scans):
        yield scene.alarm(
            "few-slates", f"扫码台登记{len(scans)}人，只读到{read}人的采集码照：请确认存储卡都已拷入"
        )
    if lost:
        names = listed([scene.whose(row) for row in lost])
        yield scene.alarm("scan-without-slate", f"{len(lost)}人已扫码但没有采集码照：{names}")


def _unknown_slates(scene: Scene) -> Iterator[Alarm]:
    known = {row.code for row in scene.rows}
    strange = [match for match in scene.slates if match.classified.code not in known]
    if _scanned(scene) and strange:
        names = listed([match.classified.frame.original.path for match in strange])
        yield scene.alarm("slate-unscanned", f"{len(strange)}张采集码照不在本场扫码记录中：{names}")


def _scanned(scene: Scene) -> list[DeskRow]:
    """Without what was bound from screenshots beforehand."""
    return [row for row in scene.rows if not row.batch]


def _nobody_sat(scene: Scene) -> Iterator[Alarm]:
    every = [run for body in scene.bodies for run in body if run.code]
    seated = {run.code for run in every if run.portraits}
    empty = {
        run.code: run for run in every if run.code not in seated and not run.owner.candidates & scene.photographed
    }
    names = [
        "/".join(sorted(run.owner.candidates)) or run.shots[0].classified.frame.original.path
        for run in empty.values()
    ]
    if names:
        yield scene.alarm("slate-without-portrait", f"{len(names)}人拍了采集码但之后没有人像：{listed(names)}")


def _bound_elsewhere(scene: Scene) -> Iterator[Alarm]:
    centres, students = _centres(scene), scene.bindings.register
    if EVERY_CENTRE in centres:
        return
    homes = {row.ref: students[no] for row in scene.rows if (no := row.student_no) in students and no}
    strangers = [
        f"{ref} {one.student_no}（{scene.campaign.centre(one.centre).name}）"
        for ref, one in homes.items()
        if one.centre not in centres
    ]
    if strangers:
        says = f"扫码记录中有{len(strangers)}行的学号属于不在本场的中心：{listed(strangers)}"
        yield scene.alarm("bound-elsewhere", says)


def _centres(scene: Scene) -> set[str]:
    return {window.centre for window in scene.campaign.session(scene.session).windows}

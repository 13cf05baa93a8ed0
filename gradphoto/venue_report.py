"""The report of a session at the venue, put together and put in order. Pure."""

from collections.abc import Iterable, Iterator

from gradphoto.matching.kind import Kind, is_picture_name
from gradphoto.venue import KINDS, Report, Trouble
from gradphoto.venue_frames import frame_troubles
from gradphoto.venue_lost import awaited, in_queue, lost_students
from gradphoto.venue_scene import Scene
from gradphoto.venue_words import TODO


def report_of(scene: Scene, refused: Iterable[tuple[str, str]] = ()) -> Report:
    """The report of a session; `refused` are files that could not be read, each with why."""
    frames = frame_troubles(scene)
    named = {one.student_no for trouble in frames if _has_a_frame(trouble) for one in trouble.people}
    lost = list(lost_students(scene, named))
    waiting = [one for one in lost if one.at and in_queue(one, scene)]
    troubles = [*frames, *_refused(refused), *(one.trouble(scene) for one in lost if one not in waiting)]
    seen = {one.student_no for trouble in frames for one in trouble.people}.union(
        scene.good, *(one.numbers for one in lost)
    )
    return Report(
        session=scene.session,
        files=len(scene.matches),
        portraits=sum(match.classified.kind is Kind.PORTRAIT for match in scene.matches),
        photographed=len(scene.good),
        troubles=tuple(sorted(troubles, key=_order)),
        waiting=scene.people(no for one in waiting for no in one.numbers),
        expected=tuple(awaited(scene, seen)),
    )


def _has_a_frame(trouble: Trouble) -> bool:
    """A broken file that may be anybody's is nobody's portrait."""
    return trouble.kind != "file" or trouble.person is not None or len(trouble.files) > 1


def _refused(refused: Iterable[tuple[str, str]]) -> Iterator[Trouble]:
    """The pictures among them; nobody waits for what a system left on a card."""
    for path, why in refused:
        if is_picture_name(path):
            yield Trouble(kind="file", code="refused", files=(path,), says=f"{path}：{why}", todo=TODO["refused"])


def _order(trouble: Trouble) -> tuple[object, ...]:
    """The largest kind first, within it by time."""
    return list(KINDS).index(trouble.kind), trouble.at or "~", trouble.files, trouble.model_dump_json()

"""What is said of every frame as it comes: who, good or not and why, in one line. Pure."""

from collections.abc import Mapping

from gradphoto.matching.match import Match
from gradphoto.venue_scene import Scene, clock, path_of, taken_of
from gradphoto.venue_words import frame_words


def frame_lines(scene: Scene) -> Mapping[str, str]:
    """A line for each frame of the cameras, by its path, in their order."""
    lines = ((path_of(match), _line(match, scene)) for strip in scene.strips for match in strip)
    return {path: line for path, line in lines if line}


def _line(match: Match, scene: Scene) -> str:
    candidate = scene.candidates.get(match.sha256)
    troubles, hints = (candidate.troubles, candidate.hints) if candidate else ((), ())
    told = frame_words(match, scene.person(match.student_no).text if match.student_no else "", troubles, hints)
    return f"{clock(taken_of(match))} {path_of(match)} {told}".strip() if told else ""

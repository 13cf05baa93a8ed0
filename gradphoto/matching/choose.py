"""Which of a student's captures becomes the portrait: the best by the checks, ties to the last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.spec import Spec
from gradphoto.checks import NOTHING, Finding, findings
from gradphoto.decision import Standing
from gradphoto.discrepancy import Discrepancy
from gradphoto.geometry import Crop, solve
from gradphoto.matching.match import Match
from gradphoto.natural import natural_key
from gradphoto.original import Digest
from gradphoto.portrait import Render
from gradphoto.reading import Reading


@dataclass(frozen=True, slots=True)
class Candidate:
    """A capture with everything that speaks against it; it is deliverable when it has a crop and no trouble."""

    match: Match
    crop: Crop | None
    troubles: tuple[Discrepancy, ...]
    """What holds it back."""
    hints: tuple[Discrepancy, ...]
    """What is shown and holds nothing back."""
    chosen: int
    """The number of the decision by which a person chose it, 0 when nobody did."""

    @property
    def deliverable(self) -> bool:
        """Whether a portrait may be made of it."""
        return self.crop is not None and not self.troubles

    @property
    def rank(self) -> tuple[object, ...]:
        """Higher is better: a person's latest choice, then fewer hints, then the later picture."""
        frame = self.match.classified.frame
        taken = (frame.reading.taken or "") if frame.reading else ""
        place = (frame.spot.session, natural_key(frame.spot.path), frame.spot.source)
        return (self.chosen, -len(self.hints), taken, place, frame.original.sha256)


def weigh(match: Match, spec: Spec, renders: Mapping[Digest, Render], decisions: Standing) -> Candidate:
    """One portrait with its findings, its crop and what rendering said; a person's choice outweighs findings."""
    reading = match.classified.frame.reading
    assert reading is not None  # a capture that was not read is a break, never a portrait
    choice = decisions.chosen.get(match.sha256)
    chosen = choice.number if choice else 0
    render = renders.get(match.sha256)
    found = findings(reading, spec, render.figures if render else NOTHING)
    held = [finding.discrepancy for finding in found if not chosen and _holds(finding)]
    hints = tuple(finding.discrepancy for finding in found if chosen or not _holds(finding))
    crop = _crop(reading, spec)
    if isinstance(crop, Discrepancy) and crop.code not in {each.code for each in held}:
        held.append(crop)
    failed = (render.trouble,) if render and render.trouble else ()
    troubles = tuple(dict.fromkeys((*match.troubles, *held, *failed)))
    return Candidate(match, crop if isinstance(crop, Crop) else None, troubles, hints, chosen)


def best(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """For each student the capture that is delivered, of those that may be."""
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        for student_no in candidate.match.students if candidate.deliverable else ():
            held = found.get(student_no)
            if held is None or candidate.rank > held.rank:
                found[student_no] = candidate
    return found


def _holds(finding: Finding) -> bool:
    return finding.means != "hint"


def _crop(reading: Reading, spec: Spec) -> Crop | Discrepancy:
    """Without a single face there is no crop, whatever a person or a profile without that check says."""
    if reading.face is None:
        return Discrepancy(code="several-faces", detail=f"{reading.faces}")
    return solve(reading.face, reading.width, reading.height, spec)

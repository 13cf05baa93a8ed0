"""The match of one session: for each capture whose it is, by what evidence, or why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from config.campaign import Campaign, Window
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.bindings import Bindings, DeskRow
from gradphoto.matching.claims import NO_CLAIMS, Claim, Claims, disagreements, in_force
from gradphoto.matching.doubts import Pace, doubts
from gradphoto.matching.evidence import Evidence, evidence_of, window_of
from gradphoto.matching.kind import Classified, Kind
from gradphoto.matching.lanes import Shot, lanes
from gradphoto.matching.logs import by_code
from gradphoto.matching.notes import notes
from gradphoto.matching.numbers import numbers
from gradphoto.matching.remade import standing
from gradphoto.matching.runs import Run, runs
from gradphoto.matching.scans import Placed, unanswered
from gradphoto.matching.usual import usual
from gradphoto.original import Digest


@dataclass(frozen=True, slots=True)
class Match:
    """Whose one capture is. `student_no` is None unless somebody owns it; `troubles` hold it back."""

    classified: Classified
    student_no: str | None = None
    troubles: tuple[Discrepancy, ...] = ()
    notes: tuple[Discrepancy, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    candidates: frozenset[str] = frozenset()
    """Whose it is or may be."""
    also: tuple[str, ...] = ()
    """Further registrations of the same person that it serves, because somebody said so."""

    @property
    def students(self) -> tuple[str, ...]:
        """All whom it serves, its own student first; empty when it is nobody's."""
        return (self.student_no, *self.also) if self.student_no else ()

    @property
    def sha256(self) -> Digest:
        """The capture's content."""
        return self.classified.frame.original.sha256


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the matching of one session's runs needs to know."""

    session: str
    campaign: Campaign
    bindings: Bindings
    rows: Mapping[str, Sequence[DeskRow]]
    windows: Sequence[Window]
    pace: Pace
    seated: frozenset[str | None]
    """Codes under which portraits were taken."""
    claims: Claims


def match_session(
    session: str,
    frames: Sequence[Classified],
    bindings: Bindings,
    rows: Iterable[DeskRow],
    campaign: Campaign,
    claims: Claims = NO_CLAIMS,
) -> list[Match]:
    """Every capture of one session with its match, in order of place; echoes have none."""
    here = [row for row in rows if row.session == session]
    ordered, aside = standing(frames)
    cut = [runs(lane, bindings) for lane in lanes(ordered)]
    every = [run for lane in cut for run in lane]
    seated = frozenset(run.code for run in every if run.portraits)
    windows = campaign.session(session).windows
    pace = Pace(campaign.rules, usual(every, campaign.rules), numbers(frames))
    scene = _Scene(session, campaign, bindings, by_code(here), windows, pace, seated, claims)
    matches = [_useless(item) for item in aside]
    for lane, scans in zip(cut, unanswered(here, cut, bindings), strict=True):
        for index, run in enumerate(lane):
            matches += _run_matches(run, _most(lane, index, scene), scans[index], scene)
    return sorted(matches, key=lambda match: match.classified.frame.original.place)


def _useless(item: Classified) -> Match:
    return Match(item, troubles=(item.trouble,) if item.trouble else ())


def _most(lane: Sequence[Run], index: int, scene: _Scene) -> int:
    """How many portraits are believed: just the usual when the next slate has none, for it may have come late.

    A broken frame right after the last one is most likely of the same sitting, and counts; so do those before
    the slate, when it is the same one shown again.
    """
    after = lane[index + 1] if index + 1 < len(lane) else None
    late = after and after.code and not after.portraits and after.code not in scene.seated
    broken = after and after.opener and not after.opener.echo and _is_broken(after.opener.classified)
    before = lane[index - 1] if index and lane[index - 1].code == lane[index].code else None
    counted = bool(broken) + (len(before.portraits) if before and before.code else 0)
    return max(1, (scene.pace.usual.median if late else scene.pace.usual.most) - counted)


def _is_broken(item: Classified) -> bool:
    return item.useless or (item.trouble is not None and item.trouble.code in ("not-read", "unclassified"))


def _run_matches(run: Run, most: int, scans: Placed, scene: _Scene) -> list[Match]:
    others = frozenset(no for row in scans.rows for no in scene.bindings.owner(row.code).candidates)
    matches = []
    if run.opener and not run.opener.echo:
        matches.append(_may_be(_opener(run.opener, run, scene), run.owner.candidates, others))
    found = doubts(run, most, scans.doubts, scene.pace) if run.owner.student_no else []
    for index, (shot, said) in enumerate(zip(run.portraits, in_force(run, scene.claims), strict=True)):
        troubles = [doubt.trouble for doubt in found if doubt.since <= index]
        troubles += [run.owner.trouble] if run.owner.trouble else disagreements(run.owner.student_no, said)
        match = _portrait(shot, run, tuple(troubles), scene)
        matches.append(_may_be(match, run.owner.candidates, others | _named(said)))
    return matches


def _named(said: Iterable[Claim]) -> frozenset[str]:
    return frozenset(no for claim in said for no in claim.says)


def _may_be(match: Match, owners: frozenset[str], others: frozenset[str]) -> Match:
    return replace(match, candidates=owners if match.student_no else owners | others)


def _evidence(shot: Shot, run: Run, scene: _Scene) -> tuple[Evidence, ...]:
    claims = scene.claims.get(shot.classified.frame.original.sha256, ())
    return (*evidence_of(run, scene.rows), *(each for claim in claims for each in claim.evidence))


def _opener(shot: Shot, run: Run, scene: _Scene) -> Match:
    odd = notes(shot, None, scene.session, scene.campaign)
    if shot.classified.kind is Kind.SLATE:
        odd += (run.owner.trouble,) if run.owner.trouble else ()
        return Match(shot.classified, run.owner.student_no, notes=odd, evidence=_evidence(shot, run, scene))
    return replace(_useless(shot.classified), notes=odd)


def _portrait(shot: Shot, run: Run, troubles: tuple[Discrepancy, ...], scene: _Scene) -> Match:
    owner = run.owner.student_no
    centre = scene.bindings.register[owner].centre if owner else None
    odd = notes(shot, centre, scene.session, scene.campaign)
    window = window_of(shot, owner, centre, scene.windows)
    evidence = (*_evidence(shot, run, scene), *window)
    return Match(shot.classified, None if troubles else owner, troubles, odd, evidence)

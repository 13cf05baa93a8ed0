"""The matches of a whole campaign: every session matched, decisions replayed, nobody ineligible delivered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from config.campaign import Campaign
from gradphoto.decision import Decision, Standing
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.bindings import Bindings, DeskRow
from gradphoto.matching.claims import claims
from gradphoto.matching.evidence import Evidence
from gradphoto.matching.holds import freeze, hold_back
from gradphoto.matching.kind import Classified, Kind
from gradphoto.matching.match import Match, match_session
from gradphoto.matching.places import frames_by_session
from gradphoto.matching.shares import shared, without
from gradphoto.matching.sidecars import NO_SIDECARS, Sidecars
from gradphoto.original import Digest, Original
from gradphoto.reading import Reading


def distinct(originals: Iterable[Original]) -> tuple[list[Original], list[Original]]:
    """The captures, each content once under its lowest place, and the duplicates of them."""
    captures: dict[Digest, Original] = {}
    duplicates = []
    for original in sorted(originals, key=lambda original: original.place):
        if original.sha256 in captures:
            duplicates.append(original)
        else:
            captures[original.sha256] = original
    return list(captures.values()), duplicates


def match_season(
    captures: Iterable[Original],
    readings: Mapping[Digest, Reading],
    bindings: Bindings,
    rows: Sequence[DeskRow],
    campaign: Campaign,
    duplicates: Iterable[Original] = (),
    sidecars: Sidecars = NO_SIDECARS,
) -> list[Match]:
    """Every capture of every session with its match, sessions apart from each other.

    `duplicates` have no match of their own; they help to tell in what order a camera took its frames.
    """
    captures, duplicates = list(captures), list(duplicates)
    said = claims([*captures, *duplicates], sidecars, bindings)
    known = {session.id for session in campaign.sessions}
    matches: list[Match] = []
    here: dict[str, list[DeskRow]] = defaultdict(list)
    for row in rows:
        here[row.session].append(row)
    sessions = frames_by_session(captures, duplicates, readings, campaign, sidecars.places)
    for session, frames in sorted(sessions.items()):
        if session in known:
            matches += match_session(session, frames, bindings, here[session], campaign, said)
        else:
            matches += (_of_unknown_session(item) for item in frames if not item.frame.echo)
    return sorted(matches, key=lambda match: (match.classified.frame.original.place, match.sha256))


def _of_unknown_session(item: Classified) -> Match:
    """A session that was taken out of the campaign after its files came in."""
    if item.companion:
        return Match(item)
    trouble = Discrepancy(code="session-unknown", detail=item.frame.spot.session)
    return Match(Classified(item.frame, Kind.BREAK), troubles=(trouble,))


def decide(matches: Iterable[Match], decisions: Standing, bindings: Bindings) -> list[Match]:
    """The matches after a person's word: an assigned portrait is that student's, whatever spoke against it."""
    assigned = (_whose(match, decisions, bindings) for match in matches)
    judged = [_judged(match, decisions) for match in assigned]
    return freeze(hold_back(judged, decisions), decisions)


def _whose(match: Match, decisions: Standing, bindings: Bindings) -> Match:
    if match.classified.kind is not Kind.PORTRAIT:
        return match
    own = _assigned(match, decisions.assigned.get(match.sha256), bindings)
    return shared(own, decisions.also.get(match.sha256, {}), bindings)


def _judged(match: Match, decisions: Standing) -> Match:
    """With what a person said of the picture itself as evidence: for its student, or for nobody."""
    words = (decisions.chosen, decisions.rejected, decisions.held, decisions.frozen)
    chosen, *against = (kind.get(match.sha256) for kind in words)
    said = [Evidence("decision", match.student_no, str(chosen.number))] if chosen else []
    said += [Evidence("decision", None, str(no.number)) for no in against if no]
    return replace(match, evidence=(*match.evidence, *said)) if said else match


def _assigned(match: Match, decision: Decision | None, bindings: Bindings) -> Match:
    if decision is None:
        return match
    student_no = decision.student_no or ""
    evidence = (*match.evidence, Evidence("decision", student_no, str(decision.number)))
    if student_no not in bindings.register:
        trouble = Discrepancy(code="student-unknown", detail=student_no)
        return replace(match, student_no=None, troubles=(trouble,), evidence=evidence)
    noted = (Discrepancy(code="without-code", detail=student_no),) if decision.without_code else ()
    return replace(
        match,
        student_no=student_no,
        troubles=(),
        notes=(*match.notes, *noted),
        evidence=evidence,
        candidates=frozenset({student_no}),
    )


def hold_ineligible(matches: Iterable[Match], ineligible: Mapping[str, str]) -> list[Match]:
    """The matches, those of students outside the campaign's groups (by number, with why) held back."""
    barred = {no: Discrepancy(code="ineligible", detail=reason) for no, reason in ineligible.items() if reason}
    return [without(match, barred) if match.classified.kind is Kind.PORTRAIT else match for match in matches]

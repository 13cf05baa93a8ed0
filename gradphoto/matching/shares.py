"""One picture for several registrations of the same person: whom it serves besides its own student.

A person says so, for no evidence can. Whatever holds the picture back holds it back for all; who is not to be
photographed, or has withdrawn, drops out of those whom it serves, and the others stay.
"""

from collections.abc import Mapping
from dataclasses import replace

from gradphoto.decision import Decision
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.bindings import Bindings
from gradphoto.matching.evidence import Evidence
from gradphoto.matching.match import Match


def shared(match: Match, said: Mapping[str, Decision], bindings: Bindings) -> Match:
    """The match with those whom a person added, by number; while it is nobody's they are candidates only."""
    if not said:
        return match
    known = [no for no in said if no in bindings.register and no != match.student_no]
    noted = [Discrepancy(code="student-unknown", detail=no) for no in said if no not in bindings.register]
    noted += [Discrepancy(code="without-code", detail=no) for no in known if said[no].without_code]
    evidence = (Evidence("decision", no, str(decision.number)) for no, decision in said.items())
    return replace(
        match,
        also=tuple(known),
        notes=(*match.notes, *noted),
        evidence=(*match.evidence, *evidence),
        candidates=match.candidates.union(known),
    )


def without(match: Match, barred: Mapping[str, Discrepancy]) -> Match:
    """Without the barred among those whom it serves; held back when nobody is left."""
    gone = [barred[no] for no in match.students if no in barred]
    stay = [no for no in match.students if no not in barred]
    if not gone:
        return match
    if not stay:
        return replace(match, also=(), troubles=(*match.troubles, *gone[:1]))
    return replace(match, student_no=stay[0], also=tuple(stay[1:]), notes=(*match.notes, *gone))

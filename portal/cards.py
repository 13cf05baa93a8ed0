"""Students as the pages show them: name, centre, what is known of them, their other pictures."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from gradphoto.language import shown
from gradphoto.matching.kind import Kind
from gradphoto.matching.ledger import Ledger
from gradphoto.stages.season import Season
from gradphoto.states import STUDENT_WORDS, StudentState
from gradphoto.suggest import Waiting

MOST = 9
"""Students that have a key, 1 to 9."""
_PICTURES = 3


class Cards:
    """Every student of a season, by number."""

    def __init__(self, season: Season, ledger: Ledger) -> None:
        self._season, self._students = season, ledger.students
        self._pictures: dict[str, list[str]] = defaultdict(list)
        for match in season.matches:
            if match.student_no and match.classified.kind is Kind.PORTRAIT:
                self._pictures[match.student_no].append(match.sha256)

    @property
    def waiting(self) -> Waiting:
        """Students to be photographed who have no portrait that is theirs."""
        found: dict[str, set[str]] = defaultdict(set)
        for no, each in self._students.items():
            if each.state is not StudentState.INELIGIBLE and no not in self._pictures:
                found[each.student.centre].add(no)
        return found

    def name(self, student_no: str | None) -> str:
        """A student's name; empty for nobody."""
        standing = self._students.get(student_no or "")
        return standing.student.name if standing else ""

    def card(self, student_no: str, why: Sequence[str]) -> dict[str, Any]:
        """One student with the evidence for them in words."""
        standing = self._students[student_no]
        return {
            "student_no": student_no,
            "name": standing.student.name,
            "centre": self._season.inputs.campaign.centre(standing.student.centre).name,
            "why": [shown(one) for one in why],
            "photographed": standing.state is not StudentState.MISSING,
            "state": shown(STUDENT_WORDS[standing.state]),
            "ineligible": shown(self._season.ineligible.get(student_no, "")),
            "has_code": bool(self._season.bindings.codes.get(student_no)),
            "pictures": self._pictures.get(student_no, [])[-_PICTURES:],
        }

    def found(self, query: str) -> list[dict[str, Any]]:
        """The students whose number or name holds those words, at most as many as have a key."""
        words = query.strip()
        if not words:
            return []
        hits = (no for no, each in self._students.items() if words in no or words in each.student.name)
        return [self.card(no, ["按学号或姓名查到"]) for no, _ in zip(hits, range(MOST), strict=False)]

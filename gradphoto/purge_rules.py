"""What of a record stays after a purge: its lines without those of the purged. Pure, and a second time no change.

Numbers stay: a version is never used again, a decision keeps its place, a parcel its number.
"""

from collections.abc import Callable, Sequence

from gradphoto.adapters.journal import Line
from gradphoto.decision import Act
from gradphoto.layout import form, kind_of
from gradphoto.purge import Purge, in_force, mark


def redacted(purge: Purge, key: str, lines: Sequence[Line]) -> list[Line]:
    """The lines of the record `key` that stay; a kind that holds nothing of anybody stays as it is."""
    rule = _RULES.get(kind_of(key))
    return rule(_Rules(purge, key), lines) if rule else list(lines)


class _Rules:
    """One purge before one record."""

    def __init__(self, purge: Purge, key: str) -> None:
        found = form(key)
        self._name = (found.groupdict().get("name") or "") if found else ""
        self._centre = purge.scope.centre
        self._force = in_force([purge])

    def ingest(self, lines: Sequence[Line]) -> list[Line]:
        stay: list[Line] = []
        for line in lines:
            stone = self._force.dead.get(line["sha256"])
            if stone is None:
                stay.append(line)
            elif stone.successor:
                stay.append({**line, "sha256": stone.successor, "size": stone.successor_size})
        return stay

    def reading(self, lines: Sequence[Line]) -> list[Line]:
        return [line for line in lines if line["sha256"] not in self._force.dead]

    def render(self, lines: Sequence[Line]) -> list[Line]:
        return [line for line in lines if line["source"] not in self._force.dead]

    def decision(self, lines: Sequence[Line]) -> list[Line]:
        return [self._decision(line) for line in lines]

    def packed(self, lines: Sequence[Line]) -> list[Line]:
        if self._name == self._centre:
            return list(lines[:1])
        return [line for line in lines if not self._theirs(line.get("delivery") or line.get("absent") or {})]

    def printed(self, lines: Sequence[Line]) -> list[Line]:
        if self._name == self._centre:
            return list(lines[:1])
        return [line for line in lines if not self._theirs(line.get("print") or {})]

    def told(self, lines: Sequence[Line]) -> list[Line]:
        """Of who comes when the head stays: how the centre's windows were divided."""
        return [line for line in lines if "seat" not in line or not self._told(line["seat"])]

    def notice(self, lines: Sequence[Line]) -> list[Line]:
        """Of notices the head stays: that some were made, of which centre, in which files."""
        whole = bool(self._centre) and any(line.get("centre") == self._centre for line in lines[:1])
        return [line for line in lines if "notice" not in line or not (whole or self._theirs(line["notice"]))]

    def signoff(self, lines: Sequence[Line]) -> list[Line]:
        """A purged centre's signatures lose who gave them and the telephone beside them."""
        return [
            {**line, "who": "", "note": ""} if self._centre and line["centre"] == self._centre else line
            for line in lines
        ]

    def _told(self, seat: Line) -> bool:
        return self._name == self._centre or self._theirs(seat)

    def exported(self, lines: Sequence[Line]) -> list[Line]:
        return [line for line in lines if not self._theirs(line.get("photo") or {})]

    def parcel(self, lines: Sequence[Line]) -> list[Line]:
        return [{**self._addressed(line), "parcel": self._parcel(line["parcel"])} for line in lines]

    def address(self, lines: Sequence[Line]) -> list[Line]:
        """Who receives a centre's prints goes with the centre."""
        said = ((line, line.get("said") or line.get("confirmation") or {}) for line in lines)
        return [line for line, one in said if not self._centre or one.get("centre") != self._centre]

    def shipping(self, lines: Sequence[Line]) -> list[Line]:
        """A reason is whatever somebody wrote."""
        theirs = [line.get("centre") == self._centre and "reason" in line for line in lines]
        plain = [{name: said for name, said in line.items() if name != "reason"} for line in lines]
        return [less if gone else line for line, less, gone in zip(lines, plain, theirs, strict=True)]

    def _addressed(self, line: Line) -> Line:
        """Not even a digest is left of the address that a purged centre's parcel was released to."""
        if line["parcel"]["centre"] != self._centre or "released" not in line:
            return line
        return {**line, "released": {**line["released"], "address": ""}}

    def _decision(self, line: Line) -> Line:
        line = self._recall(line) if line.get("captures") else line
        if (
            line.get("capture") not in self._force.dead
            and mark(line.get("student_no") or "") not in self._force.marks
        ):
            return line
        kept: Line = {name: line[name] for name in ("number", "before", "who", "at") if name in line}
        return {**kept, "act": Act.PURGED.value}

    def _recall(self, line: Line) -> Line:
        """What a recall froze of others stays frozen, though whom it was about is gone."""
        left = [sha256 for sha256 in line["captures"] if sha256 not in self._force.dead]
        theirs = line.get("capture") in self._force.dead or mark(line.get("student_no") or "") in self._force.marks
        if theirs and left:
            line = {name: said for name, said in line.items() if name not in ("capture", "student_no", "reason")}
        return {**line, "captures": left}

    def _parcel(self, parcel: Line) -> Line:
        if parcel["centre"] == self._centre:
            return {**parcel, "prints": [], "portraits": 0}
        return {**parcel, "prints": [each for each in parcel["prints"] if not self._theirs(each)]}

    def _theirs(self, part: Line) -> bool:
        source = part.get("source_sha256") or part.get("source")
        return source in self._force.dead or mark(part.get("student_no", "")) in self._force.marks


_RULES: dict[str, Callable[[_Rules, Sequence[Line]], list[Line]]] = {
    "ingests": _Rules.ingest,
    "readings": _Rules.reading,
    "drafts": _Rules.render,
    "renders": _Rules.render,
    "decisions": _Rules.decision,
    "packed": _Rules.packed,
    "prints": _Rules.printed,
    "exports": _Rules.exported,
    "slots": _Rules.told,
    "signoffs": _Rules.signoff,
    "told": _Rules.notice,
    "parcels": _Rules.parcel,
    "addresses": _Rules.address,
    "shipping": _Rules.shipping,
}

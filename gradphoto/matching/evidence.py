"""What speaks for a match: the slate, the desk's rows of its code, the centre's window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.campaign import EVERY_CENTRE, Window
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.lanes import Shot
from gradphoto.matching.runs import Run


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: its `kind`, which student it speaks for (None: for nobody), where it stands."""

    kind: str
    says: str | None
    ref: str


def evidence_of(run: Run, rows: Mapping[str, Sequence[DeskRow]]) -> tuple[Evidence, ...]:
    """The slate that opened the run, and the desk's rows of the same code."""
    if run.opener is None or run.code is None:
        return ()
    owner = run.owner.student_no
    slate = Evidence("slate", owner, run.opener.classified.frame.original.path)
    desk = (Evidence("desk", row.student_no or owner, row.ref) for row in rows.get(run.code, []))
    return (slate, *desk)


def window_of(
    shot: Shot, owner: str | None, centre: str | None, windows: Sequence[Window]
) -> tuple[Evidence, ...]:
    """The centre's window, when the capture's time lies in it."""
    if shot.taken is None:
        return ()
    return tuple(
        Evidence("window", owner, f"{window.start:%H:%M}—{window.end:%H:%M}")
        for window in windows
        if owner and window.centre in (centre, EVERY_CENTRE) and window.start <= shot.taken <= window.end
    )

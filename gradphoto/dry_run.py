"""What a night changes: the season before it compared with the season after it. Pure.

A dry run tells it of a night that was tried on an overlay. The same comparison of a real night's two ends says
the same, so a dry run can be held against what then happened.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from config.frozen import Frozen
from gradphoto.bundle import changes
from gradphoto.matching.entry import Entry
from gradphoto.matching.ledger import Ledger
from gradphoto.original import Digest, Original
from gradphoto.packed import Packed
from gradphoto.run import CentreOutcome, Run
from gradphoto.states import FileState

Places = Mapping[Digest, Original]
"""Where each content lies first."""


class Ends(NamedTuple):
    """One end of a night: every file's state and each centre's newest bundle."""

    ledger: Ledger
    bundles: Mapping[str, Packed]


class Picture(Frozen):
    """One student's picture in a centre's next bundle."""

    student_no: str
    change: str
    """`added`, `replaced` or `removed`, as in the bundle's `changes.csv`."""
    session: str = ""
    path: str = ""
    """The file that is delivered; empty when the picture is removed."""


class CentreChange(Frozen):
    """What a night comes to for one centre."""

    centre: str
    result: str
    version: int
    """Of the newest bundle; 0 when there is none."""
    reason: str
    sha256: str
    """Of the newest bundle; empty when there is none."""
    pictures: tuple[Picture, ...]


class Waiting(Frozen):
    """A file that a person must look at and that was not so before, or for other reasons."""

    session: str
    path: str
    student_no: str | None
    reasons: tuple[str, ...]
    says: str
    """The reasons in Chinese."""


class SessionChange(Frozen):
    """What a night takes in of one session; `reason` is empty unless it failed before packing."""

    session: str
    files: tuple[str, ...]
    refused: tuple[str, ...]
    growing: tuple[str, ...]
    reason: str


class Changes(Frozen):
    """Everything that a night changes."""

    sessions: tuple[SessionChange, ...]
    centres: tuple[CentreChange, ...]
    pending: tuple[Waiting, ...]


def night_changes(before: Ends, after: Ends, run: Run) -> Changes:
    """What is different at the end of a night, whose run was recorded or would have been."""
    known = set(map(_file, before.ledger.entries))
    new: dict[str, list[str]] = defaultdict(list)
    for entry in after.ledger.entries:
        if _file(entry) not in known:
            new[entry.original.session].append(entry.original.path)
    places = {entry.original.sha256: entry.original for entry in reversed(after.ledger.entries)}
    return Changes(
        sessions=tuple(
            SessionChange(
                session=one.session,
                files=tuple(new.get(one.session, ())),
                refused=one.refused,
                growing=one.growing,
                reason=one.reason,
            )
            for one in run.sessions
        ),
        centres=tuple(_centre(outcome, before, after, places) for outcome in run.centres),
        pending=tuple(_waiting(before.ledger, after.ledger)),
    )


def _centre(outcome: CentreOutcome, before: Ends, after: Ends, places: Places) -> CentreChange:
    newest = after.bundles.get(outcome.centre)
    return CentreChange(
        centre=outcome.centre,
        result=outcome.result,
        version=newest.version if newest else 0,
        reason=outcome.reason,
        sha256=newest.sha256 if newest else "",
        pictures=tuple(_pictures(before.bundles.get(outcome.centre), newest, places)),
    )


def _pictures(before: Packed | None, after: Packed | None, places: Places) -> Iterator[Picture]:
    delivered = after.deliveries if after else ()
    sources = {one.student_no: one.source_sha256 for one in delivered}
    for one in changes(before.deliveries if before else None, delivered):
        place = places.get(sources.get(one.student_no, ""))
        where = {"session": place.session, "path": place.path} if place else {}
        yield Picture(student_no=one.student_no, change=one.change, **where)


def _waiting(before: Ledger, after: Ledger) -> Iterator[Waiting]:
    known = {(_file(entry), entry.reasons) for entry in _pending(before)}
    for entry in _pending(after):
        if (_file(entry), entry.reasons) not in known:
            yield Waiting(
                session=entry.original.session,
                path=entry.original.path,
                student_no=entry.student_no,
                reasons=tuple(reason.code for reason in entry.reasons),
                says="；".join(reason.text for reason in entry.reasons),
            )


def _pending(ledger: Ledger) -> Iterable[Entry]:
    return (entry for entry in ledger.entries if entry.state is FileState.PENDING)


def _file(entry: Entry) -> tuple[tuple[str, str, str], Digest]:
    return entry.original.place, entry.original.sha256

"""Bugs on purpose: each a tiny patch of the product, in this process only, and a short season in which it shows.

A model that finds none of them would be worth nothing. `sentence` says the bug, `planted` makes it, and `season`
is an example in which it shows, kept so that it is found at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import flows.asked
import gradphoto.decision
import gradphoto.matching.bindings
import gradphoto.matching.runs
import gradphoto.stages.ingest
import gradphoto.stages.intake
import gradphoto.stages.pack
import gradphoto.stages.season
import gradphoto.stages.seasons
import tasks.match
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Store
from gradphoto.matching.choose import best
from gradphoto.packed import newest
from gradphoto.stages.season import Season
from gradphoto.states import FileState
from tests.season_checks import Shelf, check, check_overtaken
from tests.season_model import Act
from tests.season_pool import CAMERAS, G0, G1, GUYUAN, L0, L1, SITTING, Y0, Y1, YANCHI, Shot
from tests.season_world import Killed, World, store_that_fails


@dataclass(frozen=True)
class Planted:
    """One bug; `where` and `name` say what is exchanged, `bug` makes the wrong one of the right one."""

    sentence: str
    where: Any
    name: str
    bug: Callable[[Any], Any]
    season: Callable[["Script"], None]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Within it the product has the bug."""
        right = vars(self.where)[self.name]
        wrong = self.bug(right)
        if isinstance(wrong, cached_property):
            wrong.__set_name__(self.where, self.name)
        setattr(self.where, self.name, wrong)
        try:
            yield
        finally:
            setattr(self.where, self.name, right)


class Script:
    """A season by hand, with the comparison after each night of everything."""

    def __init__(self) -> None:
        self.world, self.shelf = World(), Shelf()

    def come(self, *names: str, numbers: Sequence[int] = range(4)) -> None:
        """Sittings of the pool, or some of their files."""
        for name in names:
            self.world.arrive(SITTING[name], numbers)

    def night(self) -> None:
        """A good night of everything, compared with the model."""
        self.world.everything()
        check(self.world, self.shelf)

    def decide(self, kind: str, name: str, student_no: str = "") -> None:
        """About the first portrait of a sitting."""
        (first, *_) = (part for part in SITTING[name].parts if part.number)
        self.world.decide(Act(kind, Shot(first).sha256, student_no))


# ---- The seasons


def _undone(script: Script) -> None:
    script.come("Y1")
    script.night()
    script.decide("reject", "Y1")
    script.night()
    script.world.decide(Act("undo", undone=1))
    script.night()


def _rejected(script: Script) -> None:
    script.come("Y1")
    script.night()
    script.decide("reject", "Y1")
    script.night()


def _decided_and_closed(script: Script) -> None:
    script.come("Y1")
    script.world.close(YANCHI)
    script.world.until_nothing_changed()
    script.decide("reject", "Y1")
    script.world.until_nothing_changed()
    check(script.world, script.shelf)


def _two_in_a_row(script: Script) -> None:
    script.come("G0", "G1")
    script.night()


def _cut_between(script: Script) -> None:
    script.world.arrive(SITTING["G0"], (0, 1), cut=True)
    script.come("G0")
    script.night()


def _copied(script: Script) -> None:
    script.come("G0")
    script.world.copy_card(CAMERAS[1], GUYUAN)
    script.night()


def _late(script: Script) -> None:
    script.come("G0", numbers=(0,))
    script.night()
    script.come("G0", "G1")
    script.night()


def _moved(script: Script) -> None:
    script.come("G0", "G1")
    script.night()
    script.world.correct(G0.student_no, centre="xiji")
    script.night()


def _moved_from_elsewhere(script: Script) -> None:
    script.world.correct(Y0.student_no, centre="longde")
    script.come("Y0")
    script.night()
    script.world.correct(Y0.student_no, centre="xiji")
    script.night()


def _name_of_one_missing(script: Script) -> None:
    script.come("Y1")
    script.night()
    script.world.correct(Y0.student_no, name="王䶮")
    script.night()


def _second_version(script: Script) -> None:
    script.come("G0")
    script.night()
    script.come("G1")
    script.night()


def _log_grows(script: Script) -> None:
    script.come("L0", "L1")
    script.world.scan(GUYUAN, L0, L0)
    script.night()
    script.world.scan(GUYUAN, L1, L1)
    script.night()


def _log_put_back(script: Script) -> None:
    script.come("L1")
    script.world.scan(GUYUAN, L1, L1)
    script.night()
    script.world.scan(GUYUAN, G0, L1)
    script.night()
    script.world.mend_log(GUYUAN, {L1.capture_code: L1.student_no})
    script.night()


def _code_of_another(script: Script) -> None:
    script.come("G0", "G1")
    script.world.correct(G1.student_no, capture_code=G0.capture_code)
    script.night()


def _assigned_to_another(script: Script) -> None:
    script.come("Y1")
    script.night()
    script.decide("assign", "Y1", Y0.student_no)
    script.night()


def _overtaken(script: Script) -> None:
    script.come("Y1", "Y0")
    script.night()
    script.world.correct(Y1.student_no, name="王䶮")
    script.night()
    check_overtaken(script.world, script.shelf, older=1)


def _killed_after_the_zip(script: Script) -> None:
    script.come("Y1")
    call = _call_that_makes_a_zip()
    assert script.world.cut(lambda: script.world.night([YANCHI]), call, late=True)
    script.shelf.look(script.world.folder)
    script.world.correct(Y0.student_no, name="王䶮")
    script.night()


def _call_that_makes_a_zip() -> int:
    """The number of the call into the store in a season of the same beginning."""
    world = World()
    world.arrive(SITTING["Y1"], range(4))
    with store_that_fails(1 << 30, False, Killed) as seen:
        world.night([YANCHI])
    world.away()
    return seen.index("create_from") + 1


# ---- The bugs


def _as_before(right: Callable[..., Any]) -> Callable[..., Any]:
    def owner(opener: Any, bindings: Any, before: frozenset[str]) -> Any:
        found = right(opener, bindings, before)
        if len(before) != 1 or found.student_no is None:
            return found
        return gradphoto.matching.bindings.Owner(next(iter(before)), candidates=before)

    return owner


def _no_breaks(right: Callable[..., Any]) -> Callable[..., Any]:
    def cut(lane: Iterable[Any]) -> Any:
        return right(shot for shot in lane if shot.classified.kind != "break")

    return cut


def _any_of_two(right: Callable[..., Any]) -> Callable[..., Any]:
    def owner(self: Any, code: str) -> Any:
        bound = sorted(self.students.get(code, ()))
        if len(bound) < 2:
            return right(self, code)
        return gradphoto.matching.bindings.Owner(bound[0], candidates=frozenset(bound))

    return owner


def _also_rejected(_: object) -> cached_property[Any]:
    return cached_property(lambda self: dict(sorted(best(self.candidates.values()).items())))


def _first_snapshot(right: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[Path, Any] = {}

    def inputs(store: Any, number: int) -> Any:
        return kept.setdefault(store.root, right(store, number))

    return inputs


def _without_quarantined(right: Callable[..., Any]) -> Callable[..., Any]:
    def close(entries: Iterable[Any], *more: Any) -> Any:
        return right([one for one in entries if one.state is not FileState.QUARANTINED], *more)

    return close


def _never_decided(right: Callable[..., Any]) -> Callable[..., Any]:
    def digest(season: Season, session: str) -> Any:
        return right(replace(season, decisions=()), session)

    return digest


def _older_on_top(right: Callable[..., Any]) -> Callable[..., Any]:
    def recorded(store: Store, centre: str) -> Any:
        found = right(store, centre)
        return found and found.model_copy(update={"snapshot": 0})

    return recorded


def _by_source(right: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[str, bytes] = {}

    def tagged(store: Store, season: Season, student_no: str) -> bytes:
        source = season.chosen[student_no].match.sha256
        if source not in kept:
            kept[source] = right(store, season, student_no)
        return kept[source]

    return tagged


def _records_alone(_: object) -> Callable[..., Any]:
    def recorded(store: FolderStore, centre: str) -> Any:
        found = newest(store, centre)
        key = gradphoto.stages.pack.bundle_key(centre, found.version + 1 if found else 1)
        (store.root / key).unlink(missing_ok=True)
        return found

    return recorded


_STAGES = gradphoto.stages
BUGS = {
    "previous student": Planted(
        "A slate opens the student before: the wrong face.",
        gradphoto.matching.runs, "_owner", _as_before, _two_in_a_row,
    ),
    "undo": Planted(
        "An undone decision still counts.",
        gradphoto.decision, "_undone", lambda _: lambda _: set(), _undone,
    ),
    "rejected": Planted(
        "A capture that a person rejected is still chosen.",
        Season, "chosen", _also_rejected, _rejected,
    ),
    "decision unseen": Planted(
        "A decision is no news to a night of what changed.",
        flows.asked, "session_digest", _never_decided, _decided_and_closed,
    ),
    "no break": Planted(
        "What follows a broken file still counts as the student's before it.",
        gradphoto.matching.runs, "_cut", _no_breaks, _cut_between,
    ),
    "one of two": Planted(
        "Of two students with one code the first is believed.",
        gradphoto.matching.bindings.Bindings, "owner", _any_of_two, _code_of_another,
    ),
    "twice": Planted(
        "A duplicate is counted as one more capture.",
        _STAGES.intake, "distinct",
        lambda right: lambda files: ([*right(files)[0], *right(files)[1]], []), _copied,
    ),
    "uncounted": Planted(
        "A quarantined file is in no count.",
        _STAGES.season, "close_ledger", _without_quarantined, _cut_between,
    ),
    "late": Planted(
        "A file that comes late to a session is not taken in.",
        _STAGES.ingest, "_new",
        lambda right: lambda files, before: [] if before else right(files, before), _late,
    ),
    "old roster": Planted(
        "A corrected roster is not read again.",
        _STAGES.seasons, "load_inputs", _first_snapshot, _moved,
    ),
    "two centres": Planted(
        "The centre that a student left keeps the portrait in its bundle.",
        tasks.match, "centres_of",
        lambda right: lambda season, sessions, _: right(season, sessions, ()), _moved_from_elsewhere,
    ),
    "missing only": Planted(
        "A bundle of which only missing.csv differs makes no version.",
        _STAGES.pack, "differs",
        lambda _: lambda before, after: before is None or before.deliveries != after.deliveries,
        _name_of_one_missing,
    ),
    "changes": Planted(
        "changes.csv is against the first version, not the one before.",
        _STAGES.pack, "changes", lambda right: lambda _, after: right(None, after), _second_version,
    ),
    "old log": Planted(
        "Of a desk log that grew the older state wins.",
        _STAGES.intake, "recorded",
        lambda right: lambda *where: reversed(list(right(*where))), _log_grows,
    ),
    "log put back": Planted(
        "A desk log that is put back to an earlier state is not taken in.",
        _STAGES.ingest, "_standing", lambda _: lambda before: before, _log_put_back,
    ),
    "stale tags": Planted(
        "Tags are kept with the pixels, so a reassigned portrait has the old number.",
        _STAGES.pack, "_tagged", _by_source, _assigned_to_another,
    ),
    "older on top": Planted(
        "A night with older inputs publishes over one with newer ones.",
        _STAGES.pack, "_recorded", _older_on_top, _overtaken,
    ),
    "rewritten": Planted(
        "A zip that a crash left without its record is taken for none, and its version is written anew.",
        _STAGES.pack, "_recorded", _records_alone, _killed_after_the_zip,
    ),
}  # fmt: skip
"""By a short name."""

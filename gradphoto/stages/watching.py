"""Watching a session's folders while it is being photographed: what is new is read once and all judged again.

Readings live in memory as long as the watcher does. Nothing is written anywhere.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from gradphoto.adapters.arrivals import Arrivals, desk_logs
from gradphoto.adapters.following import moments
from gradphoto.adapters.imaging.models import NAMES, load
from gradphoto.adapters.inbox import Look, Refusal, SourceError, look
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.whole import hold_back
from gradphoto.kit import Kit
from gradphoto.original import Digest
from gradphoto.progress import Tick
from gradphoto.stages.check import BESIDE, Lying, needless, scene_of, season_of
from gradphoto.stages.glance import Glance, died, glance, unread
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.kit import inputs_of
from gradphoto.stages.season import Season
from gradphoto.venue import Report
from gradphoto.venue_report import report_of
from gradphoto.venue_said import frame_lines
from gradphoto.venue_scene import Scene, taken_of

Looker = Callable[[], Look]


class Venue:
    """One session's folders. Every method may be called from any thread.

    `sources` are folders of pictures with what the records would call them, `beside` folders or files elsewhere of
    which only the desks' logs count. With `inputs` the whole register of a workspace is known, else the kit's
    students. When `live` a look never waits: what is not whole yet is left for the next one.
    """

    def __init__(
        self,
        kit: Kit,
        sources: Sequence[tuple[Path, str]],
        *,
        workers: int,
        inputs: Inputs | None = None,
        beside: Sequence[Path] = (),
        live: bool = True,
    ) -> None:
        self.kit, self.inputs = kit, inputs or inputs_of(kit)
        self._workers, self._beside = workers, tuple(beside)
        self._lookers = [(_looker(path, live), name) for path, name in sources]
        self._turn = threading.Lock()
        self._seen: dict[Lying, Glance] = {}
        self._photographed: Mapping[str, datetime] = {}
        self._told: tuple[tuple[Season, tuple[Refusal, ...], datetime], Report] | None = None
        self.season = season_of(self.inputs, kit, {})
        self.growing: tuple[str, ...] = ()
        """What was not whole at the last look."""
        self.refused: tuple[Refusal, ...] = ()
        """What cannot be read at all, at the last look."""

    def warm(self) -> None:
        """Start the processes, so that the first shot does not wait for them."""
        with self._turn:
            list(each(_start, range(self._workers), self._workers))

    def look(self, begin: Callable[[int], Tick] = lambda _: lambda _: None) -> Report:
        """Read what is new and judge anew; cheap when nothing is. `SourceError` when a folder is gone.

        `begin` is told how many files there are to read, and returns what is called after some are.
        """
        with self._turn:
            files, growing, refused = self._files()
            new = [lying for lying in files if lying not in self._seen]
            if new or len(files) != len(self._seen):
                self._take(files, new, begin(len(new)))
            bad = [Refusal(lying.found.path, one.refusal) for lying, one in self._seen.items() if one.refusal]
            changed = [lying.found.path for lying in files if lying not in self._seen]
            self.growing, self.refused = (*growing, *changed), (*refused, *bad)
            return self.report()

    def report(self) -> Report:
        """The report as of the last look, by the minute that it is now."""
        of = (self.season, self.refused, self.now.replace(second=0, microsecond=0))
        if self._told is None or self._told[0] != of:
            self._told = (of, report_of(scene_of(self.season, self.kit, of[-1]), self.refused))
        return self._told[1]

    @property
    def scene(self) -> Scene:
        """The session as of the last look, by the time it is now."""
        return scene_of(self.season, self.kit, self.now)

    def photographed(self) -> Mapping[str, datetime]:
        """By student number when the first good portrait was taken, as of the last look."""
        return self._photographed

    def lines(self) -> Mapping[str, str]:
        """What is to be said of each frame, by its path, as of the last look."""
        return frame_lines(self.scene)

    def small(self, sha256: Digest) -> bytes:
        """A small JPEG of a capture; empty when there is none."""
        return next((one.small for one in self._seen.values() if one.sha256 == sha256), b"")

    @property
    def now(self) -> datetime:
        """The time of day where the campaign is."""
        return datetime.now(ZoneInfo(self.inputs.campaign.timezone)).replace(tzinfo=None)

    def _files(self) -> tuple[list[Lying], tuple[str, ...], tuple[Refusal, ...]]:
        looks = [(looker(), name) for looker, name in self._lookers]
        files = [Lying(name, found) for seen, name in looks for found in seen.files]
        here = {lying.found.identity for lying in files}
        logs = (found for place in self._beside for found in desk_logs(place))
        files += [Lying(BESIDE, found) for found in logs if found.identity not in here]
        growing = tuple(path for seen, _ in looks for path in seen.growing)
        return list(dict.fromkeys(files)), growing, tuple(each for seen, _ in looks for each in seen.refused)

    def _take(self, files: Sequence[Lying], new: Sequence[Lying], tick: Tick) -> None:
        skipped = needless(files, self.kit.session)
        kept = {lying: one for lying in files if (one := self._seen.get(lying))}
        kept |= {lying: _unasked(lying) for lying in new if lying in skipped}
        wanted = [lying.found for lying in new if lying not in skipped]
        sources = {lying.found: lying for lying in new}
        for found, seen in each(partial(glance, self.inputs.spec), wanted, self._workers):
            kept[sources[found]] = died(found) if isinstance(seen, Died) else seen
            tick(1)
        self._seen = {lying: kept[lying] for lying in files if not kept[lying].growing}
        usable = {lying: one for lying, one in self._seen.items() if one.sha256}
        self.season = season_of(self.inputs, self.kit, usable)
        self._photographed = _first_good(self.season)


class Watching(threading.Thread):
    """A thread that looks at a venue's folders whenever something changes there, until `stop`.

    `told` gets every report; a folder that is gone for a while is looked for again.
    """

    def __init__(
        self, venue: Venue, folders: Sequence[Path], told: Callable[[Report], None] = lambda _: None
    ) -> None:
        super().__init__(daemon=True)
        self.venue, self._folders, self._told = venue, folders, told
        self._stop_said = threading.Event()

    def run(self) -> None:
        """Look until somebody says stop."""
        for report in reports(self.venue, self._folders, self._stop_said):
            self._told(report)

    def stop(self) -> None:
        """Look no more; returns when the last look is over."""
        self._stop_said.set()
        self.join()

    def photographed(self) -> Mapping[str, datetime]:
        """As the venue has it; answers at once."""
        return self.venue.photographed()


def reports(
    venue: Venue, folders: Sequence[Path], stop: threading.Event, gone: Callable[[str], None] = lambda _: None
) -> Iterator[Report]:
    """A report whenever it may have changed; `gone` gets the line of a folder that cannot be opened."""
    venue.warm()
    for _ in moments(folders, stop):
        try:
            yield venue.look()
        except SourceError as trouble:
            gone(str(trouble))


def _looker(path: Path, live: bool) -> Looker:
    return Arrivals(path).look if live else lambda: hold_back(look(path))


def _start(_number: int) -> None:
    """Work of a process that only has to be there, with its networks loaded."""
    for name in NAMES:
        load(name)


def _unasked(lying: Lying) -> Glance:
    found = lying.found
    return unread(found.path, found.size, found.mtime_ns, reading=False)


def _first_good(season: Season) -> Mapping[str, datetime]:
    """Of each student the earliest portrait that may be delivered; the file's time where a camera wrote none."""
    zone = ZoneInfo(season.inputs.campaign.timezone)
    found: dict[str, datetime] = {}
    for one in season.candidates.values():
        stamp = datetime.fromtimestamp(one.match.classified.frame.original.mtime_ns / 1e9, zone).replace(
            tzinfo=None
        )
        for student_no in one.match.students if one.deliverable else ():
            at = taken_of(one.match) or stamp
            found[student_no] = min(at, found.get(student_no, at))
    return found

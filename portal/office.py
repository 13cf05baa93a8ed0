"""The office: one operator at one workspace, and what the pages have asked of its store so far.

The season that a page was made from is kept until the next page is loaded. A decision changes nothing about
which captures and students there are, so it needs no season made anew.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from config.settings import Settings
from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.decision import Decision
from gradphoto.matching.ledger import Ledger
from gradphoto.original import Digest
from gradphoto.stages.consign import ledger_of
from gradphoto.stages.decide import decisions_after, take_decision
from gradphoto.stages.journals import look_name
from gradphoto.stages.portraits import portrait_key
from gradphoto.stages.review import What
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import build_season, load_season
from gradphoto.stages.snapshot import current_inputs, newest_snapshot
from gradphoto.stages.thumbs import Size, Thumbs

_REMEMBERED = 1000
"""Decisions of which a second request is answered as the first was."""


class Office:
    """What the pages stand on. `who` is kept with every decision and look."""

    def __init__(self, store: Store, folder: Path, settings: Settings, who: str) -> None:
        self.store, self.who = store, who
        self.thumbs = Thumbs(store, folder, settings.workers)
        self._folder, self._settings = folder, settings
        self._season: Season | None = None
        self._captures: set[Digest] = set()
        self._told: OrderedDict[str, tuple[int, list[Decision]]] = OrderedDict()
        self._turn, self._reading = Lock(), Lock()

    def fresh(self) -> Season:
        """The season as the store has it now: whoever loads a page sees what was decided meanwhile."""
        with self._reading:
            number = newest_snapshot(self.store)
            season = load_season(self.store, number) if number else self._before_the_first_run()
            self._captures = {original.sha256 for original in season.captures}
            self._season = season
            return season

    @property
    def season(self) -> Season:
        """The season of the last page that was loaded."""
        return self._season or self.fresh()

    def ledger(self, season: Season) -> Ledger:
        """The state of every file and student."""
        return ledger_of(self.store, season)

    @property
    def now(self) -> str:
        """When, in the campaign's time, as records say it for people."""
        zone = ZoneInfo(self.season.inputs.campaign.timezone)
        return datetime.now(zone).isoformat(timespec="seconds")

    def picture(self, sha256: Digest, size: Size) -> bytes | None:
        """A capture to be shown; None for anything else, and where it cannot be."""
        return self.thumbs.picture(sha256, size) if self.season and sha256 in self._captures else None

    def portrait(self, source: Digest) -> bytes | None:
        """The pixels of a portrait by its original; None when there is none of the season's profile."""
        season = self.season
        render = season.renders.get(source)
        if render is None or render.crop is None:
            return None
        return self.store.read(portrait_key(look_name(season.inputs), source))

    def decide(self, what: What, after: int, key: str) -> tuple[int, list[Decision]]:
        """Keep a decision, once for each `key`; its number, and what others decided since `after`.

        `Overtaken` when one of these is on the same capture.
        """
        with self._turn:
            if key not in self._told:
                number = take_decision(self.store, self.who, self.now, after=after, **what)
                self._told[key] = number, list(decisions_after(self.store, after, number - 1))
                if len(self._told) > _REMEMBERED:
                    self._told.popitem(last=False)
            return self._told[key]

    def prepare(self, digests: Sequence[Digest]) -> None:
        """Make the pictures that a person will see next, in that order."""
        try:
            for _ in self.thumbs.batches(digests):
                pass
        except (StoreTrouble, OSError, RuntimeError):  # whoever asks for the picture itself is told
            return

    def _before_the_first_run(self) -> Season:
        return build_season(self.store, current_inputs(self.store, self._folder, self._settings))

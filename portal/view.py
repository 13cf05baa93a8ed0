"""What the portal's pages show, as the store has it: kept until a record is added.

Of a season it takes seconds. While a night adds records all the time it is not made anew for each page: what took
long is shown for five times as long.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from config.campaign import Campaign
from config.settings import Settings
from gradphoto.adapters.store import Store
from gradphoto.matching.ledger import Ledger, Standings
from gradphoto.retakes import Retake, retakes, standing_of
from gradphoto.stages.consign import ledger_of
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import build_season, load_season
from gradphoto.stages.snapshot import current_inputs, newest_snapshot
from gradphoto.stages.standing import Overview, follows_from, overview
from gradphoto.status import CentreStatus

_PATIENCE = 5
"""Times as long as it took to make, a view is shown though records were added."""


@dataclass(frozen=True)
class View:
    """The season at one moment, and what `status` tells of it."""

    season: Season
    ledger: Ledger
    overview: Overview

    @property
    def inputs(self) -> Inputs:
        """Those of the last run, or before it those of the workspace."""
        return self.season.inputs

    @property
    def campaign(self) -> Campaign:
        """The campaign of the season."""
        return self.season.inputs.campaign

    @cached_property
    def centres(self) -> dict[str, CentreStatus]:
        """Every centre's figures, in the campaign's order."""
        return {one.id: one for one in self.overview.status.centres}

    def students(self, centre: str) -> Sequence[Standings]:
        """A centre's students, by number."""
        return self.ledger.of_centre(centre)

    def retakes(self, centre: str) -> list[Retake]:
        """Who of a centre must come again, and when, as of now."""
        now = datetime.now(ZoneInfo(self.campaign.timezone)).replace(tzinfo=None)
        return retakes(self.campaign, map(standing_of, self.students(centre)), now)


class Views:
    """The newest view of a workspace."""

    def __init__(
        self, store: Store, folder: Path, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._folder, self._settings, self._clock = store, folder, settings, clock
        self._view: View | None = None
        self._of: str | None = None
        self._until = 0.0
        self._turn = Lock()

    def now(self) -> View:
        """The view; `BadInput` before the first run when an input cannot be used, `StoreTrouble`."""
        with self._turn:
            if self._view is None or self._clock() >= self._until:
                of = follows_from(self._store)
                if self._view is None or of is None or of != self._of:
                    began = self._clock()
                    self._view, self._of = self._made(), of
                    self._until = self._clock() + _PATIENCE * (self._clock() - began)
            return self._view

    def _made(self) -> View:
        number = newest_snapshot(self._store)
        if number:
            season = load_season(self._store, number)
        else:
            season = build_season(self._store, current_inputs(self._store, self._folder, self._settings))
        ledger = ledger_of(self._store, season)
        return View(season, ledger, overview(self._store, lambda: season))

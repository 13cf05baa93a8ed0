"""A dry run: the same night on an overlay of the store, in this process, of which nothing is kept.

No Prefect server is asked and nobody is told. Whatever is written goes into a folder for temporary files, which
needs room for the new originals, and is gone with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from config.settings import FILE
from flows.each import alone
from flows.order import Done, night
from flows.plan import Plan
from gradphoto.adapters.overlay import lay_over
from gradphoto.adapters.store import Store, open_store
from gradphoto.dry_run import Changes, Ends, night_changes
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season


class Tried(NamedTuple):
    """What came of a night that was only tried."""

    done: Done
    changes: Changes
    season: Season
    """As it would be afterwards."""


class StandIn(NamedTuple):
    """What a dry run works in instead: the address of the overlay and a folder in place of the workspace."""

    store: str
    workspace: Path


@contextmanager
def stand_in(workspace: Path, url: str) -> Iterator[StandIn]:
    """Within it there is an overlay over the store of that address, and a folder that shows the same inbox."""
    with TemporaryDirectory(prefix="gradphoto-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        place = scratch / "workspace"
        place.mkdir()
        (place / FILE).write_bytes((workspace / FILE).read_bytes())
        (place / "inbox").symlink_to(workspace / "inbox")
        yield StandIn(lay_over(url, scratch), place)


def try_night(plan: Plan, before: Season) -> Tried:
    """Try the night of a plan for a stand-in; `before` is the season as it stands."""
    store = open_store(plan.store, Path(plan.workspace))
    old = ends(store, before)  # before the night: it has the same bundles still
    done = night(plan, "nightly", alone)
    season = load_season(store, plan.snapshot)
    return Tried(done, night_changes(old, ends(store, season), done.run), season)


def ends(store: Store, season: Season) -> Ends:
    """How a season stands with the bundles that the store has by now."""
    bundles = bundles_of(store, season.inputs.campaign)
    return Ends(season.ledger(bundles.values()), bundles)

"""The season read from the store: made anew whenever a record was added, and kept in memory until then."""

from dataclasses import replace
from functools import lru_cache

from gradphoto.adapters.store import Store
from gradphoto.portrait import Render
from gradphoto.reading import Reading
from gradphoto.stages.intake import intake
from gradphoto.stages.journals import (
    load_decisions,
    load_readings,
    readings_journal,
    renders_journal,
)
from gradphoto.stages.known import Keys, era_of, first_by, forget, keys_of, lines_of, shelf
from gradphoto.stages.season import Season
from gradphoto.stages.snapshot import Inputs, load_inputs
from gradphoto.versions import READER


def load_season(store: Store, snapshot: int) -> Season:
    """The season with the inputs of one snapshot; whatever did not change since the last time is not made again.

    A purge puts other lines under keys that stay, so its own records count too.
    """
    told = (keys_of(store, "ingests"), keys_of(store, f"readings/{READER}"), keys_of(store, "decisions"))
    return _load(store, snapshot, era_of(store), told, keys_of(store, "renders"))


def forget_seasons() -> None:
    """Read everything again the next time: between its record and its receipt a purge rewrites others."""
    forget()
    for remembered in (_load, _unrendered, _intake_of):
        remembered.cache_clear()


def build_season(store: Store, inputs: Inputs) -> Season:
    """The season with these inputs, read from the records as they stand now."""
    return replace(
        intake(store, inputs),
        readings=load_readings(store),
        renders=first_by(lambda one: one.source, lines_of(renders_journal(store, inputs), Render)),
        decisions=load_decisions(store),
    )


@lru_cache(maxsize=2)
def _load(store: Store, snapshot: int, era: Keys, told: tuple[Keys, ...], _renders: Keys) -> Season:
    before = _unrendered(store, snapshot, era, told)
    lines = lines_of(renders_journal(store, before.inputs), Render, shelf(store, era))
    season = replace(before, renders=first_by(lambda one: one.source, lines))
    object.__setattr__(season, "unrendered", before)
    return season


@lru_cache(maxsize=2)
def _unrendered(store: Store, snapshot: int, era: Keys, told: tuple[Keys, ...]) -> Season:
    """The season as if nothing were rendered yet."""
    intake = _intake_of(store, snapshot, era, told[0])
    readings = first_by(lambda one: one.sha256, lines_of(readings_journal(store), Reading, shelf(store, era)))
    return replace(intake, readings=readings, decisions=load_decisions(store))


@lru_cache(maxsize=2)
def _intake_of(store: Store, snapshot: int, _era: Keys, _ingests: Keys) -> Season:
    return intake(store, load_inputs(store, snapshot))

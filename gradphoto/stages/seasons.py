"""The season read from the store: made anew whenever a record was added, and kept in memory until then."""

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from gradphoto.adapters.store import Store
from gradphoto.decision import Decision
from gradphoto.portrait import Render
from gradphoto.reading import Reading
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.intake import intake
from gradphoto.stages.journals import (
    decisions_journal,
    load_decisions,
    load_readings,
    readings_journal,
    renders_journal,
)
from gradphoto.stages.known import Keys, Numbers, era_of, first_by, forget, keys_of, lines_of, numbers_of, shelf
from gradphoto.stages.season import Season
from gradphoto.stages.snapshot import load_inputs


class Told(NamedTuple):
    """Which records there are, but for what came in."""

    era: Keys
    readings: Numbers
    decisions: Numbers
    renders: Numbers


def load_season(store: Store, snapshot: int) -> Season:
    """The season with the inputs of one snapshot; whatever did not change since the last time is not made again.

    A purge puts other lines under keys that stay, so its own records count too.
    """
    return _load(store, snapshot, keys_of(store, "ingests"), _told(store, snapshot))


def forget_seasons() -> None:
    """Read everything again the next time: between its record and its receipt a purge rewrites others."""
    forget()
    for remembered in (_load, _unrendered, _undecided, _intake_of):
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
def _load(store: Store, snapshot: int, ingests: Keys, told: Told) -> Season:
    before = _unrendered(store, snapshot, ingests, told._replace(renders=()))
    lines = lines_of(renders_journal(store, before.inputs), Render, shelf(store, told.era), told.renders)
    season = replace(before, renders=first_by(lambda one: one.source, lines))
    object.__setattr__(season, "unrendered", before)
    return season


@lru_cache(maxsize=2)
def _unrendered(store: Store, snapshot: int, ingests: Keys, told: Told) -> Season:
    """The season as if nothing were rendered yet."""
    before = _undecided(store, snapshot, ingests, told._replace(decisions=()))
    lines = lines_of(decisions_journal(store), Decision, shelf(store, told.era), told.decisions)
    season = replace(before, decisions=tuple(lines))
    object.__setattr__(season, "undecided", before)
    return season


@lru_cache(maxsize=2)
def _undecided(store: Store, snapshot: int, ingests: Keys, told: Told) -> Season:
    """The season as if nobody had decided anything yet, either."""
    intake = _intake_of(store, snapshot, told.era, ingests)
    lines = lines_of(readings_journal(store), Reading, shelf(store, told.era), told.readings)
    return replace(intake, readings=first_by(lambda one: one.sha256, lines))


@lru_cache(maxsize=2)
def _intake_of(store: Store, snapshot: int, _era: Keys, _ingests: Keys) -> Season:
    return intake(store, load_inputs(store, snapshot))


def _told(store: Store, snapshot: int) -> Told:
    renders = renders_journal(store, load_inputs(store, snapshot))
    decisions = tuple(decisions_journal(store).numbers())
    return Told(era_of(store), numbers_of(readings_journal(store)), decisions, numbers_of(renders))

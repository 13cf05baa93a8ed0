"""The records of runs: which centres failed, and which sessions were done with which inputs."""

from collections.abc import Iterable

from gradphoto.adapters.journal import Journal, dump_lines
from gradphoto.adapters.store import Store, digest
from gradphoto.run import CentreOutcome, Run
from gradphoto.stages.consign import ledger_of
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season
from gradphoto.states import FileState


def record_run(store: Store, run: Run) -> int:
    """Keep what a run did; returns its number."""
    return _journal(store).append([run.model_dump(mode="json")])


def runs(store: Store) -> list[Run]:
    """Every run, in order."""
    return [Run.model_validate(line) for _, lines in _journal(store).records() for line in lines]


def last_outcomes(done: list[Run]) -> dict[str, CentreOutcome]:
    """Each centre's newest outcome."""
    return {outcome.centre: outcome for run in done for outcome in run.centres}


def good_inputs(done: list[Run]) -> dict[str, str]:
    """By session, the digest of its inputs in the newest run that did it, if that was a good one."""
    found = {}
    for run in done:
        for session in run.sessions:
            found[session.session] = "" if session.reason or run.failed else session.inputs
    return found


def session_digest(season: Season, session: str) -> str:
    """Of everything that one session's part of the bundles follows from."""
    captures = sorted((one.path, one.sha256) for one in season.captures_by_session.get(session, ()))
    return digest(dump_lines([{"inputs": season.inputs.digest}, {"of": [captures, season.words_digest]}]))


def pending_files(store: Store, snapshot: int, sessions: Iterable[str]) -> dict[str, int]:
    """By session, how many files wait for a person."""
    season = load_season(store, snapshot)
    ledger = ledger_of(store, season)
    return {
        session: sum(entry.state is FileState.PENDING for entry in ledger.of_session(session))
        for session in sessions
    }


def _journal(store: Store) -> Journal:
    return Journal(store, "runs")

"""Requests to do a failed centre again: asked for on a page, begun by `serve`, settled by the run that follows."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from config.frozen import Frozen
from gradphoto.run import Run

State = Literal["waiting", "begun", "done"]
REQUEST_WORDS: dict[State, str] = {"waiting": "等待处理", "begun": "已开始", "done": "已处理"}


class Request(Frozen):
    """That somebody asked for a rerun of one centre."""

    number: int
    centre: str
    who: str
    """The invite by whose link they came in."""
    at: str
    """For people."""
    runs: int
    """How many runs were on record then: a later one with the centre settles it."""


class Begun(Frozen):
    """That a rerun was started for a request; it is never started again."""

    request: int
    at: str


class Standing(NamedTuple):
    """A request as it stands."""

    request: Request
    state: State


def standing(said: Iterable[Request | Begun], runs: Sequence[Run]) -> list[Standing]:
    """Every request with its state, in order; `runs` are all runs on record."""
    each = list(said)
    begun = {one.request for one in each if isinstance(one, Begun)}
    requests = [one for one in each if isinstance(one, Request)]
    return [Standing(one, _state(one, one.number in begun, runs)) for one in requests]


def _state(request: Request, begun: bool, runs: Sequence[Run]) -> State:
    later = (outcome for run in runs[request.runs :] for outcome in run.centres)
    if any(outcome.centre == request.centre for outcome in later):
        return "done"
    return "begun" if begun else "waiting"

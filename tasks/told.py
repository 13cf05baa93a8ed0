"""What a task tells the log: the ids among its arguments, and the counts in its result. Nothing of a capture."""

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

from gradphoto.log import Fact
from gradphoto.run import CentreOutcome, SessionOutcome

_IDS = ("session", "part", "centre")


def ids_of(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Fact]:
    """Which session, part or centre a call is about, as far as its arguments say."""
    given = signature(function).bind(*args, **kwargs).arguments
    return {name: given[name] for name in _IDS if name in given}


def facts_of(result: object) -> dict[str, Fact]:
    """What came of it, in numbers."""
    if isinstance(result, SessionOutcome):
        return {"added": result.added, "refused": len(result.refused), "growing": len(result.growing)}
    if isinstance(result, CentreOutcome):
        return {"result": result.result, "version": result.version}
    if isinstance(result, int | list):
        return {"count": result if isinstance(result, int) else len(result)}
    return {}

"""Nights by the hundred: what the workers make of a picture is remembered, all else is the real thing.

Reading and rendering are functions of their bytes alone, and most of a night's time. A sweep that cuts a night off
at a thousand points need not decode the same picture a thousand times. What is kept, when, and under which key is
what the program does itself, in this process, without workers.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from gradphoto.adapters.imaging.at_once import read_at_once
from gradphoto.adapters.imaging.render import render, rendered_before
from gradphoto.adapters.store import digest
from gradphoto.stages import read as read_stage
from gradphoto.stages import render as render_stage

_made: dict[tuple[object, ...], Any] = {}


@contextmanager
def remembered() -> Iterator[None]:
    """Within it no picture is read or rendered twice; a process that was forked within it goes on like that."""
    kept = (
        read_stage.each, read_stage.read_at_once,
        render_stage.each, render_stage.render, render_stage.rendered_before,
    )  # fmt: skip
    read_stage.each = render_stage.each = _in_turn  # type: ignore[assignment]
    read_stage.read_at_once = _read
    render_stage.render, render_stage.rendered_before = _render, _rendered_before
    try:
        yield
    finally:
        read_stage.each, read_stage.read_at_once = kept[:2]
        render_stage.each, render_stage.render, render_stage.rendered_before = kept[2:]


def _in_turn(function: Callable[[Any], Any], items: Sequence[Any], _workers: int) -> Iterator[tuple[Any, Any]]:
    return ((item, function(item)) for item in items)


def _read(data: bytes, sha256: str, name: str, spec: Any) -> Any:
    return _once(("read", sha256, name, repr(spec)), lambda: read_at_once(data, sha256, name, spec))


def _rendered_before(jpeg: bytes) -> Any:
    return _once(("before", digest(jpeg)), lambda: rendered_before(jpeg))


def _render(data: bytes, reading: Any, crop: Any, spec: Any) -> Any:
    return _once(
        ("render", digest(data), repr(reading), repr(crop), repr(spec)),
        lambda: render(data, reading, crop, spec),
    )


def _once(key: tuple[object, ...], make: Callable[[], Any]) -> Any:
    if key not in _made:
        _made[key] = make()
    return _made[key]

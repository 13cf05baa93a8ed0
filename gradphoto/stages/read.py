"""Read: each original once, in processes of their own; whoever kept a reading first is right."""

from collections.abc import Sequence
from functools import partial

from gradphoto.adapters.imaging.models import DamagedModel
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.limits import patience
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.store import Store, fetch
from gradphoto.original import Original
from gradphoto.progress import Tick
from gradphoto.reading import Reading
from gradphoto.stages.known import contents_read
from gradphoto.stages.season import readings_journal
from gradphoto.versions import READER

MAX_BYTES = 1 << 28
"""Above any camera's largest picture; a film is never loaded into a worker's memory."""


def read_shard(store: Store, captures: Sequence[Original], workers: int, tick: Tick = lambda _: None) -> int:
    """Read some captures and keep what was read as one record; returns how many of them had none before."""
    kept = contents_read(store, readings_journal(store))
    wanted = [original for original in captures if original.sha256 not in kept]
    readings: list[Reading] = []
    try:
        for original, reading in each(partial(_read_one, store), wanted, workers):
            readings.append(_death(original) if isinstance(reading, Died) else reading)
            tick(1)
    finally:
        if readings:  # also what a stop or a trouble left half done
            readings_journal(store).append([_line(reading) for reading in readings])
    return len(readings)


def _read_one(store: Store, original: Original) -> Reading:
    if original.size > MAX_BYTES:
        detail = f"{original.size >> 20} MB"
        return Reading(sha256=original.sha256, version=READER, trouble="too-large", detail=detail)
    data = fetch(store, "originals", original.sha256)  # a slow store is no picture's fault
    try:
        with patience():
            return read_original(data, original.sha256, original.name)
    except (OSError, ImportError, DamagedModel):
        raise  # the machine's fault or the installation's
    except Exception as trouble:  # an odd picture that nobody thought of costs itself, not the session
        return _death(original, type(trouble).__name__)


def _death(original: Original, detail: str = "") -> Reading:
    return Reading(sha256=original.sha256, version=READER, trouble="reader-died", detail=detail)


def _line(reading: Reading) -> dict[str, object]:
    return reading.model_dump(mode="json", exclude_defaults=True)

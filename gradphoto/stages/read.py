"""Read: each original once, in processes of their own; whoever kept a reading first is right.

A portrait that may be delivered is made of the same decoding, and kept before the reading is.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from config.spec import Spec
from gradphoto.adapters.imaging.at_once import AtOnce, read_at_once
from gradphoto.adapters.imaging.models import DamagedModel
from gradphoto.adapters.limits import patience
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.store import Store, digest, fetch
from gradphoto.original import Original
from gradphoto.portrait import Draft
from gradphoto.progress import Tick
from gradphoto.reading import Reading
from gradphoto.stages.journals import readings_journal
from gradphoto.stages.known import append, contents_read
from gradphoto.stages.portraits import Look, drafts_journal, keep_portrait
from gradphoto.versions import READER

MAX_BYTES = 1 << 28
"""Above any camera's largest picture; a film is never loaded into a worker's memory."""


class Read(NamedTuple):
    """What came of one original, and the portrait that is kept already."""

    reading: Reading
    draft: Draft | None = None


def read_shard(
    store: Store, look: Look, captures: Sequence[Original], workers: int, tick: Tick = lambda _: None
) -> int:
    """Read some captures and keep what was read as one record; returns how many of them had none before."""
    kept = contents_read(readings_journal(store))
    wanted = [original for original in captures if original.sha256 not in kept]
    done: list[Read] = []
    try:
        for original, one in each(partial(_read_one, store, look), wanted, workers):
            done.append(Read(_death(original)) if isinstance(one, Died) else one)
            tick(1)
    finally:
        _record(store, look, done)  # also what a stop or a trouble left half done
    return len(done)


def _record(store: Store, look: Look, done: Sequence[Read]) -> None:
    """What has a reading is not read again, so the portraits come first."""
    drafts = [one.draft.model_dump(mode="json") for one in done if one.draft]
    if drafts:
        append(drafts_journal(store, look), drafts)
    if done:
        append(readings_journal(store), [_line(one.reading) for one in done])


def _read_one(store: Store, look: Look, original: Original) -> Read:
    if original.size > MAX_BYTES:
        detail = f"{original.size >> 20} MB"
        return Read(Reading(sha256=original.sha256, version=READER, trouble="too-large", detail=detail))
    data = fetch(store, "originals", original.sha256)  # a slow store is no picture's fault
    reading, portrait = _read(data, original, look.spec)
    if not portrait:
        return Read(reading)
    jpeg = keep_portrait(store, look.name, original.sha256, portrait)
    return Read(reading, Draft(source=original.sha256, sha256=digest(jpeg)))


def _read(data: bytes, original: Original, spec: Spec) -> AtOnce:
    try:
        with patience():
            return read_at_once(data, original.sha256, original.name, spec)
    except (OSError, ImportError, DamagedModel):
        raise  # the machine's fault or the installation's
    except Exception as trouble:  # an odd picture that nobody thought of costs itself, not the session
        return AtOnce(_death(original, type(trouble).__name__))


def _death(original: Original, detail: str = "") -> Reading:
    return Reading(sha256=original.sha256, version=READER, trouble="reader-died", detail=detail)


def _line(reading: Reading) -> dict[str, object]:
    return reading.model_dump(mode="json", exclude_defaults=True)

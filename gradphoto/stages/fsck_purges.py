"""What purges mean for a look through a store: what is rightly gone, and what should be gone and is not."""

from collections.abc import Iterator

from gradphoto.adapters.store import StoreTrouble
from gradphoto.purge import Purge
from gradphoto.purges import purges_journal, receipts_journal
from gradphoto.stages.fsck_look import Look


def begin(look: Look) -> None:
    """Know what purges deleted before anything is followed; a damaged record is told of among the records."""
    every = _purges(look)
    look.purged = frozenset(key for purge in every.values() for key in purge.delete)
    look.dead = frozenset(stone.sha256 for purge in every.values() for stone in purge.tombstones)


def unfinished(look: Look) -> Iterator[str]:
    """A line for each purge without a receipt, and for each of which something still stands, as in an old copy."""
    done = {number for number, _ in receipts_journal(look.store).records()}
    for number, purge in _purges(look).items():
        left = [key for key in purge.delete if key in look.there]
        if number not in done:
            yield f"第 {number} 次销毁没有做完：请运行 gradphoto nightly"
        elif left:
            more = f" 等 {len(left)} 个对象" if len(left) > 1 else ""
            yield f"存储中的 {left[0]}{more}：第 {number} 次销毁后仍在，请运行 gradphoto purge --store"


def _purges(look: Look) -> dict[int, Purge]:
    """Those that can be read."""
    found, records = {}, purges_journal(look.store)
    for number in range(1, records.last() + 1):
        try:
            found[number] = Purge.from_lines(records.record(number))
        except (StoreTrouble, ValueError, LookupError, TypeError):
            look.broken.add("purges")
    return found

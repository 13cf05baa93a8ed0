"""Fsck: every stored byte read again and compared, every record read, every reference followed.

It changes nothing. What is wrong with one object is a line and stops nobody; `StoreTrouble` is raised when the
store itself does not answer. A run may be on meanwhile, though what it has not recorded yet can be named.
"""

from collections.abc import Callable
from re import Match
from typing import NamedTuple

from gradphoto.adapters.store import Store, content_key
from gradphoto.layout import derived, form, kind_of, listed
from gradphoto.progress import Tick
from gradphoto.stages.fsck_content import check_bundle, check_named, check_portrait, check_standing
from gradphoto.stages.fsck_look import Look
from gradphoto.stages.fsck_numbers import journals, lost_bundles, lost_records, unrecorded_bundles, versions
from gradphoto.stages.fsck_purges import begin, unfinished
from gradphoto.stages.fsck_records import check_record

_Check = Callable[[Look, str, Match[str]], None]
_CHECKS: dict[str, _Check] = {
    "originals": check_named,
    "inputs": check_named,
    "portraits": check_portrait,
    "bundles": check_bundle,
    "standings": check_standing,
}


class Examined(NamedTuple):
    """What a store came to: how many objects, their bytes in all, and a Chinese line for each fault."""

    objects: int
    bytes: int
    faults: list[str]


def fsck(store: Store, tick: Tick = lambda _: None) -> list[str]:
    """The faults of a store, a Chinese line each, in the same order every time; `tick` hears of each object."""
    return examine(store, tick).faults


def examine(store: Store, tick: Tick = lambda _: None) -> Examined:
    """The same with how much was read. Names and digests are held in memory, never the bytes of an object."""
    look = Look(store, {**listed(store), **derived(store)})
    begin(look)
    taken, made = journals(look.keys), versions(look.keys)
    lost = lost_records(taken)
    look.broken |= {kind_of(key) for key in lost}
    for kind, keys in look.keys.items():
        check = _CHECKS.get(kind, check_record)
        for key in keys:
            _examine(look, check, key)
            tick(1)
    look.faults += [*lost.values(), *lost_bundles(made, taken), *unrecorded_bundles(made, taken)]
    if not {"purges", "receipts"} & look.broken:  # else nobody knows what is rightly gone
        look.faults += look.missing(told=lost)
        look.faults += unfinished(look)
    _orphans(look)
    return Examined(len(look.there), sum(look.sizes.values()), look.faults)


def _examine(look: Look, check: _Check, key: str) -> None:
    size, found = look.read(key, look.store.size), form(key)
    if size is None:
        look.broken.add(kind_of(key))
        return
    look.sizes[key] = size
    if found:
        check(look, key, found)
    else:
        look.fault(f"存储中的 {key}：不认识的对象，不是本程序写下的，请查明来历后移走")


def _orphans(look: Look) -> None:
    """Originals of no session, in one line: an ingest that was cut off leaves some, a lost record many."""
    if "ingests" in look.broken:
        return
    known = {content_key("originals", sha256) for sha256 in look.recorded}
    orphans = [key for key in look.keys["originals"] if form(key) and key not in known]
    if orphans:
        more = f" 等 {len(orphans)} 个原片" if len(orphans) > 1 else ""
        look.fault(
            f"存储中的 {orphans[0]}{more}：没有收片记录，收片中断所致的，再收一次即补上；否则请从备份恢复 ingests/"
        )

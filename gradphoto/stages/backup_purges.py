"""A copy that was made before a purge still holds what was destroyed: known, named, and never copied back."""

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.purge_rules import redacted
from gradphoto.purges import purges


def is_before_purge(store: Store, target: Store, key: str) -> bool:
    """Whether a record of the copy is the store's own as it was before purges took lines out of it."""
    about = [purge for purge in purges(store).values() if key in purge.redact]
    if not about:
        return False
    prefix, _, name = key.rpartition("/")
    number = int(name.partition(".")[0])
    try:
        mine, theirs = (Journal(each, prefix).record(number) for each in (store, target))
    except StoreTrouble:
        return False
    for purge in about:
        theirs = redacted(purge, key, theirs)
    return _plain(theirs) == _plain(mine)


def still_held(store: Store, target: Store) -> list[str]:
    """A Chinese line for each purge of which a copy still holds something."""
    lines = []
    for number, purge in purges(store).items():
        held = sum(target.exists(key) for key in purge.delete)
        held += sum(is_before_purge(store, target, key) and _differ(store, target, key) for key in purge.redact)
        if held:
            lines.append(f"备份中还有第 {number} 次销毁（{purge.scope.text}）的 {held} 个对象")
    return lines


def _differ(store: Store, target: Store, key: str) -> bool:
    return target.exists(key) and store.digest(key) != target.digest(key)


def _plain(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """How many portraits a parcel's bundle has left follows from the bundle's own record."""
    return [{**line, "parcel": {**line["parcel"], "portraits": 0}} if "parcel" in line else line for line in lines]  # type: ignore[dict-item]

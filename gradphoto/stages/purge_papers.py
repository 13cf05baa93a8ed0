"""What a purge does in the workspace: unfinished ones are finished, receipts written, cached pictures removed."""

from pathlib import Path

from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.store import Store
from gradphoto.purge import Receipt, in_force
from gradphoto.purges import purges, purges_journal
from gradphoto.receipt import receipt_name, receipt_text
from gradphoto.stages.purge_apply import finish_purges

CACHE = "cache"
"""The workspace's folder of thumbnails."""


def complete_purges(store: Store, workspace: Path) -> list[Receipt]:
    """Finish what was confirmed and cut off, before anything else is done; the receipts of that."""
    if not purges_journal(store).last():
        return []
    _forget_pictures(store, workspace / CACHE)
    done = finish_purges(store)
    write_receipts(workspace, done)
    return done


def write_receipts(workspace: Path, done: list[Receipt]) -> list[Path]:
    """Write receipts into `reports/`; one that is there already counts as written."""
    files = [write_fresh(workspace / "reports", {receipt_name(one): receipt_text(one).encode()}) for one in done]
    return [path for fresh in files for path in fresh.paths]


def _forget_pictures(store: Store, cache: Path) -> None:
    dead = in_force(purges(store).values()).dead
    for path in cache.rglob("*"):
        if path.is_file() and path.name[:64] in dead:
            path.unlink()

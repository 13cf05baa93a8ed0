"""How much room a run is going to take, as far as that is known before it begins.

Where it is not known the lower figure is taken: nobody is refused who might fit, and a disk that fills all the
same ends in a named failure that loses nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from config.campaign import Campaign
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.found import Found
from gradphoto.adapters.room import in_passing, in_store
from gradphoto.adapters.store import Store
from gradphoto.layout import everything
from gradphoto.original import Original
from gradphoto.records import originals
from gradphoto.room import PORTRAIT, Need
from gradphoto.stages.backup import IN_MEMORY
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.ingest import news
from gradphoto.stages.runs import good_inputs, runs
from gradphoto.stages.todo import expected


def ingest_needs(store: Store, session: str, sources: Iterable[tuple[Path, str]]) -> list[Need]:
    """For taking in what is new in folders, each with its name in the records."""
    sizes = _sizes(_fresh(store, session, sources), originals(store, session))
    return [*in_store(store, sizes), *_spooled(store, sizes)]


def night_needs(
    store: Store, campaign: Campaign, folder: Path, sessions: Iterable[str], centres: Collection[str] = ()
) -> list[Need]:
    """For the sessions' originals, portraits and bundles, of these centres or all; each zip is made aside first.

    A session that a good run did counts only with what is new in its inbox since.
    """
    done, taken, portraits, touched = good_inputs(runs(store)), list[int](), 0, set[str]()
    for session in sessions:
        before = originals(store, session)
        new = _sizes(_fresh(store, session, [(folder / "inbox" / session, f"inbox/{session}")]), before)
        if new or not done.get(session):
            taken, portraits = taken + new, portraits + len(new) + (0 if done.get(session) else len(before))
            touched |= expected(campaign, session)
    wanted = touched & set(centres) if centres else touched
    old = [packed.bytes for centre, packed in bundles_of(store, campaign).items() if centre in wanted]
    bundles = old + [PORTRAIT] * portraits
    kept = taken + [PORTRAIT] * portraits + bundles
    return [*in_store(store, kept), *in_passing(bundles), *_spooled(store, taken)]


def backup_needs(store: Store, target: Store) -> list[Need]:
    """For what another store lacks; large objects pass through the folder for temporary files."""
    if not isinstance(target, FolderStore):
        return []
    sizes = [store.size(key) for key in everything(store) if not target.exists(key)]
    aside = [size for size in sizes if size > IN_MEMORY]
    return [*(need._replace(what="备份") for need in in_store(target, sizes)), *in_passing(sorted(aside)[-1:])]


def download_needs(to: Path, size: int, encrypted: bool = False) -> list[Need]:
    """For a bundle of `size` bytes, copied into a folder and unpacked aside to be verified.

    Of an encrypted one the open bundle stands aside too.
    """
    return [Need("目标文件夹", to.absolute(), [size]), *in_passing([size] * (1 + encrypted))]


def _fresh(store: Store, session: str, sources: Iterable[tuple[Path, str]]) -> Iterator[Found]:
    for path, name in sources:
        if path.is_dir():
            yield from news(store, session, path, name)


def _sizes(fresh: Iterable[Found], before: Iterable[Original]) -> list[int]:
    """Of the files that look new: the same card copied twice, or taken in from elsewhere, is kept once."""
    there = {(one.name, one.size, one.mtime_ns) for one in before}
    seen = {(found.path.rpartition("/")[2], found.size, found.mtime_ns) for found in fresh}
    return sorted(size for _, size, _ in seen - there)


def _spooled(store: Store, sizes: Sequence[int]) -> list[Need]:
    """One original at a time stands aside on its way to S3."""
    return [] if isinstance(store, FolderStore) else in_passing(sizes[-1:])
